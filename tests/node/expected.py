"""What Python expects of the live views' JavaScript: torch, NumPy and SciPy, as one JSON object."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from scipy.linalg import expm
from scipy.optimize import approx_fprime
from scipy.spatial.distance import pdist
from scipy.spatial.transform import Rotation
from torch import Tensor
from torch.nn import functional

from tests.browser.stage import models
from tests.node.expected_training import training
from trisym import datasets
from trisym.config import FitConfig
from trisym.encoder_film import EncoderFilm
from trisym.encoder_units import OFFSET, RESIDUAL, SideReading, read_sides, tell
from trisym.energy import KINDS, MinMax
from trisym.evaluation import untrained
from trisym.experiments.discovery import found_at
from trisym.film import NUMBERS, POINTS, Frame
from trisym.geometry import side_lengths
from trisym.jacobians import of_encoder
from trisym.lessons.lesson import Choice, Goal, Number, Point
from trisym.networks import Autoencoder, Predictor, PredictorConfig, build, initial_weights
from trisym.points import signed_volume
from trisym.potentials import molecule_energy
from trisym.spectrum import GAP, RIGID_KINDS
from trisym.spectrum import KINDS as MOTION_KINDS
from trisym.storage import checkpoints
from trisym.storage.energy_models import EnergyModel
from trisym.symmetries import spectrum
from trisym.ui.energy.molecule import encoder_payload, predictor_payload
from trisym.ui.energy.scene import Scene as EnergyScene
from trisym.ui.hidden_symmetries.scene import Scene as HiddenScene
from trisym.ui.inside.encoders import payload_of
from trisym.ui.inside.encoders import told as told_in_words
from trisym.ui.inside.scene import Scene as InsideScene
from trisym.ui.inside.spheres import moments_payload
from trisym.ui.kit.arrays import to_base64
from trisym.ui.kit.browser_model import BrowserModel, Layer
from trisym.ui.kit.link_codec import LinkedScene
from trisym.ui.latent_space.scene import Scene as LatentScene
from trisym.ui.more_points.scene import Scene as PointsScene
from trisym.ui.physics import networks as physics_networks
from trisym.ui.symmetries.scene import Scene as SymmetriesScene
from trisym.ui.symmetry.scene import Scene as SymmetryScene


def expected() -> dict[str, Any]:
    """Return all of it, by what it is about."""
    return {
        "networks": networks(),
        "cloud": cloud(),
        "geometry": geometry(),
        "energy": energy(),
        "head": head(),
        "links": links(),
        "frames": frames(),
        "units": hidden_units(),
        "motions": motions(),
        "finds": finds(),
        "training": training(),
        "lessons": lessons(),
        "points": points(),
    }


def triangles(n: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(size=(n, 3, 3))


def flat(poses: np.ndarray | Tensor) -> list[list[float]]:
    return poses.reshape(-1, 9).tolist()  # type: ignore[no-any-return]


def sides(poses: np.ndarray) -> list[list[float]]:
    return side_lengths(torch.tensor(poses)).tolist()  # type: ignore[no-any-return]


# More points


def points() -> dict[str, Any]:
    """Distances of three to six points, signed volumes, and latents of a network of four."""
    drawn = {
        count: datasets.generate("random", n=20, seed=8, points=count, dtype=torch.float64).inputs
        for count in (3, 4, 5, 6)
    }
    sets = [
        {"sets": each.flatten(1).tolist(), "distances": side_lengths(each).tolist()}
        for each in drawn.values()
    ]
    name = "points-4-volume"
    model = checkpoints.load_autoencoder(name)
    arrays = {key: tensor.numpy() for key, tensor in model.state_dict().items()}
    payload = BrowserModel.from_arrays(name, arrays, slope=model.config.slope, points=4).payload()
    return {
        "sets": sets,
        "tetrahedra": drawn[4].flatten(1).tolist(),
        "volumes": signed_volume(drawn[4]).tolist(),
        "model": payload,
        "latents": model.double().encode(drawn[4]).tolist(),
    }


# Networks


def torch_encode(model: BrowserModel, x: Tensor) -> Tensor:
    """Table 3, written with torch's own layers, in the precision of x."""
    if model.input_activation:
        x = functional.leaky_relu(x, model.slope)
    for layer in model.encoder:
        x = functional.leaky_relu(linear(layer, x), model.slope)
    return x


