"""FitConfig: all that decides a training run, and the presets: `fast`, `thesis`, `thesis-text`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import torch

from trisym import bounds, devices
from trisym.datasets import DataConfig
from trisym.errors import ConfigError
from trisym.losses import ALL_LOSSES, ENERGY
from trisym.networks import KINDS, AutoencoderConfig, NetworkConfig
from trisym.outside_text import quoted
from trisym.validation import build, check_choice, check_whole, later


@dataclass(frozen=True)
class Optimizer:
    """An optimiser that can be chosen: its title, and the rate and betas to start from."""

    title: str
    lr: float
    betas: tuple[float, float]


OPTIMIZERS = {  # how each steps: trisym.training.optimizers
    "soap": Optimizer("SOAP", 1e-2, (0.9, 0.99)),
    "adam": Optimizer("Adam", 1e-3, (0.9, 0.999)),
    "adam-amsgrad": Optimizer("Adam with AMSGrad", 1e-3, (0.9, 0.999)),
    "adamw": Optimizer("AdamW", 1e-3, (0.9, 0.999)),
    "adagrad": Optimizer("Adagrad", 1e-3, (0.0, 0.0)),
}
SCHEDULES = ("cosine", "constant")
DTYPES = {"float32": torch.float32, "float64": torch.float64}


@dataclass(frozen=True)
class FitConfig:
    """Complete settings of a run. The defaults are the `fast` preset on the network of table 3.

    Give a budget in epochs, which repeats to the bit, or in seconds, which ends on time on any
    machine.
    """

    network: NetworkConfig = field(default_factory=AutoencoderConfig)
    data: DataConfig = field(default_factory=DataConfig)
    loss: str = "sides"
    mse_weight: float = 0.0  # adds this much of eq. 2 to the loss; 0 leaves the pose free
    # λ of Fig. 15: adds this much of the energy's MSE. At 0 a head learns, the encoder is not told.
    energy_weight: float = later(0.0, before=0.0)
    # β: adds this much of the code's divergence from a standard normal, where it is a Gaussian.
    kl_weight: float = later(0.0, before=0.0)
    optimizer: str = "soap"
    lr: float = 1e-2
    betas: tuple[float, float] = (0.9, 0.99)
    schedule: str = "cosine"
    warmup: float = 0.1  # share of the budget; without it 2 of 8 SOAP runs ended in a poor minimum
    # Hidden units below this share of their layer's mean are put to work; 0 leaves them idle.
    revive: float = later(0.05, before=0.0)
    batch: int = 256
    epochs: int | None = 16
    seconds: float | None = None
    seed: int = 0  # of the initial weights and the order of the batches
    device: str = "auto"
    dtype: str = "float32"

    def __post_init__(self) -> None:
        check_choice("loss", self.loss, ALL_LOSSES)
        check_choice("optimizer", self.optimizer, OPTIMIZERS)
        check_choice("schedule", self.schedule, SCHEDULES)
        check_choice("device", self.device, devices.DEVICES)
        check_choice("dtype", self.dtype, DTYPES)
        for name in ("lr", "mse_weight", "warmup", "revive"):
            bounds.check(name, getattr(self, name))
        bounds.check("λ", self.energy_weight)
        if not isinstance(self.betas, tuple) or len(self.betas) != 2:
            raise ConfigError(
                f"betas must be two numbers from 0 to 0.9999, not {quoted(self.betas)}."
            )
        for beta in self.betas:
            bounds.check("A beta", beta)
        bounds.check("seed", self.seed)
        points = self.data.points
        if isinstance(self.network, AutoencoderConfig) and self.network.vertices != points:
            raise ConfigError(
                f"The samples have {points} points: the network must have {points} vertices, not "
                f"{self.network.vertices}."
            )
        if (needed := ALL_LOSSES[self.loss].points) not in (None, points):
            raise ConfigError(f"The loss {self.loss} is one of {needed} points, not {points}.")
        self._check_energy()
        self._check_kl_weight()
        most = max(self.data.trained_on, 1)
        check_whole("batch", self.batch, 1, most, " (the training set)")
        if (self.epochs is None) == (self.seconds is None):
            raise ConfigError("Give a budget either in epochs or in seconds.")
        if self.epochs is not None:
            bounds.check("epochs", self.epochs)
        if self.seconds is not None:
            bounds.check("seconds", self.seconds)

    def _check_energy(self) -> None:
        """Raise ConfigError for an energy without a head, or of molecules whose atoms may touch."""
        headed = isinstance(self.network, AutoencoderConfig) and self.network.sees > 0
        if (self.loss == ENERGY or self.energy_weight) and not headed:
            raise ConfigError(
                "An energy is learned by a head on the latent: let it see 1 node or more."
            )
        if headed and not self.data.min_side:
            raise ConfigError(
                "The energy has no bound where two atoms meet: take a set whose sides have a "
                "minimum, such as lennard-jones."
            )
        if headed and self.network.variational:  # type: ignore[union-attr]
            raise ConfigError("A VAE has no energy head: let the head see 0 nodes.")

    def _check_kl_weight(self) -> None:
        bounds.check("β", self.kl_weight)
        network = self.network
        variational = isinstance(network, AutoencoderConfig) and network.variational
        if variational and not self.kl_weight:
            raise ConfigError("β must be above 0: without a price, a VAE is a plain network.")
        if self.kl_weight and not variational:
            raise ConfigError(
                f"β must be 0 for a network that is no VAE, not {quoted(self.kl_weight)}."
            )

    @property
    def steps_per_epoch(self) -> int:
        """Return how many whole batches the training set has."""
        return max(1, self.data.trained_on // self.batch)

    def spent(self, epochs: float, seconds: float) -> float:
        """Return the share of the budget that so much training takes; above 1 beyond its end."""
        if self.epochs is not None:
            return epochs / self.epochs
        assert self.seconds is not None  # it has one of the two
        return seconds / self.seconds


PRESETS = {
    "fast": FitConfig(),
    "thesis": FitConfig(  # what the notebooks ran
        optimizer="adam-amsgrad",
        lr=1e-3,
        betas=(0.9, 0.999),
        schedule="constant",
        warmup=0.0,
        revive=0.0,
        batch=32,
        epochs=2000,
    ),
    "thesis-text": FitConfig(  # what section 2.2 says; the rate is Keras' default
        optimizer="adagrad",
        lr=1e-3,
        betas=(0.0, 0.0),
        schedule="constant",
        warmup=0.0,
        revive=0.0,
        batch=32,
        epochs=2000,
    ),
    # Six nodes, of which this β leaves the three that a triangle needs (`reproduce vae`).
    "vae": FitConfig(network=AutoencoderConfig(latent=6, variational=True), kl_weight=1e-2),
}


def as_dict(config: FitConfig) -> dict[str, Any]:
    """Return the configuration as plain JSON values; `from_dict` is its inverse."""
    return asdict(config)


def from_dict(values: object) -> FitConfig:
    """Build a FitConfig from what `as_dict` gave.

    Raises ConfigError for anything else: missing or unknown keys, wrong types, sizes out of bounds.
    """
    return build(FitConfig, values, "The configuration", network)


def network(cls: type[Any], values: Any) -> Any:
    """Build a network's configuration, of the class that its kind names."""
    kind = values.get("kind") if isinstance(values, dict) else None
    check_choice("The kind of network", kind, KINDS)
    return build(KINDS[str(kind)], values, "network")
