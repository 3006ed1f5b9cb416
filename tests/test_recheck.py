"""`reproduce --check`: what is as stored is said to be so, and what is not is found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from trisym.errors import TrisymError
from trisym.storage import checkpoints, results
from trisym.thesis import readme_table, recheck

TABLE = pd.DataFrame({"set": ["a", "b"], "x": [1.0, 2.0], "n": [1, 2]})


def test_a_finding_within_its_tolerance_has_not_drifted() -> None:
    finding = recheck.Finding("m", "mse", 1.0, 1.05, 0.1)
    assert not finding.drifted
    assert replace(finding, found=1.2).drifted
    assert replace(finding, found=float("nan")).drifted


@pytest.mark.parametrize(
    ("after", "cells"),
    [
        (TABLE, 0),
        (TABLE.assign(x=[1.0, 2.0 + 1e-5]), 0),
        (TABLE.assign(x=[1.0, 2.1]), 1),
        (TABLE.assign(set=["a", "c"]), 1),
        (TABLE.assign(x=[1.0, float("nan")]), 1),
        (TABLE.head(1), 6),
        (TABLE.rename(columns={"x": "y"}), 6),
    ],
)
def test_tables_are_compared_cell_by_cell(after: pd.DataFrame, cells: int) -> None:
    found = recheck.compare("t", TABLE, after)
    assert found.found == cells
    assert found.drifted == (cells > 0)


def test_a_missing_text_is_itself_and_an_infinite_number_hides_no_other() -> None:
    table = pd.DataFrame({"loss": ["sides", None], "x": [float("inf"), 1.0]})
    assert not recheck.compare("t", table, table.copy()).drifted
    assert recheck.compare("t", table, table.assign(x=[float("inf"), 2.0])).found == 1
    assert recheck.compare("t", table, table.assign(loss=["sides", "mse"])).found == 1


def test_quick_tables_are_made_again_and_a_forged_one_is_found(tmp_path: Path) -> None:
    table, card = results.load("exact"), results.load_card("exact")
    results.save("exact", table, card, tmp_path / "results")
    assert [finding.drifted for finding in recheck.check_tables(tmp_path)] == [False]
    results.save("exact", table.assign(value=1.0), card, tmp_path / "results")
    assert [finding.drifted for finding in recheck.check_tables(tmp_path)] == [True]


def test_what_took_long_is_left_alone(tmp_path: Path) -> None:
    card = {**results.load_card("exact"), "seconds": 1000.0}
    results.save("exact", results.load("exact"), card, tmp_path / "results")
    assert list(recheck.check_tables(tmp_path)) == []


def test_the_readme_holds_what_the_results_say() -> None:
    text = readme_table.README.read_text(encoding="utf-8")
    assert readme_table.updated(text) == text, "python -m trisym reproduce --readme writes it anew"


def test_a_readme_without_its_marks_is_refused() -> None:
    with pytest.raises(TrisymError, match="must have the lines"):
        readme_table.updated("# nothing")


def test_the_block_follows_the_results(tmp_path: Path) -> None:
    text = f"before\n{readme_table.BEGIN}\nan earlier block\n{readme_table.END}\nafter"
    made = readme_table.updated(text, tmp_path)
    assert "an earlier block" not in made
    assert made.startswith("before")
    assert "not measured yet" in made


def test_a_model_whose_card_claims_too_much_is_found(tmp_path: Path) -> None:
    model, card = checkpoints.read(results.PRETRAINED / "sides-h3.safetensors")
    checkpoints.save(model, card, tmp_path / "honest.safetensors")
    assert not any(finding.drifted for finding in recheck.check_models(tmp_path))
    claimed = {**card.metrics, "side_error": 0.8 * card.metrics["side_error"]}
    checkpoints.save(model, replace(card, metrics=claimed), tmp_path / "honest.safetensors")
    drifted = [finding.what for finding in recheck.check_models(tmp_path) if finding.drifted]
    assert drifted == ["side_error"]
