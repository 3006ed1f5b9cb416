"""Recipes: their order, what is out of date, and what `reproduce` writes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from trisym import experiments
from trisym.__main__ import main
from trisym.errors import ConfigError, TrisymError
from trisym.experiments import BEYOND, RECIPES, THESIS, in_order, is_current, reproduce
from trisym.experiments.recipe import Recipe, RecipeContext
from trisym.storage import results


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two recipes, the second made from the first; the list says which ran."""
    ran: list[str] = []

    def first(context: RecipeContext) -> pd.DataFrame:
        ran.append("first")
        context.progress(1.0, "done")
        return pd.DataFrame({"value": [len(ran)]})

    def second(context: RecipeContext) -> pd.DataFrame:
        ran.append("second")
        return results.load("first", context.folder / "results") * 2

    fakes = {
        "second": Recipe("Twice the first", "0", second, needs=("first",)),
        "first": Recipe("How many ran", "0", first),
    }
    monkeypatch.setattr(experiments, "RECIPES", fakes)
    return ran


def test_a_recipe_comes_after_what_it_needs(count: list[str]) -> None:
    assert in_order(["second"]) == ["first", "second"]
    with pytest.raises(ConfigError, match="There is no recipe 'third'; there are: second, first"):
        in_order(["third"])


def test_a_table_is_out_of_date_when_what_it_was_made_from_changed(
    count: list[str], tmp_path: Path
) -> None:
    reproduce("first", tmp_path)
    assert is_current("first", tmp_path)
    assert not is_current("second", tmp_path)
    reproduce("second", tmp_path)
    assert is_current("second", tmp_path)
    assert results.load("second", tmp_path / "results").value.tolist() == [2]
    reproduce("first", tmp_path)  # now 3 ran: another table
    assert is_current("first", tmp_path)
    assert not is_current("second", tmp_path)


def test_what_is_needed_must_be_there(count: list[str], tmp_path: Path) -> None:
    with pytest.raises(TrisymError, match="python -m trisym reproduce first"):
        reproduce("second", tmp_path)
    assert count == []


def test_the_card_says_how_a_table_was_made(count: list[str], tmp_path: Path) -> None:
    reproduce("first", tmp_path)
    card = results.load_card("first", tmp_path / "results")
    assert card["command"] == "python -m trisym reproduce first"
    assert {"title", "section", "seconds", "device", "created", "versions"} < set(card)


def test_every_recipe_needs_only_recipes() -> None:
    assert set(in_order(list(RECIPES))) == set(RECIPES)


def test_the_command_wants_names_or_a_group() -> None:
    for arguments in ([], ["orbits", "--all"], ["--thesis", "orbits"]):
        result = CliRunner().invoke(main, ["reproduce", *arguments])
        assert result.exit_code == 1
        assert "Name the recipes to run, or give --all, --beyond or --thesis" in result.output


def test_the_list_names_every_recipe_in_its_group() -> None:
    result = CliRunner().invoke(main, ["reproduce", "--list"])
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert [line.split("(--")[1] for line in lines if "(--" in line] == [
        "all):",
        "beyond):",
        "thesis):",
    ]
    named = [line.split()[0] for line in lines if "(--" not in line]
    assert named == [*(n for n in RECIPES if n not in BEYOND), *BEYOND, *THESIS]


def test_the_thesis_s_results_stand_on_nothing_beyond_it() -> None:
    assert not set(in_order([name for name in RECIPES if name not in BEYOND])) & set(BEYOND)


def test_the_thesis_s_own_protocol_is_no_part_of_all() -> None:
    """Its names tell it apart, it needs its own tables only, and each has ours for a namesake."""
    assert not set(THESIS) & set(RECIPES)
    for name, recipe in THESIS.items():
        assert name.startswith("thesis-")
        assert set(recipe.needs) <= set(THESIS)
