"""The energy view: a molecule in the hand, its exact energy and three predictions.

Poses are in box units: the edge of the box that the training molecules lie in is 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import trisym  # its modules come when they are used: torch takes two seconds
from trisym.errors import DataError
from trisym.ui.energy.scene import Scene
from trisym.ui.kit.browser_model import BrowserModel, layer_payload
from trisym.ui.kit.link import SceneLink
from trisym.ui.kit.live import LiveComponent
from trisym.ui.kit.saved_page import About, Cards, Shown, Taken
from trisym.ui.kit.served import JsonFile

if TYPE_CHECKING:
    from trisym.energy import MinMax
    from trisym.storage.energy_models import EnergyModel

WEB = Path(__file__).parent / "web"
_view = LiveComponent("trisym_molecule", WEB / "molecule.js", Scene)


SHOWS = (
    "Pull an atom and the energy follows the Lennard-Jones curve; turn the molecule and it stays. "
    "Three networks learned that energy: one sees the sides, one the latent point of a "
    "network, one the coordinates. Only the first can't tell poses apart."
)


def molecule(
    models: Sequence[EnergyModel],
    *,
    key: str,
    link: SceneLink[Scene] | None = None,
    cards: Cards | None = None,
) -> Scene:
    """Show the energy view and return where the hand left things.

    models: one a kind of input, in the order shown; one of them has an encoder, whose latent is
    also what the others are seen beside. link: keeps the scene in the page's link. cards: of the
    models, to take the view away with. Raises DataError without an encoder.
    """
    taken = None if cards is None else _taken(cards)
    return _view.show(
        _data(models, JsonFile.sent), key=key, start=Scene(), link=link, taken=taken
    ).scene


def exported(models: Sequence[EnergyModel], scene: Scene, cards: Cards) -> Shown:
    """Return the view to be written as a file; arguments as in `molecule`."""
    return _view.exported(_data(models, JsonFile.value), scene, _taken(cards))


def _taken(cards: Cards) -> Taken:
    return Taken(About("energy", "Pull a side, trace the energy", SHOWS, cards))


def _data(models: Sequence[EnergyModel], value: Callable[[JsonFile], Any]) -> dict[str, Any]:
    limits = trisym.DataConfig("lennard-jones", n=1).limits
    return {
        "edge": limits.edge,
        "minSide": limits.min_side,
        "sigma": trisym.potentials.SIGMA,
        "encoder": value(_encoder_file(tuple(models))),
        "predictors": [value(_predictor_file(model)) for model in models],
    }


@lru_cache(maxsize=8)
def _predictor_file(model: EnergyModel) -> JsonFile:
    return JsonFile(predictor_payload(model))


@lru_cache(maxsize=2)
def _encoder_file(models: tuple[EnergyModel, ...]) -> JsonFile:
    return JsonFile(encoder_payload(models))


def predictor_payload(model: EnergyModel) -> dict[str, Any]:
    """Return a predictor and its scaling as JSON for the browser."""
    weights = {name: tensor.numpy() for name, tensor in model.predictor.state_dict().items()}
    count = len(model.predictor.config.sizes) - 1
    names = [(f"layers.{i}.weight", f"layers.{i}.bias") for i in range(count)]
    return {
        "kind": model.kind,
        "slope": model.predictor.config.slope,
        "layers": [layer_payload((weights[weight], weights[bias])) for weight, bias in names],
        "inputs": _scaling(model.inputs),
        "energy": _scaling(model.energies),
    }


def _scaling(scaling: MinMax) -> dict[str, Any]:
    return {"low": list(scaling.low), "widths": list(scaling.widths)}


def encoder_payload(models: Sequence[EnergyModel]) -> dict[str, Any]:
    """Return the encoder of the first model that has one; DataError where none has."""
    encoders = [model.encoder for model in models if model.encoder is not None]
    if not encoders:
        raise DataError("The energy view needs a predictor that has an encoder.")
    encoder = encoders[0]
    arrays = {name: tensor.numpy() for name, tensor in encoder.state_dict().items()}
    return BrowserModel.from_arrays(
        "encoder",
        arrays,
        slope=1.0 if encoder.config.activation == "linear" else encoder.config.slope,
        input_activation=encoder.config.input_activation,
    ).payload()
