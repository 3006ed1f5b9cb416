"""The judged claims as a visitor reads them: filters, one row a claim, its view and its command."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from trisym.storage import results
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
from trisym.ui.kit.navigation import PAGES
from trisym.ui.kit.tables import csv, short

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


def all_judged() -> list[Judged]:
    """Return all claims with their verdicts: judged again where a result has changed."""
    return _judged(tuple((name, results.stamp(name)) for name in results.names()))


@st.cache_resource(show_spinner=False, max_entries=2)
def _judged(stamps: tuple[object, ...]) -> list[Judged]:
    return claims.judge_all()


def choose(judged: Sequence[Judged]) -> list[Judged]:
    """Ask for verdicts, a section and words; return the rows that fit, in their order."""
    counts = {verdict: sum(row.verdict == verdict for row in judged) for verdict in VERDICTS}
    verdicts = st.pills(
        "Verdicts",
        [verdict for verdict in VERDICTS if counts[verdict]],
        format_func=lambda verdict: f"{SHORT.get(verdict, verdict)} · {counts[verdict]}",
        selection_mode="multi",
        key="verdicts",
        bind="query-params",
    )
    left, right = st.columns([1, 2])
    sections = sorted({row.claim.section for row in judged})
    section = left.selectbox("Section", ["all", *sections], key="section", bind="query-params")
    words = right.text_input(
        "Search", placeholder="a figure, a table, a word", key="words", bind="query-params"
    )
    return [
        row
        for row in judged
        if (not verdicts or row.verdict in verdicts)
        and section in ("all", row.claim.section)
        and matches(row, words)
    ]


def matches(row: Judged, words: str) -> bool:
    """Say whether all words occur in what is shown of a row, whatever their case."""
    claim = row.claim
    shown = (claim.place, claim.states, claim.printed, claim.ran, row.verdict, claim.protocol)
    text = " ".join((*shown, str(claim.measure or ""), claim.reading)).lower()
    return all(word in text for word in words.lower().split())


def ours(row: Judged) -> str:
    """Our number as mean ± standard deviation over seeds; or why there is none."""
    if row.claim.reading:
        return row.claim.reading
    if not row.ours:
        return "–"
    text = f"**{short(row.mean)}**"
    if not math.isnan(row.spread):
        text += f" ± {short(row.spread)}"
    if len(row.ours) > 1:
        text += f" ({len(row.ours)} seeds)"
    if row.as_run:
        text += f"; as run **{short(sum(row.as_run) / len(row.as_run))}**"
    return text


def show(rows: Sequence[Judged]) -> None:
    """Show a card a claim, with a link to its view; a sentence where none fits."""
    if not rows:
        st.info("No claim fits: take fewer words, or another section.")
    for row in rows:
        with st.container(border=True):
            verdict, statement, numbers = st.columns([1.25, 3, 2.4])
            verdict.markdown(f"{BADGES[row.verdict]}  \n**{row.claim.place}**{_view(row)}")
            statement.markdown(row.claim.states)
            statement.caption(_made(row))
            numbers.markdown(_numbers(row))


def _view(row: Judged) -> str:
    """A link to the page that shows it, if there is one."""
    titles = {page.url_path: page.title for page in PAGES}
    page = row.claim.page
    return f"  \n[{titles[page]}]({page})" if page in titles else ""


def _numbers(row: Judged) -> str:
    """Printed, as run and ours, a line each."""
    lines = [f"printed: {row.claim.printed}"]
    if row.claim.ran:
        lines.append(f"as run: {row.claim.ran}")
    lines.append(f"{'read' if row.claim.reading else 'ours'}: {ours(row)}")
    return "  \n".join(lines)


def _made(row: Judged) -> str:
    """The comparison, what we did differently, and the command that makes our number."""
    if not row.claim.measure:
        return row.claim.rule
    parts = [row.claim.rule, row.claim.protocol, f"`{row.claim.command}`"]
    return " · ".join(part for part in parts if part)


def download(rows: Sequence[Judged]) -> None:
    """Offer the rows as claims.csv."""
    csv(lambda: as_table(rows), "claims", "Download these rows, numbers in full")
