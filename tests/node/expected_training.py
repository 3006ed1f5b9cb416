"""What Python expects of training in the browser: the library's own numbers, in float32."""

from __future__ import annotations

import base64
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from trisym import datasets, energy
from trisym.config import OPTIMIZERS, FitConfig, as_dict
from trisym.datasets import DATASETS, DataConfig, Split
from trisym.evaluation import evaluate
from trisym.film import NUMBERS
from trisym.losses import ENERGY, LOSSES
from trisym.networks import Autoencoder, AutoencoderConfig, Layout, NetworkConfig, PredictorConfig
from trisym.sampling import Pairs
from trisym.storage import checkpoints
from trisym.training import idle_units
from trisym.training.frames import HeldOut
from trisym.training.trainer import Record, Trainer

STEPS = 100
RATE = 1e-3  # at SOAP's 1e-2 PyTorch's own float32 and float64 part by 1e-2 in so many steps
SMALL = DataConfig(n=4000)
NETWORKS: dict[str, NetworkConfig] = {
    "table 3": AutoencoderConfig(),
    "table 3, slope 0.01": AutoencoderConfig(slope=0.01),
    "table 3, h = 2, no activation of the input": AutoencoderConfig(
        latent=2, input_activation=False
    ),
    "table 1": AutoencoderConfig(hidden=(), latent=5),
    "linear": AutoencoderConfig(hidden=(17, 12), activation="linear"),
    "slope 0": AutoencoderConfig(hidden=(33,), slope=0.0),
}


def training() -> dict[str, Any]:
    """Return all of it, by what it is about."""
    return {
        "random": random_numbers(),
        "sets": [drawn(name, "sphere") for name in DATASETS] + [drawn("fixed-side", "polar")],
        "descents": descents(),
        "runs": [trained(name) for name in OPTIMIZERS],
        "seeds": seeds(),
        "idle": idle(),
        "molecules": molecules(),
        "measured": measured(),
    }


def packed(tensor: Tensor | np.ndarray) -> str:
    """Return float32 as base64."""
    return base64.b64encode(np.ascontiguousarray(tensor, dtype="<f4").tobytes()).decode()


def random_numbers() -> dict[str, Any]:
    """Return what PyTorch's generator draws of a large seed, one kind of number after another."""
    seed = 2**40 + 7
    generator = torch.Generator().manual_seed(seed)
    return {
        "seed": seed,
        "singles": torch.rand(700, generator=generator).tolist(),
        "doubles": torch.rand(9, generator=generator, dtype=torch.float64).tolist(),
        "order": torch.randperm(1000, generator=generator).tolist(),
        "normals": [
            torch.randn(n, generator=generator, dtype=torch.float64).tolist()
            for n in (9, 3, 16, 37)
        ],
        "last": torch.rand(3, generator=generator).tolist(),
    }


def drawn(name: str, directions: str) -> dict[str, Any]:
    """Return the beginning of a set, and its sums."""
    config = DataConfig(name, n=3000, seed=5, directions=directions)
    found = datasets.generate(config)
    return {
        "data": as_dict(FitConfig(data=config))["data"],
        "inputs": packed(found.inputs.flatten(1)[:200]),
        "targets": packed(found.targets.flatten(1)[:200]),
        "means": [found.inputs.double().mean().item(), found.targets.double().mean().item()],
    }


def config_of(network: NetworkConfig, **settings: Any) -> FitConfig:
    """Return a small run on the CPU."""
    common = {"data": SMALL, "device": "cpu", "batch": 100, "seed": 11}
    return FitConfig(network=network, **common | settings)


def descents() -> list[dict[str, Any]]:
    """Return a batch's loss, and its slope by each weight, of every loss and network."""
    cases = [
        (title, config_of(network, loss=loss, mse_weight=weight))
        for title, network in NETWORKS.items()
        for loss in LOSSES
        if loss != ENERGY  # which browsers leave to servers
        for weight in ((0.0, 0.3) if title == "table 3" else (0.0,))
    ]
    pairs = config_of(AutoencoderConfig(latent=4), data=replace(SMALL, name="translation-c"))
    return [descent(title, config) for title, config in [*cases, ("pairs", pairs)]]