def torch_decode(model: BrowserModel, z: Tensor) -> Tensor:
    *hidden, last = model.decoder
    for layer in hidden:
        z = functional.leaky_relu(linear(layer, z), model.slope)
    return linear(last, z)


def linear(layer: Layer, x: Tensor) -> Tensor:
    weight, bias = (torch.tensor(array, dtype=x.dtype) for array in layer)
    return functional.linear(x, weight, bias)


def networks() -> dict[str, Any]:
    """Encode and decode 1,000 inputs, some outside the cube, in float64 as JavaScript does.

    float32 by itself is 1e-5 off on `mse-h3`. `library` is trisym.load(name).encode.
    """
    inputs = np.random.default_rng(3).uniform(-0.3, 1.3, (1000, 9)).astype(np.float32)
    x = torch.tensor(inputs, dtype=torch.float64)
    rows = []
    for name in (*models.RANDOM, *models.shipped()):
        for slope in (0.3, 0.01):
            model = replace(models.stage_model(name), slope=slope)
            latents = torch_encode(model, x)
            rebuilt = torch_decode(model, latents)
            row = {"latents": latents.tolist(), "rebuilt": rebuilt.tolist()}
            rows.append({"name": name, "slope": slope, "model": model.payload(), **row})
    library = []
    for name in models.shipped():
        network = checkpoints.load_autoencoder(name).double()
        latents = network.encode(torch.tensor(triangles(100)).flatten(1)).tolist()
        model = models.shipped_model(name)
        library.append({"name": name, "model": model.payload(), "latents": latents})
    return {
        "inputs": inputs.tolist(),
        "rows": rows,
        "triangles": flat(triangles(100)),
        "library": library,
    }


def cloud() -> dict[str, Any]:
    """Return a cloud's mean and spread, the drift of a move, and the perimeters."""
    model = models.stage_model("h3")
    points = models.reference(500)
    latents = torch_encode(model, torch.tensor(points.reshape(-1, 9))).numpy().astype(float)
    spread = np.sqrt(latents.var(axis=0).sum())
    shift = np.array([0.2, -0.1, 0.05])
    moved = np.stack([points[0], points[0] + shift]).reshape(2, 9)
    here, there = torch_encode(model, torch.tensor(moved, dtype=torch.float64)).numpy()
    return {
        "model": model.payload(),
        "points": points.ravel().tolist(),
        "mean": latents.mean(axis=0).tolist(),
        "spread": float(spread),
        "shift": shift.tolist(),
        "drift": float(np.linalg.norm(here - there) / spread),
        "perimeters": side_lengths(torch.tensor(points)).sum(-1).tolist(),
    }


# Geometry


def geometry() -> dict[str, Any]:
    """Return rotated triangles, composed rotations, and the best fits, by SciPy."""
    turns = Rotation.random(20, rng=1)
    poses = triangles(20)
    centroids = poses.mean(axis=1, keepdims=True)
    rotated = np.stack([r.apply(p) for r, p in zip(turns, poses - centroids, strict=True)])
    fixed, moving = triangles(50, 8), triangles(50, 9)
    fits = [
        Rotation.align_vectors(b - b.mean(axis=0), a - a.mean(axis=0))[1]
        for a, b in zip(moving, fixed, strict=True)
    ]
    return {
        "poses": flat(poses),
        "sides": sides(poses),
        "turns": turns.as_quat(scalar_first=True).tolist(),
        "rotated": flat(rotated + centroids),
        "products": (turns * turns[0]).as_quat(scalar_first=True).tolist(),
        "fixed": flat(fixed),
        "moving": flat(moving),
        "fits": fits,
        "typed": sides(triangles(100, 6)),
        "like": flat(np.random.default_rng(5).uniform(size=(100, 3, 3))),
    }


# Energies


def drawn(config: Any, seed: int) -> Any:
    """A network with weights that no training chose."""
    network = build(config)
    weights = initial_weights(config, torch.Generator().manual_seed(seed))
    network.load_state_dict({n: w + 0.1 * (w.ndim == 1) for n, w in weights.items()})
    return network.eval().requires_grad_(False)


