"""What keys and a finger do in each saved page, and the numbers that torch must have for it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.linalg import expm
from torch import Tensor

from tests.browser.probe import SETTLED, Probe
from tests.browser.saved import shown_in
from tests.browser.stage.driver import touch
from trisym.encoder_units import read_sides
from trisym.evaluation import FRESH_SEED, held_out
from trisym.geometry import side_lengths
from trisym.storage import checkpoints, energy_models
from trisym.ui.energy.models import NAMES as PREDICTORS
from trisym.ui.hidden_symmetries.sets import SETS
from trisym.ui.inside import encoders
from trisym.ui.vae.between import PAIR

CLOSE = 1e-5
ASKED = 150  # triangles of which the drift is drawn


@dataclass(frozen=True)
class Hands:
    """Where a key and a finger take hold, and what of the view's state each changes."""

    keyed: str
    key: str
    turns: str
    touched: str
    drags: str


POINT = ".hand canvas[tabindex]"
HANDS = {
    "symmetry": Hands(".world-canvas", "ArrowLeft", "vertices", ".world-canvas", "camera"),
    "symmetries": Hands(".world-canvas", "ArrowLeft", "camera", ".world-canvas", "camera"),
    "inside": Hands(".world-canvas", "ArrowLeft", "vertices", ".world-canvas", "camera"),
    "latent_space": Hands(POINT, "ArrowLeft", "latent", POINT, "camera"),
    "training": Hands(".scrubber", "ArrowLeft", "drawn", ".orbit-overlay", "camera"),
    "energy": Hands(".plot-canvas", "ArrowLeft", "now", ".plot-canvas", "now"),
    "hidden_symmetries": Hands(".world-canvas", "ArrowLeft", "vertices", ".world-canvas", "camera"),
    "physics": Hands(".world-canvas", "ArrowLeft", "vertices", ".world-canvas", "camera"),
    "more_points": Hands(".world-canvas", "ArrowLeft", "vertices", ".world-canvas", "camera"),
    "vae": Hands(".world-canvas", "ArrowLeft", "vertices", ".world-canvas", "camera"),
}


def use(probe: Probe, name: str) -> None:
    """Press a key, then draw a finger over the view; each must change something."""
    hands = HANDS[name]
    before = probe.settled()
    probe.root.locator(hands.keyed).first.focus()
    probe.page.keyboard.press(hands.key)
    pressed = _changed(probe, before, hands.turns)
    box = probe.root.locator(hands.touched).first.bounding_box()
    assert box
    x, y = box["x"] + 0.12 * box["width"], box["y"] + 0.5 * box["height"]
    touch(probe.page.context.new_cdp_session(probe.page), ((x, y), (x + 90, y + 4)))
    _changed(probe, pressed, hands.drags)


def _changed(probe: Probe, before: dict[str, Any], part: str) -> dict[str, Any]:
    differs = f"{SETTLED} && JSON.stringify(state.{part}) !== JSON.stringify(it)"
    return probe.until(differs, before[part])


def check_numbers(probe: Probe, name: str, file: Path) -> None:
    """Compare what the view shows now with torch's, to 1e-5."""
    if name in NUMBERS:
        found, expected = NUMBERS[name](probe, file)
        assert np.size(found)
        np.testing.assert_allclose(found, expected, atol=CLOSE)


Numbers = tuple[Any, Any]


def _triangle(state: dict[str, Any]) -> Tensor:
    return torch.tensor(state["vertices"], dtype=torch.float32).reshape(1, 3, 3)


def _rebuilt_sides(probe: Probe, _: Path) -> Numbers:
    state = probe.settled()
    rebuilt = dict(zip(state["models"], state["rebuiltSides"], strict=True))
    del rebuilt["untrained"]  # of random numbers, in no file
    models = [checkpoints.load_autoencoder(name) for name in rebuilt]
    expected = [side_lengths(model(_triangle(state)))[0].tolist() for model in models]
    return list(rebuilt.values()), expected


