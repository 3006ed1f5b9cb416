"""The thesis's own protocol, where our recipes changed it: `reproduce --thesis`.

Adam with AMSGrad, learning rate 1e-3, batches of 32, and as many epochs as are printed or were run:
120 in section 3.2, 2,000 in 3.3 and 1,000 for its control, 500 in 3.4, 100 in Fig. 12. No notebook
of 3.2 can be read: its optimiser is that of the others. Table 5 prints no epochs: they are those of
Fig. 12, and its predictors' those of 3.4. Its set ii was run with batches of 16, here of 32.

Each table has the columns of its namesake without `thesis-`. Stopped at any time, the trainings go
on from what $TRISYM_HOME/cache/sweeps keeps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import pandas as pd

from trisym import datasets
from trisym.config import PRESETS
from trisym.datasets import DataConfig
from trisym.experiments import (
    energy,
    energy_lines,
    hidden_symmetries,
    invariance,
    latent_space,
    readouts,
    translation,
)
from trisym.experiments.recipe import Recipe, RecipeContext, kept
from trisym.experiments.translation import EXAMPLES, EXPECTED
from trisym.networks import Autoencoder
from trisym.storage import checkpoints
from trisym.storage.sweep_states import resumable_sweep
from trisym.training.sweeps import Member

PREFIX = "thesis-"
SIDES, MSE = PREFIX + "sides-h3", PREFIX + "mse-h3"


@dataclass(frozen=True)
class Effort:
    """Epochs as the thesis ran them, and sizes of its sets; tests take less."""

    samples: int = 200_000
    fresh: int = 20_000
    translation_epochs: int = 120
    sides_epochs: int = 2_000
    mse_epochs: int = 1_000
    energy_epochs: int = 500
    hidden_epochs: int = 100
    latents: tuple[int, ...] = (1, 2, 3, 4, 5, 6)  # of Fig. 12


def recipes(effort: Effort) -> Mapping[str, Recipe]:
    """Return the recipes by name, the quickest for what they settle first."""
    made = {
        **_translation(effort),
        **_hidden(effort),
        **_energies(effort, "energy", ("sides", "coordinates")),
        **_sides(effort),
        **_energies(effort, "energy-latent", ("latent",)),
        **_mse(effort),
    }
    return MappingProxyType(
        {
            PREFIX + name: replace(recipe, title=f"{recipe.title}, the thesis's own protocol")
            for name, recipe in made.items()
        }
    )


def _translation(effort: Effort) -> dict[str, Recipe]:
    own = translation.Effort(effort.samples, "thesis", effort.translation_epochs, resumable_sweep)
    sizes = partial(translation.translation_sizes, effort=own)
    examples = partial(_translation_examples, effort=own)
    needs = (PREFIX + "translation-sizes",)
    return {
        "translation-sizes": Recipe("Error against h, translated pairs (Fig. 6)", "3.2", sizes),
        "translation-examples": Recipe("Translated pairs (Fig. 7)", "3.2", examples, needs),
    }


def _translation_examples(context: RecipeContext, effort: translation.Effort) -> pd.DataFrame:
    """Make Fig. 7 from the networks of Fig. 6, which the sweep has kept: each set's best."""
    members = effort.train(translation.fits(effort), context.progress, None)
    frames = []
    for name, h in EXPECTED.items():
        chosen = [
            (member.records[-1].validation_loss, member.model)
            for member in members
            if member.config.data.name == name and _latent(member) == h
        ]
        model = min(chosen, key=lambda pair: pair[0])[1]
        assert isinstance(model, Autoencoder)
        test = datasets.generate(DataConfig(name, n=effort.pairs)).split().test
        frames.append(
            translation.examples(name, model, test.inputs[:EXAMPLES], test.targets[:EXAMPLES])
        )
    return pd.concat(frames, ignore_index=True)


def _latent(member: Member) -> int:
    assert isinstance(member.model, Autoencoder)
    return member.model.config.latent


