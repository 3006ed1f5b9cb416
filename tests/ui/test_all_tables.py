"""All tables of a fold as one zip: every table in full, and how it is made again."""

from __future__ import annotations

import io
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from trisym.errors import DataError
from trisym.storage import results
from trisym.ui.kit.all_tables import Table, zipped

ENERGY = Table("energy", lambda: "input,mse\nsides,1\n", ("energy",))


def unpacked(*tables: Table) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(zipped(tables, "The page: x"))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_every_table_comes_with_its_command() -> None:
    found = unpacked(ENERGY, Table("mine", lambda: "a\n1\n", ()))
    assert found.keys() == {"energy.csv", "mine.csv", "README.txt"}
    assert found["energy.csv"] == "input,mse\nsides,1\n"
    card = results.load_card("energy")
    readme = found["README.txt"]
    assert f"energy.csv\n    {card['command']}" in readme
    assert card["created"] in readme
    assert "mine.csv\n    computed in the app" in readme
    assert "The page: x" in readme


def test_what_two_results_make_names_both() -> None:
    readme = unpacked(Table("table-5", lambda: "a\n", ("hidden-h2", "energy")))["README.txt"]
    assert readme.count("python -m trisym reproduce") == 2


def test_one_that_can_t_be_made_takes_none_with_it() -> None:
    def fails() -> str:
        raise DataError("There is no such table.")

    found = unpacked(ENERGY, Table("gone", fails, ("gone",)))
    assert found.keys() == {"energy.csv", "README.txt"}
    assert "gone.csv is missing. There is no such table." in found["README.txt"]


def offering(count: int, inside: int) -> None:
    import pandas as pd  # AppTest runs the function's text by itself

    from trisym.ui.kit import all_tables
    from trisym.ui.kit.tables import csv

    with all_tables.together("here"):
        for number in range(inside):
            csv(lambda: pd.DataFrame({"a": [1]}), f"table-{number}")
    for number in range(inside, count):
        csv(lambda: pd.DataFrame({"a": [1]}), f"table-{number}")


@pytest.mark.parametrize(("inside", "zips"), [(3, 1), (2, 1), (1, 0), (0, 0)])
def test_several_tables_are_offered_together(inside: int, zips: int) -> None:
    """Those of the part itself, whatever is offered below it."""
    app = AppTest.from_function(offering, kwargs={"count": 4, "inside": inside}).run()
    assert not app.exception
    labels = [button.proto.label for button in app.get("download_button")]
    assert [label for label in labels if "zip" in label] == [
        f"All {inside} tables as one zip"
    ] * zips
    assert len(labels) == 4 + zips
