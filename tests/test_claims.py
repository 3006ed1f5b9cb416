"""The rule of the verdicts, with cases that must not pass, and the verdicts themselves."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from trisym.errors import ConfigError
from trisym.experiments import RECIPES, THESIS
from trisym.storage import results
from trisym.thesis.claims import (
    FAILS,
    FAULTS,
    HOLDS,
    MISPRINT,
    NOT_MEASURED,
    NOT_REPRODUCED,
    OTHER_PROTOCOL,
    OURS,
    REPRODUCED,
    STATED,
    VERDICTS,
    WRONG,
    Claim,
    Judged,
    as_table,
    claims,
    judge,
    judge_all,
    verdict,
)
from trisym.thesis.statistics import Measure

MEASURE = Measure("table", "error")
CLAIM = Claim(
    id="error",
    place="§3.3",
    section="3.3",
    states="The error is 0.002.",
    printed="0.002",
    page="symmetry",
    compare="at most",
    aim=0.002,
    measure=MEASURE,
)
GOOD = (0.0019, 0.0021, 0.0018)
BAD = (0.02, 0.0019, 0.0018)  # one seed of three ended badly: the mean counts


@pytest.mark.parametrize(
    ("changes", "ours", "expected"),
    [
        ({}, GOOD, REPRODUCED),
        ({"protocol": "another optimiser"}, GOOD, OTHER_PROTOCOL),
        ({}, BAD, NOT_REPRODUCED),
        ({"protocol": "another optimiser"}, BAD, NOT_REPRODUCED),
        ({}, GOOD[:2], NOT_MEASURED),  # two seeds are too few
        ({"runs": 1}, GOOD[:1], REPRODUCED),
        ({}, (), NOT_MEASURED),
        ({}, (*GOOD[:2], math.nan), NOT_MEASURED),
        ({}, (0.0026, 0.0026, 0.0026), NOT_REPRODUCED),  # just over the quarter of room
        ({"room": 1.0}, (0.0021, 0.0021, 0.0021), NOT_REPRODUCED),
        ({"compare": "at least"}, GOOD, REPRODUCED),
        ({"compare": "at least"}, (0.001, 0.001, 0.001), NOT_REPRODUCED),
        ({"compare": "about"}, GOOD, REPRODUCED),
        ({"compare": "about"}, (0.0002, 0.0002, 0.0002), NOT_REPRODUCED),  # better is not about
        ({"compare": "about"}, (0.02, 0.02, 0.02), NOT_REPRODUCED),
        ({"compare": "exactly", "aim": 9.0}, (9.0, 9.0, 9.0), REPRODUCED),
        (
            {"compare": "exactly", "aim": 9.0},
            (9.0, 9.0, 10.0),
            REPRODUCED,
        ),  # the middle seed counts
        ({"compare": "exactly", "aim": 9.0}, (8.0, 10.0, 10.0), NOT_REPRODUCED),  # not the mean
        ({"compare": "exactly", "aim": 9.0}, (8.0, 8.0, 9.0), NOT_REPRODUCED),
    ],
)
def test_rule(changes: dict[str, object], ours: tuple[float, ...], expected: str) -> None:
    assert verdict(replace(CLAIM, **changes), ours) == expected


def test_a_number_that_only_the_notebooks_have_is_a_misprint() -> None:
    """Table 5, row ii: printed 2e-1, run 0.0196."""
    claim = replace(CLAIM, compare="about", aim=0.2, ran_aim=0.0196, room=1.5)
    assert verdict(claim, (0.02, 0.019, 0.021)) == MISPRINT
    assert verdict(claim, (0.2, 0.19, 0.21)) == REPRODUCED  # the print was right after all
    assert verdict(claim, (0.06, 0.06, 0.06)) == NOT_REPRODUCED  # neither


def test_a_rounded_number_is_no_misprint() -> None:
    """Fig. 11c: printed 4e-4, run 4.6e-4. Negative control: a print that is far from the run."""
    claim = replace(CLAIM, aim=4e-4, ran_aim=4.6e-4)
    ours = (5.1e-4, 5.2e-4, 5.3e-4)
    assert verdict(claim, ours) == REPRODUCED
    assert verdict(replace(claim, protocol="another optimiser"), ours) == OTHER_PROTOCOL
    assert verdict(claim, (6e-4, 6e-4, 6e-4)) == NOT_REPRODUCED
    assert claim.rule == "at most 0.0004, or 0.00046 of which that is rounded, factor 1.25"
    assert verdict(replace(claim, aim=3e-4), ours) == MISPRINT
    assert "rounded" not in replace(claim, aim=3e-4).rule


def test_a_formula_that_only_the_notebooks_have_is_a_misprint() -> None:
    """Eq. 8: as printed it learns the perimeter only."""
    claim = replace(CLAIM, ran_measure=Measure("as run", "error"))
    printed = (0.18, 0.18, 0.18)
    assert verdict(claim, printed, GOOD) == MISPRINT
    assert verdict(claim, GOOD, GOOD) == REPRODUCED
    assert verdict(claim, printed, printed) == NOT_REPRODUCED
    assert verdict(claim, printed, ()) == NOT_MEASURED


def test_what_we_state_ourselves_holds_or_does_not() -> None:
    claim = replace(CLAIM, source=OURS, printed="")
    assert verdict(claim, GOOD) == HOLDS
    assert verdict(claim, (0.18, 0.18, 0.18)) == FAILS


def test_arithmetic_needs_no_seeds_and_convicts() -> None:
    """n = 19, where it is 8."""
    claim = replace(CLAIM, compare="exactly", aim=19.0, exact=True)
    assert verdict(claim, (8.0,)) == MISPRINT
    assert verdict(claim, (19.0,)) == REPRODUCED
    assert verdict(claim, ()) == NOT_MEASURED


def test_a_contradiction_in_words_is_a_misprint() -> None:
    claim = replace(CLAIM, measure=None, aim=None, reading="Another page says otherwise.")
    assert verdict(claim, ()) == MISPRINT
    assert claim.rule == "read, not measured"
    assert claim.command == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"measure": None},
        {"reading": "words"},
        {"aim": None},
        {"compare": "roughly"},
        {"room": 0.5},
        {"room": 1000.0},
        {"source": "hearsay"},
        {"source": OURS},  # with something printed
        {"printed": ""},
        {"fault": "lie"},
        {"printed_measure": MEASURE},  # with no word of its protocol
        {"printed_protocol": "Adam"},  # with no numbers
    ],
)
def test_a_claim_that_can_not_be_judged_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        replace(CLAIM, **changes)


def test_numbers_are_looked_up_and_a_missing_table_is_said(tmp_path: Path) -> None:
    missing = judge(CLAIM, tmp_path)
    assert (missing.verdict, missing.ours) == (NOT_MEASURED, ())
    assert "python -m trisym reproduce table" in missing.why
    assert math.isnan(missing.mean)
    table = pd.DataFrame({"seed": [0, 1, 2], "error": GOOD})
    results.save("table", table, {}, tmp_path)
    found = judge(CLAIM, tmp_path)
    assert (found.verdict, found.ours) == (REPRODUCED, GOOD)
    assert found.mean == pytest.approx(table["error"].mean())
    assert found.spread == pytest.approx(table["error"].std())
    results.save("table", table.assign(error=10 * table["error"]), {}, tmp_path)
    assert judge(CLAIM, tmp_path).verdict == NOT_REPRODUCED


def two_protocols(folder: Path, printed: tuple[float, ...], seeds: int = 3) -> Judged:
    """Judge a claim whose table of ours passes, and that of the thesis's protocol holds these."""
    claim = replace(
        CLAIM,
        protocol="another optimiser",
        printed_protocol="Adam",
        printed_measure=Measure("thesis-table", "error"),
    )
    ours = pd.DataFrame({"seed": [0, 1, 2], "error": GOOD})
    results.save("table", ours, {}, folder)
    if printed:
        table = pd.DataFrame({"seed": range(seeds), "error": printed[:seeds]})
        results.save("thesis-table", table, {}, folder)
    return judge(claim, folder)


