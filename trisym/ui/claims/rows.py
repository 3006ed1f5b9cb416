"""The judged claims as a visitor reads them: filters, and one line a claim that opens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from trisym.thesis import claims
from trisym.thesis.claims import (
    FAILS,
    FAULTS,
    HOLDS,
    NOT_MEASURED,
    NOT_REPRODUCED,
    OTHER_PROTOCOL,
    REPRODUCED,
    VERDICTS,
    Judged,
    as_table,
)
from trisym.thesis.statistics import Measure, interval
from trisym.thesis.wording import said
from trisym.ui.claims.places import view
from trisym.ui.claims.search import matches
from trisym.ui.kit import linked
from trisym.ui.kit.tables import csv, rows_of, short

BADGES: Mapping[str, str] = MappingProxyType(
    {
        REPRODUCED: ":green-badge[:material/check: reproduced]",
        OTHER_PROTOCOL: ":blue-badge[:material/check: other protocol]",
        NOT_REPRODUCED: ":red-badge[:material/close: not reproduced]",
        **{fault: f":orange-badge[:material/edit: {fault}]" for fault in FAULTS},
        HOLDS: ":green-badge[:material/check: ours, holds]",
        FAILS: ":red-badge[:material/close: ours, does not hold]",
        NOT_MEASURED: ":gray-badge[:material/hourglass_empty: not measured yet]",
    }
)
SHORT: Mapping[str, str] = MappingProxyType({OTHER_PROTOCOL: "other protocol"})
IDS: Mapping[str, str] = MappingProxyType({v.replace(" ", "-"): v for v in VERDICTS})
LINE = 110  # characters of a statement that a line shows
ALL = "all"


def all_judged() -> list[Judged]:
    """Return all claims with their verdicts."""
    return claims.judge_all_shipped(claims.claims())


def choose(judged: Sequence[Judged]) -> list[Judged]:
    """Ask for verdicts, a section and words; return the rows that fit, in their order."""
    counts = {verdict: sum(row.verdict == verdict for row in judged) for verdict in VERDICTS}
    titles = {
        each: f"{SHORT.get(verdict, verdict)} · {counts[verdict]}"
        for each, verdict in IDS.items()
        if counts[verdict]
    }
    chosen = linked.some(st.pills, "Verdicts", titles, key="verdicts", selection_mode="multi")
    verdicts = {IDS[each] for each in chosen}
    left, right = st.columns([1, 2])
    with left:
        sections = {each: each for each in (ALL, *sorted({row.claim.section for row in judged}))}
        section = linked.one(st.selectbox, "Section", sections, key="section", start=ALL)
    with right:
        words = linked.words("Search", key="words", placeholder="a figure, a table, a word")
    return [
        row
        for row in judged
        if (not verdicts or row.verdict in verdicts)
        and section in (ALL, row.claim.section)
        and matches(row, words)
    ]


def show(rows: Sequence[Judged], *, by_section: bool) -> None:
    """Show a line a claim, which opens; a sentence where none fits.

    by_section: each section of the thesis as a fold, with what came of its claims.
    """
    if not rows:
        st.info("No claim fits: take fewer words, or another section.")
    if not by_section:
        _show(rows)
        return
    for section in sorted({row.claim.section for row in rows}):
        inside = [row for row in rows if row.claim.section == section]
        with linked.folded(_section(section, inside), key=f"section-{section}") as is_open:
            if is_open:
                _show(inside)


def _show(rows: Sequence[Judged]) -> None:
    for line, text in rows_of(rows, lambda row: (_line(row), _opened(row)), lambda r: r.claim.id):
        with st.expander(line):
            st.markdown(text)


def _section(section: str, rows: Sequence[Judged]) -> str:
    """The section, how many claims it has, and how many of each verdict."""
    verdicts = [row.verdict for row in rows]
    counts = {verdict: verdicts.count(verdict) for verdict in VERDICTS if verdict in verdicts}
    told = " ".join(f"{BADGES[verdict]} {count}" for verdict, count in counts.items())
    return f"**§{section}** {len(rows)} claim{'' if len(rows) == 1 else 's'}: {told}"


def _line(row: Judged) -> str:
    """The verdict, the place, what is stated, and our number with what it measures."""
    words = row.claim.states.split()
    while len(" ".join(words)) > LINE:
        words.pop()
    stated = " ".join(words)
    cut = "" if stated == row.claim.states else " …"
    number = f"  \n{_numbers(row)}" if row.ours or row.by_print else ""
    return f"{BADGES[row.verdict]} **{row.claim.place}** {stated}{cut}{number}"


def _numbers(row: Judged) -> str:
    """What the verdict is about: by the thesis's own protocol, with ours beside it, or ours."""
    if not row.by_print:
        return ours(row)
    return f"by its own protocol, {by_print(row)}; by ours, {ours(row)}"


