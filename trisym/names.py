"""One rule for the names of models and runs: in a card, a file name, the library, a scene, a page.

Letters are those of any script, in Unicode's normal form C (https://unicode.org/reports/tr15/).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain, count

from trisym.errors import ConfigError
from trisym.outside_text import quoted, shortened

LONGEST = 60  # characters: at most 240 bytes, which leaves room for an ending in a file's name
SIGNS = " ._+-"
UNTRAINED = "untrained"  # the network that no file holds
# Letters and marks by their category that nobody can see: fillers, joiners, variation selectors.
_NUMBER = re.compile(r"(?<=.)(?<!\bh)-([2-9]|[1-9][0-9]+)$")  # h-2 is a latent size, no count
INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
RULE = (
    f"A model's name has at most {LONGEST} letters, digits, blanks and . _ + -, "
    "and starts with a letter or a digit"
)


def check_name(name: str) -> None:
    """Raise ConfigError unless a model may be called so: in a file name, in a link, on a page."""
    if not (
        name[:1].isalnum()
        and unicodedata.is_normalized("NFC", name)
        and name == shortened(name, LONGEST)
        and all(map(_allowed, name))
    ):
        raise ConfigError(f"{RULE}; it can't be {quoted(name)}.")


def _allowed(sign: str) -> bool:
    kind = unicodedata.category(sign)
    if sign in INVISIBLE or "VARIATION SELECTOR" in unicodedata.name(sign, ""):
        return False
    return sign in SIGNS or kind[0] in "LN" or kind in ("Mn", "Mc")


def cleaned(typed: str) -> str:
    """Return what a visitor typed, in normal form and with single blanks; it may still be wrong."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def same(name: str) -> str:
    """Return what two names share that nobody should have to tell apart: `A-1` and `a-1`."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def numbered(name: str, number: int) -> str:
    """Return the name with this number behind it, in place of one from 2 on that it has there.

    It is cut where it would be too long.
    """
    ending = f"-{number}"
    stem = _NUMBER.sub("", name)[: LONGEST - len(ending)].rstrip()
    return unicodedata.normalize("NFC", stem) + ending


def free(wanted: str, taken: Iterable[str]) -> str:
    """Return the name, or with the first number behind it that no taken one is the `same` as."""
    alike = set(map(same, taken))
    names = chain([wanted], (numbered(wanted, number) for number in count(2)))
    return next(name for name in names if same(name) not in alike)
