"""Section 3.4, Fig. 18: the energy along a line of molecules, exact and predicted, in many poses.

Fig. 18: v1 = (0, 1, 0), v2 = (0, 0.46, 0), v3 = (0, 0, x), x from 0 to 1.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from trisym.datasets import MIN_SIDE, DataConfig
from trisym.energy import KINDS
from trisym.evaluation import FRESH_SEED
from trisym.experiments.energy import Effort, predictor
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext
from trisym.geometry import (
    random_motions_inside,
    random_rotations,
    rotate,
    side_lengths,
    triangle_from_sides,
)
from trisym.potentials import molecule_energy

DEFAULT = Effort()
EDGE = DataConfig("lennard-jones", n=1).limits.edge  # of the box that the predictors have seen
X = torch.linspace(0, 1.3, 131)
FITTING_X = torch.linspace(0, 0.6, 61)  # beyond, hardly any pose fits into the box
TRIED_ROTATIONS = 20_000

# Two sides stay and the third is pulled: the energy is one V(r), up to a constant.
ARM = 0.62
PULLED = torch.linspace(0.48, 1.02, 55)
MOTIONS = 500
INNER = (0.05, 0.5, 0.95)  # a band holds 90 % of the motions


def fig18_molecules(x: Float[Tensor, " batch"]) -> Float[Tensor, "batch vertex xyz"]:
    """Return the molecules of Fig. 18 as its notebook places them."""
    molecules = x.new_zeros(len(x), 3, 3)
    molecules[:, 0, 1] = 1.0
    molecules[:, 1, 1] = 0.46
    molecules[:, 2, 2] = x
    return molecules


def moved_into_box(
    molecules: Float[Tensor, "batch vertex xyz"],
) -> Float[Tensor, "batch vertex xyz"]:
    """Turn all by the one rotation, of many, that lets most of them fit the box; centre each."""
    rotations = random_rotations(TRIED_ROTATIONS, torch.Generator().manual_seed(FRESH_SEED))
    fitting = torch.zeros(TRIED_ROTATIONS, dtype=torch.long)
    for molecule in molecules:
        low, high = (molecule @ rotations.mT).aminmax(dim=1)
        fitting += ((high - low) <= EDGE).all(dim=-1)
    turned = rotate(molecules, rotations[fitting.argmax()])
    low, high = turned.aminmax(dim=1, keepdim=True)
    return turned + EDGE / 2 - (low + high) / 2


def in_box(molecules: Float[Tensor, "batch vertex xyz"]) -> Bool[Tensor, " batch"]:
    """Return which molecules lie wholly where the predictors' training molecules did."""
    return ((molecules >= 0) & (molecules <= EDGE)).all(dim=-1).all(dim=-1)


def fig18(context: RecipeContext, effort: Effort = DEFAULT) -> pd.DataFrame:
    """Compute Fig. 18, where its notebook places the molecules and moved into the box."""
    printed = fig18_molecules(X)
    frames = []
    for place, molecules in (("as printed", printed), ("in the box", moved_into_box(printed))):
        line = pd.DataFrame(
            {
                "place": place,
                "x": X.tolist(),
                "exact": molecule_energy(printed).tolist(),
                "long_sides": (side_lengths(printed).amin(-1) > MIN_SIDE).tolist(),
                "in_box": in_box(molecules).tolist(),
            }
        )
        for kind in effort.kinds:
            for seed in SEEDS:
                model = predictor(context, kind, seed, effort.prefix)
                predicted = model.energy(molecules).tolist()
                frames.append(line.assign(input=kind, seed=seed, predicted=predicted))
    return pd.concat(frames, ignore_index=True)


def pulled_molecules(side: Float[Tensor, " batch"]) -> Float[Tensor, "batch vertex xyz"]:
    """Return molecules with l1 = l3 = ARM and this second side, between vertices 2 and 3."""
    arm = torch.full_like(side, ARM)
    return triangle_from_sides(torch.stack([arm, side, arm], dim=-1))


def _bands(context: RecipeContext) -> pd.DataFrame:
    """Predict the energy of molecules along lines, in many poses inside the box."""
    lines = {
        "Fig. 18": (FITTING_X, fig18_molecules(FITTING_X)),
        "pulled side": (PULLED, pulled_molecules(PULLED)),
    }
    frames = []
    for name, (x, molecules) in lines.items():
        generator = torch.Generator().manual_seed(FRESH_SEED)
        poses = random_motions_inside(molecules, MOTIONS, generator, EDGE)
        exact = molecule_energy(molecules).tolist()
        for kind in KINDS:
            predicted = predictor(context, kind).energy(poses.flatten(0, 1))
            levels = torch.tensor(INNER)
            low, middle, high = predicted.unflatten(0, poses.shape[:2]).quantile(levels, dim=1)
            columns = {"low": low.tolist(), "middle": middle.tolist(), "high": high.tolist()}
            line = pd.DataFrame({"line": name, "x": x.tolist(), "exact": exact, "input": kind})
            frames.append(line.assign(**columns))
    return pd.concat(frames, ignore_index=True)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "energy-fig18": Recipe(
            "Energy along a varied side (Fig. 18)", "3.4", fig18, ("energy-history",)
        ),
        "energy-bands": Recipe(
            "One molecule in 500 poses, along two lines", "3.4", _bands, ("energy-history",)
        ),
    }
)