def energy_model(kind: str) -> EnergyModel:
    """An energy model of a kind, scaled as its training would have it."""
    encoder = drawn(FitConfig().network, 3)
    assert isinstance(encoder, Autoencoder)
    columns = 9 if kind == "coordinates" else 3
    predictor = drawn(PredictorConfig(inputs=columns, slope=0.3), 5)
    assert isinstance(predictor, Predictor)
    low, high = tuple(0.1 * i for i in range(columns)), tuple(1 + 0.1 * i for i in range(columns))
    scaling, energies = MinMax(low, high), MinMax((-3.0,), (3.45,))
    return EnergyModel(kind, predictor, scaling, energies, encoder if kind == "latent" else None)


def predictions(kind: str, x: Tensor) -> list[float]:
    model = energy_model(kind)
    model.predictor.to(x.dtype)
    if model.encoder:
        model.encoder.to(x.dtype)
    return model.energy(x).tolist()  # type: ignore[no-any-return]


def energy() -> dict[str, Any]:
    """Return exact energies, the force, and what each kind of predictor says."""
    x = datasets.generate("lennard-jones", n=40, seed=11, dtype=torch.float64).inputs
    s6 = (0.5 / pdist(x[0].numpy())) ** 6

    def exact(v: np.ndarray) -> float:
        return molecule_energy(torch.tensor(v).reshape(3, 3)).item()

    return {
        "molecules": flat(x),
        "exact": molecule_energy(x).tolist(),
        "first": 4 * float((s6**2 - s6).sum()),
        "force": (-approx_fprime(x[0].flatten().numpy(), exact, 1e-7)).tolist(),
        "encoder": encoder_payload([energy_model("latent")]),
        "home": [value for vertex in EnergyScene().pose for value in vertex],
        "kinds": [
            {
                "model": predictor_payload(energy_model(kind)),
                "double": predictions(kind, x),
                "single": predictions(kind, x.float()),
            }
            for kind in KINDS
        ],
    }


def head() -> dict[str, Any]:
    """Return a shipped network with an energy head, in units of its box, and its forces there."""
    name = physics_networks.FIRST[2]
    edge, _ = physics_networks.limits()
    x = datasets.generate("lennard-jones", n=20, seed=12, dtype=torch.float64).inputs
    model = physics_networks.in_box(name)
    return {
        "model": model.payload(),
        "molecules": flat(x / edge),
        "forces": flat(edge * physics_networks.energy(name).forces(x)),
        "nodes": models_by_name(name).double().encode(x)[:, :3].tolist(),
    }


# Links and frames


def links() -> list[dict[str, Any]]:
    """Return scenes of every view as texts, with their layouts and values."""
    pose = ((0.1, 0.2, 0.3), (0.7, 0.25, 0.3), (0.4, 0.8, 0.35))
    scenes: list[LinkedScene] = [
        SymmetryScene(),
        SymmetryScene(pose, (0.5, 0.25, 1.5), (0.1, -0.5, 2), "camera", ("sides-h3", "Größe 三")),
        SymmetryScene(pose, models=("sides-h3",), reference=pose[::-1]),
        HiddenScene(choice=("random", "constant")),
        EnergyScene(pose, tool="reshape", line=("fig18",)),
        LatentScene((0.125, -3.5, 1e-3)),
        InsideScene(pose, dials=(0.25, -0.5), input_activation="without", network=("mse-h3",)),
        PointsScene(points="6", reference=tuple(np.linspace(0, 1, 18).tolist())),
        SymmetriesScene(tuple(range(-6, 6)), (7,), rank="none", shown="2", models=("mse-h3",)),
    ]
    return [
        {
            "text": scene.to_text(),
            "layout": [field.payload() for field in scene.LAYOUT],
            "values": {
                field.payload()["name"]: np.ravel(value).astype(np.float32).tolist()
                if field.payload()["kind"] == "numbers"
                else value
                for field in scene.LAYOUT
                if (value := getattr(scene, field.name, None)) is not None
            },
        }
        for scene in scenes
    ]


def frames() -> list[dict[str, Any]]:
    """Return packed frames of one, two and three nodes, and what is in them."""
    random = np.random.default_rng(4)
    found = []
    for nodes in (1, 2, 3):
        numbers = random.uniform(0.001, 2, len(NUMBERS))
        latents = random.normal(size=(POINTS, nodes)) * [1, 30, 0.01][:nodes]
        packed = Frame(numbers, latents).pack()
        placed = latents - latents.mean(axis=0)
        found.append(
            {
                "nodes": nodes,
                "packed": base64.b64encode(packed + packed).decode(),
                "numbers": numbers.tolist(),
                "placed": (placed / np.sqrt(placed.var(axis=0).sum())).tolist(),
            }
        )
    return found


