"""A scene as a Jupyter notebook: what a view shows, in numbers, by the public library alone.

A view's cells are in notebook.txt of its page's folder, in the percent format
(https://jupytext.readthedocs.io/en/latest/formats-scripts.html); the scene is one of the cells.
The file's format is nbformat 4.5: https://nbformat.readthedocs.io/en/latest/format_description.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trisym import citation
from trisym.version import __version__

SCENE = "scene"  # the cell that what one sees is put into, by the browser or here
IMPORTS = """import json

import numpy as np
import pandas as pd
import plotly.express as px
import torch

import trisym"""
_CELL = re.compile(r"^# %% ?(.*)\n", re.MULTILINE)


def notebook(cells: Path, title: str) -> dict[str, Any]:
    """Return a notebook that waits for its scene."""
    _, *parts = _CELL.split(cells.read_text(encoding="utf-8"))
    about = (
        f"# {title}\n\nMade with trisym {__version__}: `pip install` it from its repository first."
    )
    cite = f"Cite: {citation.SOFTWARE} {citation.THESIS}"
    told = [("markdown", about), ("", IMPORTS)]
    told += [
        (kind.strip("[]"), text.strip()) for kind, text in zip(parts[::2], parts[1::2], strict=True)
    ]
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        },
        "cells": [_cell(i, *each) for i, each in enumerate([*told, ("markdown", cite)])],
    }


def with_scene(waiting: Mapping[str, Any], scene: Mapping[str, Any]) -> dict[str, Any]:
    """Return the notebook of a scene; web/notebook.js does the same."""
    source = f"scene = json.loads({json.dumps(json.dumps(scene))})"
    cells = [
        {**cell, "source": source} if cell["id"] == SCENE else cell for cell in waiting["cells"]
    ]
    return {**waiting, "cells": cells}


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    if kind == "markdown":
        source = re.sub(r"^# ?(?!#)", "", text, flags=re.MULTILINE) if number else text
        return {"cell_type": "markdown", "id": f"cell-{number}", "metadata": {}, "source": source}
    name = SCENE if kind == SCENE else f"cell-{number}"
    code: dict[str, Any] = {"metadata": {}, "execution_count": None, "outputs": []}
    return {"cell_type": "code", "id": name, "source": text, **code}
