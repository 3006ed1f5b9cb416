"""The symmetry spectra of all networks: those that are shipped, untrained ones, and fresh seeds.

No figure of the thesis: it asks for invariance under motions that it names, this asks the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd
import torch

from trisym import jacobians
from trisym.config import PRESETS, FitConfig
from trisym.datasets import DataConfig
from trisym.energy import KINDS as ENERGY_KINDS
from trisym.experiments.constrained_sets import ROWS, data_config
from trisym.experiments.degrees_of_freedom import table1_fit
from trisym.experiments.energy import predictor, shipped_name
from trisym.experiments.hidden_symmetries import shipped_names
from trisym.experiments.invariance import CONTROLS
from trisym.experiments.recipe import SEEDS, Recipe, RecipeContext, kept, seed_name, trained
from trisym.experiments.translation import SETS
from trisym.geometry import side_lengths
from trisym.jacobians import Function, by_autograd, of_coordinates, of_encoder, of_sides
from trisym.networks import Autoencoder, AutoencoderConfig, build, initial_weights
from trisym.spectrum import as_table
from trisym.storage import checkpoints, energy_models
from trisym.storage.energy_models import EnergyModel
from trisym.symmetries import TRIANGLES, held_out, spectrum
from trisym.training.sweeps import Member

SHIPPED, UNTRAINED, EXACT, FRESH = "shipped", "untrained", "exact", "trained"
TABLE_1 = (3, 6, 9)  # latent sizes of the networks of table 1


@dataclass(frozen=True)
class Effort:
    """The size of the recipe; tests take less."""

    triangles: int = 200_000
    epochs: int = 8
    asked: int = TRIANGLES


class Asked(NamedTuple):
    """One function to ask: its model, how it came about, its seed, and the law of its triangles."""

    model: str
    fit: str
    seed: int | None
    function: Function
    data: DataConfig


def of_energy_model(model: EnergyModel) -> Function:
    """Return an energy predictor, with its features and scaling, as a function of triangles."""
    features = {"sides": of_sides(), "coordinates": of_coordinates()}.get(model.kind)
    if features is None:
        assert model.encoder is not None  # an EnergyModel on the latent has one
        features = of_encoder(model.encoder)
    return jacobians.of_predictor(model.predictor, model.inputs, features)


def _exact() -> Iterator[Asked]:
    """Yield the functions that perfect networks would be: sides, their sum, and coordinates."""
    yield Asked("sides", EXACT, None, of_sides(), DataConfig())
    perimeter = by_autograd(lambda vertices: side_lengths(vertices).sum(-1, keepdim=True))
    yield Asked("perimeter", EXACT, None, perimeter, DataConfig())
    yield Asked("coordinates", EXACT, None, of_coordinates(), DataConfig())


def _untrained() -> Iterator[Asked]:
    for seed in SEEDS:
        network = build(AutoencoderConfig())
        assert isinstance(network, Autoencoder)
        weights = initial_weights(network.config, torch.Generator().manual_seed(seed))
        network.load_state_dict(weights)
        yield Asked("untrained", UNTRAINED, seed, of_encoder(network), DataConfig())


def _shipped(context: RecipeContext) -> Iterator[Asked]:
    """Every encoder that is kept, all seeds of section 3.3, and the energy predictors."""
    hidden = [shipped_names(name) for name in ROWS]
    for name in CONTROLS:
        yield from (_encoder(name, path) for _, path in kept(context, name))
    for name in (*(autoencoder for autoencoder, _ in hidden), *SETS):
        yield _encoder(name, context.checkpoint(name))
    for kind in ENERGY_KINDS:
        name = shipped_name(kind)
        for seed in SEEDS:
            data = checkpoints.load_card(context.checkpoint(seed_name(name, seed))).config.data
            yield Asked(name, SHIPPED, seed, of_energy_model(predictor(context, kind, seed)), data)
    for autoencoder, name in hidden:
        at = context.checkpoint(name)
        model = energy_models.load(at, context.checkpoint(autoencoder))
        config = checkpoints.load_card(at).config
        yield Asked(name, SHIPPED, config.seed, of_energy_model(model), config.data)


def _encoder(name: str, path: Path) -> Asked:
    model, card = checkpoints.read(path)
    assert isinstance(model, Autoencoder)
    return Asked(name, SHIPPED, card.config.seed, of_encoder(model), card.config.data)


def _configs(effort: Effort) -> dict[str, Sequence[FitConfig]]:
    """Yield the networks trained from three seeds: table 3 at h = 3 and 2, and table 1."""
    data = DataConfig(n=effort.triangles)
    fast = replace(PRESETS["fast"], data=data, epochs=effort.epochs)
    configs = {f"{loss}-h3": replace(fast, loss=loss) for loss in ("sides", "mse", "perimeter")}
    for name in ROWS:
        network = AutoencoderConfig(latent=2)
        constrained = data_config(name, effort.triangles, 0)
        configs[f"{name}-h2"] = replace(fast, network=network, data=constrained)
    for h in TABLE_1:
        config = table1_fit("fast", h, data, 0)
        configs[f"table1-h{h}"] = replace(config, epochs=effort.epochs)
    return {name: [replace(c, seed=seed) for seed in SEEDS] for name, c in configs.items()}


def _trained(context: RecipeContext, effort: Effort) -> Iterator[Asked]:
    names = [(name, c) for name, configs in _configs(effort).items() for c in configs]
    members = trained([config for _, config in names], context.progress)
    for (name, config), member in zip(names, members, strict=True):
        yield Asked(name, FRESH, config.seed, of_encoder(_autoencoder(member)), config.data)


def _autoencoder(member: Member) -> Autoencoder:
    assert isinstance(member.model, Autoencoder)
    return member.model


def _spectra(context: RecipeContext, effort: Effort) -> pd.DataFrame:
    """Ask all of them about held-out triangles of their own law."""
    everything = [*_exact(), *_untrained(), *_shipped(context), *_trained(context, effort)]
    frames = []
    for asked in everything:
        assert asked.data.edge is not None  # DataConfig puts the set's own edge there
        triangles = held_out(asked.data, effort.asked)
        frame = as_table(spectrum(asked.function, triangles, asked.data.edge))
        frame.insert(0, "seed", pd.array([asked.seed] * len(frame), dtype="Int64"))
        frame.insert(0, "fit", asked.fit)
        frame.insert(0, "model", asked.model)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def recipes(effort: Effort) -> Mapping[str, Recipe]:
    """Return the recipe at some effort."""
    title = "Symmetry spectra: the motions of space that each network does not see"
    needs = (*CONTROLS, "hidden-h2", "energy-history", "translation-examples")
    return MappingProxyType(
        {"spectrum": Recipe(title, "3.3", partial(_spectra, effort=effort), needs)}
    )


RECIPES = recipes(Effort())