# Hidden units


def hidden_units() -> dict[str, Any]:
    """Readings of three networks and of a film, with and without the activation of the input."""
    inputs = np.random.default_rng(5).uniform(-0.5, 1.5, (50, 9))
    known = datasets.generate("random", n=2000, seed=4).inputs
    readings = {
        name: read_sides(models_by_name(name), known)
        for name in ("sides-h3", "mse-h3", "untrained")
    }
    film = EncoderFilm(slope=0.3)
    for step, reading in enumerate(readings.values()):
        film.add(reading, epoch=step / 2, step=step, side_error=0.1)
    film.revived = [(0, 7), (1, 8)]
    x = torch.tensor(inputs).unflatten(1, (3, 3))
    return {
        "rule": {"residual": RESIDUAL, "offset": OFFSET},
        "inputs": inputs.tolist(),
        "rows": [
            {"name": name, "payload": payload_of(reading), **told(reading, x)}
            for name, reading in readings.items()
        ],
        "looked": [looked(name, known, x) for name in ("sides-h3", "mse-h3", "perimeter-h3")],
        "film": {
            "payload": moments_payload(film),
            "numbers": [list(row) for row in film.numbers],
            "rows": [told(film[index], x) for index in range(len(film))],
        },
    }


def looked(name: str, triangles: Tensor, x: Tensor) -> dict[str, Any]:
    """What the page says of a network, read on half of the triangles, judged on the rest."""
    model = checkpoints.load_autoencoder(name)
    known, fresh = triangles.chunk(2)
    reading = read_sides(model, known)
    arrays = {key: tensor.numpy() for key, tensor in model.state_dict().items()}
    browser = BrowserModel.from_arrays(name, arrays, slope=model.config.slope)
    return {
        "name": name,
        "id": name,
        "title": name,
        "triangles": to_base64(triangles.numpy()),
        "model": browser.payload(),
        "told": told_in_words(tell(reading, fresh)),
        **told(reading, x),
    }


def models_by_name(name: str) -> Autoencoder:
    if name == "untrained":
        return untrained()
    return checkpoints.load_autoencoder(name)


def told(reading: SideReading, x: Tensor) -> dict[str, Any]:
    """What Python says of a reading's units, and of triangles."""
    units, straight = reading.units(), replace(reading, input_activation=False)
    return {
        "side": units.side.tolist(),
        "places": (units.direction * (1 - units.residual**2).sqrt()[:, None]).tolist(),
        "share": units.weight.tolist(),
        "load": units.load.tolist(),
        "watches": units.watches.int().tolist(),
        "strong": units.strong.int().tolist(),
        "sums": reading.sums(x).tolist(),
        "sides": reading.sides(x).tolist(),
        "straight": straight.sides(x).tolist(),
    }


# Symmetry spectra


def motions() -> dict[str, Any]:
    """Return linear motions, where they carry points, and a network's spectrum and real drift."""
    random = np.random.default_rng(6)
    model = checkpoints.load_autoencoder("mse-h3")
    asked = triangles(150, seed=7)
    found = spectrum(of_encoder(model), torch.tensor(asked))
    moving = random.normal(size=(6, 12)) * np.array([[3.0], [1], [0.3], [1e-9], [1], [1]])
    points = random.uniform(size=(5, 3))
    return {
        "motions": moving.tolist(),
        "points": points.ravel().tolist(),
        "moved": [carried(motion, 0.7, points, 0.35).ravel().tolist() for motion in moving],
        "plain": [row.tolist() for basis in MOTION_KINDS.values() for row in basis],
        "network": BrowserModel.from_arrays(
            "mse-h3",
            {name: tensor.numpy() for name, tensor in model.state_dict().items()},
            slope=model.config.slope,
        ).payload(),
        "triangles": flat(asked),
        "spectrum": {
            "values": found.values.tolist(),
            "motions": found.motions.tolist(),
            "metric": found.metric.ravel().tolist(),
        },
        "spread": found.spread,
        "least": GAP,
        "found": found.found,
        "gap": found.gap,
        "threshold": found.threshold,
        "shares": {kind: share.tolist() for kind, share in found.shares.items()},
        "sizes": [found.displacement(motion) for motion in moving],
        "answers": [found.answer(motion) for motion in moving],
        "drifts": [drift(model, asked, found.motions[5], size) / found.spread for size in SIZES],
        "at": SIZES,
    }


