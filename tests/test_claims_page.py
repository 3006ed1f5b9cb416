"""The page of claims: what a search finds, what a number says, and where a link leads."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Expander

from trisym.experiments.seed_grid import MEASURES
from trisym.thesis.claims import judge_all
from trisym.thesis.statistics import STATISTICS, Measure
from trisym.thesis.wording import PHRASES, said
from trisym.ui.claims.places import ANCHORS, view
from trisym.ui.claims.search import Reference, matches, references
from trisym.ui.claims.seeds import MEASURED, split
from trisym.ui.kit.folds import RESEARCHERS, TITLES
from trisym.ui.kit.navigation import CLAIMS, PAGES

ROOT = Path(__file__).resolve().parents[1]
judged = cache(judge_all)  # for the tests that need it, not for whoever collects them


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Fig. 16", [("fig", "16", "")]),
        ("figure 5a", [("fig", "5", "a")]),
        ("Fig. 14 b, c", [("fig", "14", "b"), ("fig", "14", "c")]),
        ("Table 5 ii", [("table", "5", "ii")]),
        ("Eqs. 9–11", [("eq", "9", ""), ("eq", "10", ""), ("eq", "11", "")]),
        ("Eqs. 5, 7", [("eq", "5", ""), ("eq", "7", "")]),
        ("§3.3.1", [("§", "3.3.1", "")]),
        ("Beside § 3.3", [("§", "3.3", "")]),
        ("16,000 equal figs", []),
    ],
)
def test_a_place_is_read_as_it_is_written(text: str, places: list[tuple[str, str, str]]) -> None:
    assert list(references(text)) == [Reference(*each) for each in places]


@given(st.text(st.sampled_from("figFIGtableeqs§. 0123456789,–-abcivx"), max_size=40))
def test_no_search_is_a_fault(words: str) -> None:
    assert isinstance(matches(judged()[0], words), bool)


def found(words: str) -> set[str]:
    return {row.claim.place for row in judged() if matches(row, words)}


@pytest.mark.parametrize("place", ["Fig. 16", "fig 16", "figure 16", "FIG.16"])
def test_fig_16_is_found_and_nothing_like_it(place: str) -> None:
    """A claim that mentions figure 16 in its words is found, too."""
    assert "Fig. 16" in found(place)
    for row in judged():
        if matches(row, place):
            claim = row.claim
            text = " ".join((claim.place, claim.states, claim.printed, claim.ran, claim.reading))
            assert re.search(r"(?i)fig(?:ure|\.)? ?16\b", text), claim.id


def test_a_part_finds_itself_and_a_whole_its_parts() -> None:
    assert found("Table 5 ii") == {"Table 5 ii"}
    assert found("table 5") >= {"Table 5 i", "Table 5 ii", "Table 5 iii"}
    assert "Fig. 5a" in found("Fig. 5")
    assert "§3.3.1" in found("section 3.3")
    assert found("Fig. 99") == set()
    assert found("xyzzy") == set()


def test_every_number_says_what_it_measures() -> None:
    for row in judged():
        if row.claim.measure:
            text = said(row.claim.measure, "NUMBER")
            assert text.count("NUMBER") == 1, row.claim.id
            assert len(text) > len("NUMBER") + 1, row.claim.id
            assert "_" not in text, row.claim.id


def test_every_statistic_has_its_words() -> None:
    assert set(PHRASES) == set(STATISTICS)


def test_numbers_are_read_aloud() -> None:
    loss = Measure("t", "mse")
    assert said(Measure("t", "mse", statistic="plateau"), "9 ± 0") == "loss level from h = 9 ± 0"
    assert said(Measure("t", "mse", over=Measure("t", "floor")), "1") == (
        "loss ÷ loss of the best guess: × 1"
    )
    assert said(Measure("t", "mse", over=loss), "4") == "loss, one ÷ the other: × 4"


def test_links_lead_to_headings_that_are_there() -> None:
    for page, anchors in ANCHORS.items():
        entry = next(each for each in PAGES if each.url_path == page)
        source = (ROOT / entry.path).read_text(encoding="utf-8")
        assert set(anchors.values()) <= set(re.findall(r'anchor="([\w-]+)"', source)), page
    leads = {row.claim.id: view(row.claim) for row in judged()}
    assert all(leads.values())
    assert leads["fig16-lowest"] == ("Latent space", "latent_space?evidence=true#nodes")


@pytest.fixture
def page() -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.query_params.update(words="Fig. 16")
    return app.switch_page(CLAIMS.path).run()


def lines(app: AppTest) -> list[Expander]:
    """What the claims fold into; below them is the fold for researchers."""
    return [each for each in app.expander if TITLES[RESEARCHERS] not in each.label]


def test_a_claim_is_one_line_that_opens(page: AppTest) -> None:
    assert not page.exception
    assert len(lines(page)) == len([row for row in judged() if matches(row, "Fig. 16")])
    assert "**Fig. 16**" in lines(page)[-1].label
    assert "(latent_space?evidence=true#nodes)" in lines(page)[-1].markdown[0].value


def test_all_claims_stand_in_folds_by_section() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(CLAIMS.path).run()
    sections = {row.claim.section for row in judged()}
    assert len(lines(app)) == len(sections)
    app.query_params.update({f"section-{section}": "true" for section in sections})
    app.run()
    assert len(lines(app)) == len(sections) + len(judged())


def test_an_open_claim_tells_both_protocols_and_how_sure_they_are(page: AppTest) -> None:
    page.query_params.update(words="3.3 82 times")
    page.run()
    (gain,) = (row for row in judged() if row.claim.id == "sides-gain")
    (text,) = (e.markdown[0].value for e in lines(page) if "82 times" in e.markdown[0].value)
    assert "paired t on logarithms, 3 seeds" in text
    assert gain.claim.printed_protocol in text
    assert ("judged" in text) == bool(gain.by_print)


def test_a_mean_has_its_interval(page: AppTest) -> None:
    """A ratio has none of its own: the paired test has it."""
    page.query_params.update(words="side loss 0.0020")
    page.run()
    texts = [each.markdown[0].value for each in lines(page)]
    assert any("seeds; 95 % of the mean: " in text for text in texts)
    for row in judged():
        if row.paired:
            assert row.paired.low < row.paired.ratio < row.paired.high


def test_a_grid_of_seeds_is_split_in_words() -> None:
    """Triangles decide all of one number here, and the weights all of the other."""
    pairs = [(data, weights) for data in range(3) for weights in range(3)]
    rows = [
        {"loss": loss, "data_seed": data, "seed": weights, **dict.fromkeys(MEASURES, 1.0)}
        | {"side_error": 1.0 + (data if loss == "sides" else weights)}
        for loss in ("sides", "mse")
        for data, weights in pairs
    ]
    table = split(pd.DataFrame(rows), "loss", MEASURED).set_index("number")
    shares = ["triangles", "weights", "rest"]
    assert table.loc["side error, side loss", shares].tolist() == ["100%", "0%", "0%"]
    assert table.loc["side error, MSE", shares].tolist() == ["0%", "100%", "0%"]
    assert table.loc["side error, side loss", "mean"] == "2.0"
