"""The README's table of results, written from the judged claims: nobody types a number into it."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from pathlib import Path

from trisym.errors import TrisymError
from trisym.paths import ROOT
from trisym.storage import results
from trisym.storage.files import write_atomically
from trisym.thesis.claims import Judged, judge_all

README = ROOT / "README.md"
BEGIN = "<!-- results: begin (written by `make reproduce`) -->"
END = "<!-- results: end -->"
HEADLINES = (  # the claims that a reader asks for first
    *("sides-error", "mse-error", "sides-gain", "eq8", "fig9-blobs"),
    *("invariant", "invariant-far", "invariant-cause"),
    *("fig5a-plateau", "fig6b-plateau", "eq6-floor", "fig8-crossing"),
    *("energy-sides", "energy-latent", "energy-coordinates"),
    *("table5-i-sides", "table5-ii-sides", "table5-iii-sides", "fig12-i", "fig12-iii"),
)


def block(folder: Path = results.RESULTS) -> str:
    """Return what stands between the README's marks: the headlines, and what all took."""
    judged = judge_all(folder)
    chosen = [row for row in judged if row.claim.id in HEADLINES]
    head = ("thesis", "what it says", "printed", "by its protocol", "by ours", "verdict")
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    lines += [_line(row) for row in chosen]
    return "\n".join([*lines, "", _summary(judged), "", _effort(folder)])


def _line(row: Judged) -> str:
    claim = row.claim
    numbers = (_number(row.by_print), _number(row.ours))
    cells = (claim.place, claim.states, claim.printed, *numbers, row.verdict)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _number(values: Sequence[float]) -> str:
    if not values:
        return "–"
    mean = _rounded(statistics.fmean(values), 2)
    return mean if len(values) == 1 else f"{mean} ± {_rounded(statistics.stdev(values), 1)}"


def _rounded(value: float, digits: int) -> str:
    """Return a number with so many significant digits; a large one in full: 120, not 1.2e+02."""
    text = f"{value:.{digits}g}"
    return f"{float(text):.0f}" if "e+" in text else text


def _summary(judged: Sequence[Judged]) -> str:
    counts: dict[str, int] = {}
    for row in judged:
        counts[row.verdict] = counts.get(row.verdict, 0) + 1
    told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
    return (
        "Mean ± standard deviation over seeds. The verdict is by the thesis's own protocol where "
        f"it was run, for {sum(bool(row.by_print) for row in judged)} claims, else by ours; the "
        f"page *Claims* has all {len(judged)} with the rule of the verdicts: {told}."
    )


def _effort(folder: Path) -> str:
    cards = [results.load_card(name, folder) for name in results.names(folder)]
    minutes = sum(card.get("seconds", 0.0) for card in cards) / 60
    devices = {re.sub(r" \(\d+ threads?\)", "", card.get("device") or "") for card in cards}
    made_on = ", ".join(sorted(devices - {""}))
    return f"The {len(cards)} tables took {minutes:.0f} minutes together to make: {made_on}."


def updated(text: str, folder: Path = results.RESULTS) -> str:
    """Return a README with its block made anew; TrisymError where its marks are missing."""
    pattern = re.compile(rf"{re.escape(BEGIN)}\n.*?{re.escape(END)}", flags=re.DOTALL)
    if not pattern.search(text):
        raise TrisymError(f"The README must have the lines {BEGIN} and {END}.")
    return pattern.sub(lambda _: f"{BEGIN}\n{block(folder)}\n{END}", text)


def write(path: Path = README) -> None:
    """Write the README's results anew."""
    text = path.read_text(encoding="utf-8")
    write_atomically(path, updated(text).encode())
