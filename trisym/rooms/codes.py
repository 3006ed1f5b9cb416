"""Codes of rooms: four letters that can be read from a screen, called across a hall and typed.

No vowels, so that hardly a code is a word; no L, Q, V or Y, which are misread or misheard. What
four consonants can still say is left out by fragments.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable

LETTERS = "BCDFGHJKMNPRSTWXZ"
LENGTH = 4
LONGEST = 40  # of what is typed, blanks included
# Words without their vowels in the languages of the lessons, and signs of which one is too many.
RUDE = (
    "BCH BTC CCK CNT CRP DCK DMN FCK FGG FGT FKC FKN FTZ HTR JRK JZZ KCK KKK KNT MRD NCK "
    "NGG NGR NZ PNS PRC PRK PTN RPS RPT SCH SHT SS SX TTS TWT WCH WNK WTF XX"
)


def new_code(taken: Callable[[str], bool]) -> str:
    """Return a code that is nobody's."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        if is_decent(code) and not taken(code):
            return code


def is_decent(code: str) -> bool:
    """Say whether a code can stand on a screen before a class."""
    return not any(fragment in code for fragment in RUDE.split())


def as_typed(text: str) -> str | None:
    """Return the code that somebody typed, in any case and with blanks; None if it is none."""
    letters = "".join(unicodedata.normalize("NFKC", text[:LONGEST]).split()).upper()
    return letters if len(letters) == LENGTH and set(letters) <= set(LETTERS) else None
