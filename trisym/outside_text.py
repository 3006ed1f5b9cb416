"""Text from outside (links, cards, files, names): shortened, and never markup where it is shown.

Streamlit's Markdown is CommonMark with tables, links from bare addresses, $formulas$ and
:directives: (https://docs.streamlit.io/develop/api-reference/text/st.markdown).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

LONGEST = 200  # characters of one text from outside
LONGEST_SENTENCE = 800  # of ours, with such texts in it
QUOTED = 60  # characters of a value that a refusal repeats

# Told apart from a space, so that a break does not glue two words together.
BREAKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029")
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn")  # controls, marks of direction, halves of pairs, no signs
JOINER = "\u2060"  # takes no room, and breaks up what Streamlit looks for after Markdown was read

MARKUP = re.compile(r"[\\`*_\[\]<&$~|]")
AT_THE_START = re.compile(r"^(\s*)(?:([-+*>#=])|(\d{1,9})([.)]))")
# https://…, :red[…], :smile:, www.…, name@host; and -- -> <- >= <= ~= which become other signs.
LOOKED_FOR = re.compile(r":(?=\S)|@(?=\S)|(?i:www)(?=\.)|[-<>~](?=[->=])")
CODE = re.compile(r"(`[^`]+`)")
MOST_MARKS = 3  # on one letter; Hebrew and Thai need two, a tower of thirty covers the page
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula


def shortened(text: str, most: int = LONGEST) -> str:
    """Return a text on one line, without what can't be seen, with at most so many characters."""
    spaced = "".join(" " if sign in BREAKS else sign for sign in text[: 4 * most])
    line = " ".join("".join(_seen(spaced)).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _seen(text: str) -> Iterator[str]:
    marks = 0
    for sign in text:
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind == "Mn" else 0
        if kind not in HIDDEN and marks <= MOST_MARKS:
            yield sign


def quoted(value: object) -> str:
    """Return a value as a refusal repeats it: like `repr`, but short."""
    if isinstance(value, str):
        return f"'{shortened(value, QUOTED)}'"
    return shortened(repr(value), QUOTED)


def in_markdown(text: str, most: int = LONGEST) -> str:
    """Return Markdown that shows exactly this text, on one line and shortened."""
    return _escaped(shortened(text, most))


def sentence(text: str) -> str:
    """Return Markdown for a sentence of ours in which texts from outside may stand.

    What is between backticks stays code, where nothing is markup; all else is shown as it is.
    """
    parts = CODE.split(shortened(text, LONGEST_SENTENCE))
    return "".join(part if CODE.fullmatch(part) else _escaped(part) for part in parts)


def _escaped(text: str) -> str:
    apart = LOOKED_FOR.sub(lambda found: found[0] + JOINER, text)
    escaped = MARKUP.sub(r"\\\g<0>", apart)
    return AT_THE_START.sub(_start_escaped, escaped)


def _start_escaped(found: re.Match[str]) -> str:
    blanks, sign, number, dot = found.groups()
    return f"{blanks}\\{sign}" if sign else f"{blanks}{number}\\{dot}"


def in_cell(text: str) -> str:
    """Return a text for a cell of a CSV file that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