def by_print(row: Judged) -> str:
    """The number of the thesis's own protocol, with what it measures."""
    measure = row.claim.printed_measure
    if measure is None or not row.by_print:
        return "–"
    return said(measure, _number(row.by_print))


def ours(row: Judged) -> str:
    """Our number as mean ± standard deviation over seeds, with what it measures."""
    measure = row.claim.measure
    if measure is None or not row.ours:
        return "–"
    text = said(measure, _number(row.ours))
    if row.as_run:
        as_run = row.claim.ran_measure
        assert isinstance(as_run, Measure)  # there are no numbers without one
        text += f"; as run, {said(as_run, _number(row.as_run))}"
    return text


def _number(values: Sequence[float]) -> str:
    mean = sum(values) / len(values)
    if len(values) == 1 or not math.isfinite(mean):
        return f"**{short(mean)}**"
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    return f"**{short(mean)} ± {short(spread)}**"


def _opened(row: Judged) -> str:
    """The whole row: printed, as run, ours, the rule, what we did differently, command and view."""
    claim = row.claim
    facts = {
        "stated": claim.states,
        "printed": claim.printed,
        "as run": claim.ran,
        "read": claim.reading,
        **_judged_numbers(row),
        "paired": _paired(row),
        "rule": claim.rule,
        "measured by": f"`{claim.command}`" if claim.command else "",
    }
    lines = [f"**{name}** {fact}" for name, fact in facts.items() if fact]
    if found := view(claim):
        title, address = found
        lines.append(f"[See it: {title}]({address})")
    return "  \n".join(lines)


def _judged_numbers(row: Judged) -> dict[str, str]:
    """Both protocols with their numbers and intervals; the one that is judged comes first."""
    claim = row.claim
    own = f"{ours(row)}{_seeds(row.ours, claim.measure)}" if row.ours else row.why
    if not row.by_print:
        to_come = claim.printed_protocol and f"not run yet: {claim.printed_protocol}"
        return {"ours": own, "protocol": claim.protocol, "the thesis's own protocol": to_come}
    judged = f"{by_print(row)}{_seeds(row.by_print, claim.printed_measure)}"
    return {
        "by the thesis's own protocol, judged": judged,
        "its protocol": claim.printed_protocol,
        "by ours, beside it": own,
        "our protocol": claim.protocol,
    }


def _seeds(values: Sequence[float], measure: Measure | None) -> str:
    """How many seeds a number has, and the interval of its mean; a ratio has its paired test."""
    low, high = interval(values)
    if not math.isfinite(low):
        return ""
    of_mean = f"; 95 % of the mean: {short(low)} to {short(high)}, Student's t"
    apart = low == high or (measure is not None and measure.over is not None)
    return f" ({len(values)} seeds{'' if apart else of_mean})"


def _paired(row: Judged) -> str:
    test = row.paired
    if test is None:
        return ""
    return (
        f"ratio × {short(test.ratio)} (geometric mean; 95 %: {short(test.low)} to "
        f"{short(test.high)}), paired t on logarithms, {test.pairs} seeds: p = {short(test.p)}"
    )


def download(rows: Sequence[Judged]) -> None:
    """Offer the rows as claims.csv."""
    csv(lambda: as_table(rows), "claims", "Download these rows, numbers in full")