SIZES = [-1.0, -0.5, 0.0, 0.0625, 1.0]


def carried(motion: np.ndarray, time: float, points: np.ndarray, centre: float) -> np.ndarray:
    """Return exp(t (A, b)) of points (n, 3) about a centre, by SciPy's matrix exponential."""
    field = np.zeros((4, 4))
    field[:3, :3], field[:3, 3] = motion[:9].reshape(3, 3), motion[9:]
    flow = expm(time * field)
    return (points - centre) @ flow[:3, :3].T + flow[:3, 3] + centre


def drift(model: Autoencoder, asked: np.ndarray, motion: np.ndarray, size: float) -> float:
    """Return how far latents go in a motion, rms over triangles, not yet in spreads."""
    moved = carried(motion, size, asked.reshape(-1, 3), 0.5).reshape(-1, 3, 3)
    both = [model.double().encode(torch.tensor(each)) for each in (asked, moved)]
    return float((both[1] - both[0]).square().sum(1).mean().sqrt())


def finds() -> dict[str, Any]:
    """Return a course of answers with the moments that the library finds in it."""
    random = np.random.default_rng(8)
    answers = {kind: random.uniform(0.5, 3, 40) for kind in MOTION_KINDS}
    answers["strain"][:] = 4
    answers["translation"][22:] *= 0.2
    values = np.sort(10 ** random.uniform(-2, 1, (40, 12)))[:, ::-1]
    epochs = np.arange(1.0, 41.0)
    gaps = values[:, :-1] >= GAP * values[:, 1:]
    return {
        "gap": GAP,
        "epochs": epochs.tolist(),
        "answers": {kind: each.tolist() for kind, each in answers.items()},
        "values": values.tolist(),
        "not_seen": [11 - int(row.argmax()) if row.any() else 0 for row in gaps],
        "found": {
            kind: epoch
            for kind in RIGID_KINDS
            if np.isfinite(epoch := found_at(epochs, answers[kind] * GAP < answers["strain"]))
        },
    }


# Lessons


def lessons() -> dict[str, Any]:
    """Return answers with what is accepted and whether they are right, and goals with amounts."""
    point = Point("sides-h3", (0.0,) * 9, (1.0,) * 9, tolerance=0.25)
    plane = {"after": [1.0, -2.0], "spread": 0.8}
    answers = [
        (question, given, None)
        for question, all_given in (
            (Choice(("a", "b"), "a"), ["a", "b"]),
            (Choice(("a", "b")), ["a", "b"]),
            (Number(3.0, within=0.5), [2.49, 2.5, 3.5, 3.51, -3]),
            (Number(180.0, factor=3.0), [59.9, 60, 540, 541]),
            (Number(0.0, within=0.001), [0, 0.001, 0.002]),
        )
        for given in all_given
    ]
    dots = [(point, given, plane) for given in ([1.0, -2.0], [1.19, -2.0], [1.0, -2.21], [0, 0])]
    goals = [
        (goal, amounts)
        for goal in (
            Goal("turned", at_least=90.0),
            Goal("turned", at_least=90.0, total=True),
            Goal("error", at_most=0.01),
            Goal("chosen", at_least=2.0, at_most=2.0),
            Goal("renumbered"),
        )
        for amounts in ([], [1.0], [60.0, 60.0], [95.0, 2.0], [0.3, 0.009])
    ]
    return {
        "answers": [
            {
                "accepted": question.accepted(),
                "given": given,
                "plane": plane,
                "right": question.judge(given, plane["after"], plane["spread"])
                if isinstance(question, Point) and plane
                else question.judge(given),
            }
            for question, given, plane in [*answers, *dots]
        ],
        "goals": [
            {
                "goal": {
                    "event": goal.event,
                    "atLeast": goal.at_least,
                    "atMost": goal.at_most,
                    "total": goal.total,
                },
                "amounts": amounts,
                "reached": goal.reached(amounts),
            }
            for goal, amounts in goals
        ],
    }