def descent(title: str, config: FitConfig, split: Split | None = None) -> dict[str, Any]:
    """Return the first batch's loss and slopes; biases are moved off zero first."""
    run = Trainer([config], None if split is None else [split])
    with torch.no_grad():
        run.weights += 0.01
    weights = run.weights.detach().clone()
    run.advance(1)
    return {
        "title": title,
        "config": as_dict(config),
        "weights": parts(run.layout, weights),
        "loss": run._loss_sum.item(),
        "gradients": parts(run.layout, run._gradients),
    }


def parts(layout: Layout, row: Tensor) -> list[str]:
    return [packed(view[0].detach()) for view in layout.views(row).values()]


def trained(name: str) -> dict[str, Any]:
    """Return the course of 100 steps: mean losses of ten steps each, and the weights at the end."""
    betas = OPTIMIZERS[name].betas
    settings = {"lr": RATE, "betas": betas, "epochs": 12, "seed": 12}
    config = config_of(AutoencoderConfig(), optimizer=name, **settings)
    run = Trainer([config])
    losses = []
    for _ in range(STEPS // 10):
        for _ in range(10):
            run._put_to_work()
            run.advance(1)
        losses.append(run._loss_sum.item() / 10)
        run._loss_sum.zero_()
    return {
        "config": as_dict(config),
        "losses": losses,
        "weights": parts(run.layout, run.weights),
        "rate": run.rate(0),
        "revived": [list(each) for each in run.revived[0]],
    }


def seeds() -> dict[str, Any]:
    """Return the side errors that eight seeds end with, and the configuration of all of them."""
    config = config_of(AutoencoderConfig(), lr=1e-2, betas=(0.9, 0.99), epochs=12, revive=0.05)
    run = Trainer([replace(config, seed=seed) for seed in range(8)])
    errors = {member: record.side_error for member, record in run}
    return {"config": as_dict(config), "errors": [errors[seed] for seed in range(8)]}


def idle() -> list[dict[str, Any]]:
    """Return networks before and after a round that finds idle units in each hidden layer."""
    found = []
    for network in (AutoencoderConfig(hidden=(20,)), PredictorConfig(hidden=(24, 20, 18))):
        config = config_of(network, loss="mse", revive=0.3)
        layout = Layout(network)
        generator = torch.Generator().manual_seed(2)
        weights = torch.randn(1, layout.size, generator=generator) ** 3
        views = {name: view[0] for name, view in layout.views(weights).items()}
        for layer in idle_units.hidden_layers(network):
            views[layer.incoming][3:6] *= 1e-3
        before = parts(layout, weights)
        random = idle_units.generator(config.seed, 3)
        units = idle_units.put_to_work(views, network, config.revive, random)
        after = parts(layout, weights)
        found.append({"config": as_dict(config), "before": before, "after": after, "units": units})
    return found


def molecules() -> list[dict[str, Any]]:
    """Return energy predictors' features and targets, and the first batch's loss and slopes."""
    data = DataConfig("lennard-jones", n=4000)
    split = datasets.generate(data).split()
    found = []
    for kind in ("sides", "coordinates"):
        scaled = energy.scaled(kind, split).split
        network = PredictorConfig(inputs=scaled.train.inputs.shape[1])
        config = config_of(network, data=data, loss="mse")
        told = descent(kind, config, scaled)
        held: Pairs = scaled.validation
        samples = {"inputs": packed(held.inputs[:50]), "targets": packed(held.targets[:50])}
        found.append({**told, "kind": kind, **samples})
    return found


def measured() -> dict[str, Any]:
    """Return the frame and the metrics of two shipped networks, as a worker would tell them."""
    rows = []
    for name in ("sides-h3", "mse-h3"):
        model, card = checkpoints.read(name)
        assert isinstance(model, Autoencoder)
        config = replace(card.config, data=replace(card.config.data, n=4000), device="cpu")
        held_out = HeldOut.of(datasets.generate(config.data).split(), config)
        record = Record(1.5, 300, 0.02, 0.03, 0.004, 1e-3, 7.25)
        rows.append(
            {
                "name": name,
                "config": as_dict(config),
                "weights": [packed(tensor) for tensor in model.state_dict().values()],
                "poses": packed(held_out.poses),
                "record": asdict(record),
                "frame": base64.b64encode(held_out.frame(model, record, 1e-3).pack()).decode(),
                "start": base64.b64encode(held_out.frame(model, None, 2e-3).pack()).decode(),
                "metrics": evaluate(model, config),
            }
        )
    return {"rows": rows, "numbers": len(NUMBERS)}
