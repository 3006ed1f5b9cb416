"""Search in the claims: `Fig. 16` finds Fig. 16 and not 1,600; other words may stand anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trisym.thesis.claims import Judged

KINDS = {"fig": "fig", "tab": "table", "eq": "eq", "sec": "§", "§": "§"}
# Fig. 16, figure 5a, Figs. 6, 7, Table 5 ii, Eqs. 9–11, § 3.3.1, section 4
REFERENCE = re.compile(
    r"(?P<kind>\bfig|\btab|\beq|\bsec|§)[a-z]*\.?\s*"
    r"(?P<numbers>\d+(?:\.\d+)*(?:\s*(?:,|–|-|and)\s*\d+)*)"
    r"(?P<parts>\s*\b(?:[ivx]+|[a-z])\b(?:\s*,\s*\b[a-z]\b)*|(?<=\d)[a-z]\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reference:
    """A place of the thesis: its kind (fig, table, eq, §), its number, and a part of it if any."""

    kind: str
    number: str
    part: str = ""

    def holds(self, other: Reference) -> bool:
        """Say whether another place is this one or lies in it."""
        within = other.number == self.number or (
            self.kind == "§" and other.number.startswith(f"{self.number}.")
        )
        return self.kind == other.kind and within and self.part in ("", other.part)


def references(text: str) -> Iterator[Reference]:
    """Return the places that a text names."""
    for found in REFERENCE.finditer(text):
        kind = KINDS[found["kind"].lower()]
        parts = re.findall(r"[a-z]+", (found["parts"] or "").lower()) or [""]
        for number in _numbers(found["numbers"]):
            for part in parts:
                yield Reference(kind, number, part)


def _numbers(text: str) -> Iterator[str]:
    """Return 9, 10, 11 for `9–11`, and 5, 7 for `5, 7`."""
    for each in re.split(r"\s*(?:,|and)\s*", text):
        first, *last = re.split(r"\s*[–-]\s*", each)
        yield from map(str, range(int(first), int(last[0]) + 1)) if last else [first]


def matches(row: Judged, words: str) -> bool:
    """Say whether a row names every place that is asked for, and has every other word."""
    if not words.strip():
        return True
    claim = row.claim
    shown = (
        claim.states,
        claim.printed,
        claim.ran,
        row.verdict,
        claim.protocol,
        claim.printed_protocol,
    )
    text = " ".join((claim.place, *shown, str(claim.measure or ""), claim.reading))
    named = set(references(text))
    places = all(any(asked.holds(each) for each in named) for asked in references(words))
    rest = REFERENCE.sub(" ", words).lower().split()
    return places and all(word in text.lower() for word in rest)
