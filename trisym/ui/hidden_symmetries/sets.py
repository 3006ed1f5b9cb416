"""The three sets of section 3.5 as the page shows them: names, clouds, networks, thesis numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

import trisym  # its modules come when they are used: torch takes two seconds
from trisym.storage import results
from trisym.ui.hidden_symmetries.linked_sets import AnySet, ConstrainedSet, OtherNetwork
from trisym.ui.kit import models


@dataclass(frozen=True)
class SetText:
    """A set as a visitor reads of it, and the notebooks' run of Fig. 12.

    fig_12_run: the mean error of a side for h = 1, 2, …, as far as their output says.
    """

    row: str
    title: str
    short: str
    rule: str
    about: str
    fig_12_run: tuple[float, ...] = ()


SETS: Mapping[str, SetText] = {
    "random": SetText(
        "i",
        "i random",
        "i random",
        "Any triangle in the cube with every side above 0.48.",
        "No side is constant: three numbers are free to change.",
        (0.410 / 3, 0.185 / 3, 0.0106 / 3, 0.0097 / 3, 0.0106 / 3, 0.0066 / 3),
    ),
    "constant-side": SetText(
        "ii",
        "ii constant side, anywhere",
        "ii constant side",
        "One side stays 0.68 however you drag; renumber to make it another one.",
        "One side is 0.68, between two random vertices.",
        (0.213 / 3, 0.0836 / 3, 0.0100 / 3, 0.0256 / 3, 0.0112 / 3),
    ),
    "fixed-side": SetText(
        "iii",
        "iii constant side, fixed place",
        "iii fixed side",
        "Vertices 1 and 2 keep their distance, 0.68, however you drag.",
        "One side is 0.68, always between vertices 1 and 2.",
        (0.157 / 3, 0.0051 / 3, 0.0059 / 3, 0.0061 / 3, 0.0071 / 3, 0.0103 / 3),
    ),
}
TWO_SIDES = SetText(
    "iv",
    "iv two sides, no encoder",
    "iv two sides",
    "",
    "Two random sides of a triangle of set ii.",
)


CLOUDS = "hidden-clouds"


@st.cache_resource(show_spinner=False, max_entries=4)
def _constrained(digests: tuple[str, ...], stamp: results.Stamp) -> list[ConstrainedSet]:
    clouds = results.load(CLOUDS)
    return [_one(name, clouds[clouds["set"] == name]) for name in SETS]


def _one(name: str, cloud: pd.DataFrame) -> ConstrainedSet:
    text = SETS[name]
    limits = trisym.DataConfig(name, min_side=trisym.datasets.MIN_SIDE).limits
    return ConstrainedSet(
        name=name,
        title=text.title,
        short=text.short,
        rule=text.rule,
        min_side=limits.min_side,
        constant_side=limits.constant_side,
        movable=name == "constant-side",
        model=models.in_browser(f"{name}-h2"),
        sides=cloud[["l1", "l2", "l3"]].to_numpy(),
        latents=cloud[["N1", "N2"]].to_numpy(),
        constant=cloud["constant"].to_numpy(),
    )


def others() -> dict[str, str]:
    """Return by id the titles of other networks with two nodes that were trained on such sets."""
    found = models.of_size(2, but=[f"{name}-h2" for name in SETS])
    return {name: title for name, title in found.items() if models.data(name).name in SETS}


def with_other(name: str | None) -> list[AnySet]:
    """Return the sets, with another network in the place of the shipped one of its set."""
    shipped = constrained()
    if name is None:
        return [*shipped]
    of, model = models.data(name).name, models.shown(name)
    return [OtherNetwork(each, model) if each.name == of else each for each in shipped]


def constrained() -> list[ConstrainedSet]:
    """The sets for the linked views; raises TrisymError where a network or the clouds are missing.

    The list is shared by all visitors: read only.
    """
    digests = tuple(models.digest(f"{name}-h2") for name in SETS)
    return _constrained(digests, results.stamp(CLOUDS))