def test_the_thesis_s_own_protocol_comes_first(tmp_path: Path) -> None:
    """Ours passes throughout: it counts only where the other was not run with enough seeds."""
    missing = two_protocols(tmp_path, ())
    assert (missing.verdict, missing.by_print, missing.judged_by) == (OTHER_PROTOCOL, (), GOOD)
    few = two_protocols(tmp_path, (0.18, 0.18, 0.18), seeds=2)
    assert (few.verdict, few.by_print) == (OTHER_PROTOCOL, ())
    passed = two_protocols(tmp_path, (0.0018, 0.0017, 0.0019))
    assert (passed.verdict, passed.ours) == (REPRODUCED, GOOD)
    assert passed.judged_by == passed.by_print == (0.0018, 0.0017, 0.0019)
    failed = two_protocols(tmp_path, (0.18, 0.18, 0.18))
    assert (failed.verdict, failed.ours) == (NOT_REPRODUCED, GOOD)
    broken = two_protocols(tmp_path, (0.0018, math.nan, 0.0018))
    assert broken.verdict == OTHER_PROTOCOL


def test_a_print_that_its_own_protocol_contradicts_is_at_fault(tmp_path: Path) -> None:
    claim = replace(
        CLAIM,
        compare="about",
        aim=0.2,
        ran_aim=0.002,
        printed_protocol="Adam",
        printed_measure=MEASURE,
        runs=5,  # of ours; three are enough of the other
    )
    results.save("table", pd.DataFrame({"seed": [0, 1, 2], "error": GOOD}), {}, tmp_path)
    assert judge(claim, tmp_path).verdict == MISPRINT