def _molecules_sides(probe: Probe, file: Path) -> Numbers:
    """In edges of the box that the networks know."""
    edge = shown_in(file)["view"]["potential"]["edge"]
    state = probe.settled()
    models = [checkpoints.load_autoencoder(name) for name in state["models"]]
    rebuilt = [model(edge * _triangle(state)) / edge for model in models]
    return state["rebuiltSides"], [side_lengths(each)[0].tolist() for each in rebuilt]


def _sums(probe: Probe, _: Path) -> Numbers:
    model, card = checkpoints.read("sides-h3")
    known = held_out(card.config.data, FRESH_SEED).inputs[: encoders.READ]
    state = probe.settled()
    return state["sums"], read_sides(model, known).sums(_triangle(state))[0]


def _decoded_sides(probe: Probe, _: Path) -> Numbers:
    state = probe.settled()
    latent = torch.tensor([state["latent"]], dtype=torch.float32)
    return state["sides"], side_lengths(checkpoints.load_autoencoder("sides-h3").decode(latent))[0]


def _latents(probe: Probe, _: Path) -> Numbers:
    state = probe.settled()
    models = [checkpoints.load_autoencoder(f"{name}-h2") for name in SETS]
    return (
        [panel["latent"] for panel in state["panels"]],
        [model.encode(_triangle(state))[0].tolist() for model in models],
    )


def _points(probe: Probe, _: Path) -> Numbers:
    state = probe.settled()
    points = torch.tensor(state["vertices"], dtype=torch.float32).reshape(1, state["count"], 3)
    models = [checkpoints.load_autoencoder(name) for name in state["models"]]
    return (
        np.concatenate(state["latents"]),  # of six nodes and of seven
        np.concatenate([model.encode(points)[0].numpy() for model in models]),
    )


def _energies(probe: Probe, file: Path) -> Numbers:
    state = probe.settled()
    atoms = shown_in(file)["view"]["edge"] * _triangle(state)
    return (
        state["now"]["predicted"],
        [energy_models.load(name).energy(atoms).item() for name in PREDICTORS],
    )


def _drifts(probe: Probe, file: Path) -> Numbers:
    """The curve of what happens, over the triangles that lie in the file."""
    view = shown_in(file)["view"]
    state = probe.until("state.settled && state.curve")
    shown = view["models"][state["row"]]
    law = view["laws"][shown["law"]]
    words = np.frombuffer(base64.b64decode(law["triangles"]), "<f4").reshape(-1, 3, 3)
    triangles = torch.tensor(words[:ASKED].copy())
    model = checkpoints.load_autoencoder(shown["network"]["name"])
    motion = np.array(state["motion"]) / state["size"]
    field = np.zeros((4, 4))
    field[:3, :3], field[:3, 3] = motion[:9].reshape(3, 3), motion[9:]
    expected = []
    for size, _ in state["curve"]:
        flow = torch.tensor(expm(size * field), dtype=torch.float32)
        moved = (triangles - law["edge"] / 2) @ flow[:3, :3].T + flow[:3, 3] + law["edge"] / 2
        apart = model.encode(moved) - model.encode(triangles)
        expected.append(apart.square().sum(1).mean().sqrt().item() / shown["asked"]["spread"])
    return [drift for _, drift in state["curve"]], expected


def sides_on_path(name: str, state: dict[str, Any]) -> np.ndarray:
    """The sides that a network decodes between the two triangles of the view."""
    model = checkpoints.load_autoencoder(name)
    ends = [model.encode(torch.tensor([state[end]])) for end in ("vertices", "end")]
    steps = torch.linspace(0, 1, len(state["ways"][0]))[:, None]
    return side_lengths(model.decode(torch.lerp(*ends, steps))).numpy()


def _paths(probe: Probe, _: Path) -> Numbers:
    state = probe.settled()
    return state["ways"], [sides_on_path(name, state) for name in PAIR]


NUMBERS: dict[str, Callable[[Probe, Path], Numbers]] = {
    "symmetry": _rebuilt_sides,
    "symmetries": _drifts,
    "energy": _energies,
    "inside": _sums,
    "latent_space": _decoded_sides,
    "hidden_symmetries": _latents,
    "physics": _molecules_sides,
    "more_points": _points,
    "vae": _paths,
}