def _hidden(effort: Effort) -> dict[str, Recipe]:
    own = hidden_symmetries.Effort(
        triangles=effort.samples,
        fresh=effort.fresh,
        queries=min(effort.fresh, hidden_symmetries.Effort.queries),
        batch=PRESETS["thesis"].batch,
        epochs=effort.hidden_epochs,
        energy_epochs=effort.energy_epochs,
        sweep_batch=PRESETS["thesis"].batch,
        sweep_epochs=effort.hidden_epochs,
        latents=effort.latents,
        preset="thesis",
        train=resumable_sweep,
        prefix=PREFIX,
        apart=True,
    )
    made = hidden_symmetries.recipes(own)
    asked = ("hidden-h2", "hidden-predictions", "hidden-h")
    sides = partial(hidden_symmetries.table_5_sides, effort=own)
    return {
        "hidden-h2-sides": Recipe("Two latent nodes: sides (table 5)", "3.5", sides),
        **{name: made[PREFIX + name] for name in asked},
    }


def _energies(effort: Effort, name: str, kinds: tuple[str, ...]) -> dict[str, Recipe]:
    trains = f"{PREFIX}{name}-history"
    own = energy.Effort(
        molecules=effort.samples,
        epochs=effort.energy_epochs,
        preset="thesis",
        train=resumable_sweep,
        kinds=kinds,
        prefix=PREFIX,
        recipe=trains,
    )
    seen = " and ".join(kinds)
    jobs = {
        "": (f"Test error of the predictors on {seen}", energy.errors_on_test),
        "-error": (f"Where the predictors on {seen} err", energy.errors_by_energy),
        "-fig18": (f"Energy along a varied side, from {seen} (Fig. 18)", energy_lines.fig18),
    }
    history = partial(energy.history, effort=own)
    needs = (SIDES,) if "latent" in kinds else ()
    return {
        f"{name}-history": Recipe(f"Training of predictors on {seen}", "3.4", history, needs),
        **{
            name + ending: Recipe(title, "3.4", partial(run, effort=own), (trains,))
            for ending, (title, run) in jobs.items()
        },
    }


def _sides(effort: Effort) -> dict[str, Recipe]:
    fit = replace(PRESETS["thesis"], data=DataConfig(n=effort.samples), epochs=effort.sides_epochs)
    train = invariance.pretrained(SIDES, fit, train=resumable_sweep)
    cloud = partial(latent_space.latent_cloud, shipped=SIDES)
    return {
        "sides-h3": Recipe("Side loss, h = 3: the invariant network", "3.3", train),
        "latent-axes": Recipe("Nodes as combinations of sides (Fig. 16)", "5.1", _axes, (SIDES,)),
        "latent-cloud": Recipe("Sides, latent, rebuilt sides (Fig. 17)", "5.1", cloud, (SIDES,)),
        "readouts": Recipe(
            "What the latent says of coordinates and of sides",
            "5.1",
            partial(readouts.readouts, names=(SIDES,)),
            (SIDES,),
        ),
    }


def _axes(context: RecipeContext) -> pd.DataFrame:
    """Make Fig. 16 for every seed of the invariant network."""
    models = [
        (SIDES, seed, checkpoints.load_autoencoder(path)) for seed, path in kept(context, SIDES)
    ]
    return latent_space.axes_of(models)


def _mse(effort: Effort) -> dict[str, Recipe]:
    fit = replace(
        PRESETS["thesis"],
        loss="mse",
        data=DataConfig(n=effort.samples),
        epochs=effort.mse_epochs,
    )
    train = invariance.pretrained(MSE, fit, train=resumable_sweep)
    return {
        "mse-h3": Recipe("MSE, h = 3: the control", "3.3", train),
        "mse-readouts": Recipe(
            "What the control's latent says of coordinates and of sides",
            "5.1",
            partial(readouts.readouts, names=(MSE,)),
            (MSE,),
        ),
    }


RECIPES = recipes(Effort())
