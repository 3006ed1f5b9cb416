"""Notebooks: they run, and compute what the scene shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import trisym
from trisym.storage import results
from trisym.ui import exports
from trisym.ui.kit.notebook import IMPORTS, SCENE, with_scene
from trisym.ui.latent_space.scene import Scene as LatentScene
from trisym.ui.symmetry.scene import Scene


def made(page: str, folder: Path, *models: str) -> dict[str, Any]:
    file = trisym.export(page, folder / "out.ipynb", models)
    return json.loads(file.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def run(notebook: dict[str, Any]) -> dict[str, Any]:
    """Execute the code cells, as Jupyter does; return what they defined."""
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            exec(compile(cell["source"], cell["id"], "exec"), names)  # noqa: S102
    return names


@pytest.mark.parametrize("page", sorted(exports.PAGES))
def test_it_is_a_notebook_that_runs(page: str, tmp_path: Path) -> None:
    """Of format 4.5, https://nbformat.readthedocs.io/en/latest/format_description.html."""
    notebook = made(page, tmp_path)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert ids.count(SCENE) == 1
    code = {"cell_type", "id", "metadata", "source", "execution_count", "outputs"}
    for cell in notebook["cells"]:
        named = code if cell["cell_type"] == "code" else code - {"execution_count", "outputs"}
        assert cell.keys() == named
    names = run(notebook)
    assert len(names["numbers"]) > 0
    assert names["figure"].data


def test_the_symmetry_pages_numbers(tmp_path: Path) -> None:
    scene = Scene(pose=((0.1, 0.2, 0.3), (0.8, 0.2, 0.3), (0.5, 0.9, 0.3)), models=("mse-h3",))
    (row,) = run(made(f"symmetry?scene={scene.to_text()}", tmp_path))["numbers"].to_dict("records")
    triangle = torch.tensor(scene.pose)[None]
    model = trisym.load("mse-h3")
    rebuilt = model.decode(model.encode(triangle)).reshape(1, 3, 3)  # type: ignore[union-attr]
    for name, vertices in (("l", triangle), ("rebuilt l", rebuilt)):
        sides = trisym.geometry.side_lengths(vertices)[0].tolist()
        assert np.allclose([row[f"{name}{i}"] for i in (1, 2, 3)], sides, atol=1e-6)
    assert row["mean drift"] > 0.1  # this network sees motions


def test_an_own_model_is_loaded_from_its_file(tmp_path: Path) -> None:
    notebook = made("symmetry", tmp_path, "sides-h3")
    file = trisym.checkpoints.PRETRAINED / "perimeter-h3.safetensors"
    waiting = with_scene(notebook, {"pose": [0, 0, 0, 1, 0, 0, 0, 1, 0], "models": ["mine"]})
    for cell in waiting["cells"]:
        cell["source"] = cell["source"].replace("files = {}", f"files = {{'mine': {str(file)!r}}}")
    assert list(run(waiting)["numbers"]["model"]) == ["mine"]


def test_the_latent_point_is_decoded(tmp_path: Path) -> None:
    scene = LatentScene((0.5, 0.25, 1.0))
    names = run(made(f"latent_space?latent={scene.to_text()}", tmp_path))
    decoded = trisym.load("sides-h3").decode(torch.tensor([scene.latent])).reshape(1, 3, 3)  # type: ignore[union-attr]
    expected = trisym.geometry.side_lengths(decoded)[0].tolist()
    assert np.allclose(names["numbers"].loc[0, ["l1", "l2", "l3"]].astype(float), expected)


def test_spectra_are_the_recorded_ones(tmp_path: Path) -> None:
    """Six motions unseen by the network trained on sides, none by that on coordinates."""
    numbers = run(made("symmetries", tmp_path, "sides-h3", "mse-h3"))["numbers"]
    assert dict(zip(numbers["model"], numbers["not seen"], strict=True)) == {
        "sides-h3": 6,
        "mse-h3": 0,
    }


def test_energies_are_those_of_the_page(tmp_path: Path) -> None:
    """What sees the sides is nearest; the coordinates spread most over the poses."""
    numbers = run(made("energy", tmp_path))["numbers"].set_index("from")
    spread = numbers["spread over poses"]
    assert spread["sides"] < 1e-3 < spread["latent"] < spread["coordinates"]


def test_the_films_numbers_are_the_runs(tmp_path: Path) -> None:
    numbers = run(made("training", tmp_path))["numbers"]
    recorded = results.load("recorded-run")
    assert numbers["side_error"].iloc[-1] == pytest.approx(
        recorded["side_error"].iloc[-1], rel=0.05
    )


def test_a_scenes_texts_are_data() -> None:
    hostile = {"models": ['"""\'); import os #', "\\", "{}", "\u2028"]}
    waiting = {"cells": [{"id": SCENE, "source": ""}, {"id": "other", "source": "1"}]}
    cells = with_scene(waiting, hostile)["cells"]
    names: dict[str, Any] = {}
    exec(f"{IMPORTS}\n{cells[0]['source']}", names)  # noqa: S102
    assert names["scene"] == hostile
    assert cells[1]["source"] == "1"