def test_most_of_what_we_changed_is_judged_by_the_thesis_s_own_protocol() -> None:
    judged = judge_all()
    by_print = [row for row in judged if row.by_print]
    assert len(by_print) >= 25
    assert all(row.verdict != OTHER_PROTOCOL for row in by_print)


def test_a_ratio_of_two_networks_has_its_paired_test(tmp_path: Path) -> None:
    both = {"seed": [0, 1, 2], "error": GOOD, "other": (0.16, 0.15, 0.17)}
    results.save("table", pd.DataFrame(both), {}, tmp_path)
    alone = judge(CLAIM, tmp_path)
    ratio = replace(CLAIM, measure=Measure("table", "other", over=MEASURE), aim=82.0)
    test = judge(ratio, tmp_path).paired
    assert alone.paired is None
    assert test is not None
    assert test.low < test.ratio < test.high
    assert test.p < 0.001


def test_claims_are_many_and_named_once() -> None:
    stated = claims()
    assert len(stated) >= 40
    assert len({claim.id for claim in stated}) == len(stated)


def test_every_claim_names_recipes_that_exist() -> None:
    named = {name for claim in claims() for name in claim.recipes}
    assert named <= {*RECIPES, *THESIS}, named - {*RECIPES, *THESIS}


def test_no_number_of_ours_is_typed_in() -> None:
    """The file of claims has fields for the thesis's numbers only."""
    fields = set(re.findall(r"^(\w+) =", STATED.read_text(encoding="utf-8"), flags=re.MULTILINE))
    of_measures = {"table", "column", "where", "statistic"}
    of_the_thesis = {
        "id",
        "place",
        "section",
        "states",
        "printed",
        "ran",
        "page",
        "reading",
        "source",
    }
    of_the_rule = {
        "compare",
        "aim",
        "ran_aim",
        "room",
        "runs",
        "exact",
        "protocol",
        "printed_protocol",
        "arithmetic",
        "fault",
    }
    assert fields <= of_measures | of_the_thesis | of_the_rule


def test_all_judges_every_claim_from_the_shipped_results() -> None:
    judged = judge_all()
    assert [row.claim for row in judged] == claims()
    assert {row.verdict for row in judged} <= set(VERDICTS)
    for row in judged:
        if row.verdict == NOT_MEASURED:
            assert row.why or len(row.ours) < row.claim.runs
        elif not row.claim.reading:
            assert row.claim.measure is not None
            assert list(row.ours) == row.claim.measure.values()


def test_judging_without_results_claims_nothing(tmp_path: Path) -> None:
    verdicts = {row.verdict for row in judge_all(tmp_path)}
    assert verdicts <= {NOT_MEASURED, *FAULTS}
    assert all(row.claim.reading for row in judge_all(tmp_path) if row.verdict in FAULTS)


def test_the_table_has_a_row_a_claim() -> None:
    table = as_table(judge_all())
    assert len(table) == len(claims())
    assert set(table["verdict"]) <= set(VERDICTS)
    misprint = table.set_index("place").loc["§3.3.1"]
    assert WRONG in set(misprint["verdict"])
