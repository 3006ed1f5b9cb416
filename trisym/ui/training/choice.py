"""The visitor's settings of a training, as they stand in the page's link: `?loss=mse&h=2`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from types import MappingProxyType

from trisym.config import OPTIMIZERS, PRESETS, FitConfig
from trisym.datasets import DATASETS, DataConfig
from trisym.devices import DEVICES
from trisym.errors import ConfigError
from trisym.losses import ENERGY, LOSSES
from trisym.networks import AutoencoderConfig
from trisym.validation import check_choice

NETWORKS: Mapping[str, str] = MappingProxyType(
    {
        "table-3": "Table 3: 256 – h – 256",
        "table-1": "Table 1: h alone",
        "custom": "Other widths …",
    }
)
HIDDEN: Mapping[str, tuple[int, ...]] = MappingProxyType({"table-3": (256,), "table-1": ()})
CODES: Mapping[str, str] = MappingProxyType(
    {"plain": "Plain: numbers", "variational": "VAE: numbers with noise, at a price"}
)
BUDGETS = ("seconds", "epochs")
PLACES: Mapping[str, str] = MappingProxyType({"here": "in this browser", "server": "on the server"})
CHOICES = {
    "preset": PRESETS,
    "dataset": DATASETS,
    "network": NETWORKS,
    "code": CODES,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "budget": BUDGETS,
    "device": DEVICES,
    "place": PLACES,
}
DIGITS = 15  # of a whole number: a browser tells it from the next
TIMED = ("fast", "vae")  # presets that take a minute, not hours
SECONDS = 20.0  # of the fast preset here: a class waits no longer, and the error is down by then


@dataclass(frozen=True)
class Choice:
    """The form's fields; `config` says whether they can be trained."""

    preset: str = "fast"
    dataset: str = "random"
    n: int = 200_000
    network: str = "table-3"
    widths: str = "64, 64"
    h: int = 3
    code: str = "plain"
    beta: float = PRESETS["vae"].kl_weight  # of a variational one
    slope: float = 0.3
    loss: str = "sides"
    energy: float = 0.0  # λ of Fig. 15
    sees: int = 3  # nodes that an energy head sees, where there is one
    optimizer: str = "soap"
    lr: float = 1e-2
    batch: int = 256
    seed: int = 0
    budget: str = "seconds"
    amount: float = SECONDS
    device: str = "auto"
    place: str = "here"

    def config(self) -> FitConfig:
        """Return the configuration; raises ConfigError or DataError, saying what is allowed."""
        base = PRESETS[self.preset]
        same = self.optimizer == base.optimizer
        if self.budget == "epochs" and self.amount != round(self.amount):
            raise ConfigError(f"The epochs must be a whole number, not {self.amount:g}.")
        epochs = round(self.amount) if self.budget == "epochs" else None
        headed = self.loss == ENERGY or self.energy != 0
        variational = self.code == "variational"
        network = AutoencoderConfig(
            hidden=self._hidden(),
            latent=self.h,
            slope=self.slope,
            sees=self.sees if headed else 0,
            variational=variational,
        )
        return replace(
            base,
            network=network,
            kl_weight=self.beta if variational else 0.0,
            data=DataConfig(self.dataset, n=self.n),
            loss=self.loss,
            energy_weight=self.energy,
            optimizer=self.optimizer,
            betas=base.betas if same else OPTIMIZERS[self.optimizer].betas,
            lr=self.lr,
            batch=self.batch,
            seed=self.seed,
            epochs=epochs,
            seconds=None if epochs is not None else self.amount,
            device=self.device,
        )

    def _hidden(self) -> tuple[int, ...]:
        if self.network != "custom":
            return HIDDEN[self.network]
        try:
            return tuple(int(width) for width in self.widths.split(",") if width.strip())
        except ValueError as error:
            raise ConfigError(
                f"Widths must be whole numbers such as 64, 64; not {self.widths[:40]!r}."
            ) from error

    def with_preset(self, preset: str) -> Choice:
        """Return the choice with all that a preset decides."""
        config, timed = PRESETS[preset], preset in TIMED
        network = config.network
        assert isinstance(network, AutoencoderConfig)  # of every preset
        priced = network.variational
        return replace(
            self,
            preset=preset,
            code="variational" if priced else "plain",
            h=network.latent if priced else self.h,
            beta=config.kl_weight if priced else self.beta,
            optimizer=config.optimizer,
            lr=config.lr,
            batch=config.batch,
            budget="seconds" if timed else "epochs",
            amount=SECONDS if timed else float(config.epochs or 1),
            place="here" if timed and not priced else "server",
        )

    def to_query(self) -> dict[str, str]:
        """Return what differs from the preset's, as texts for the link."""
        plain = asdict(Choice().with_preset(self.preset))
        plain["preset"] = Choice().preset
        values = asdict(self).items()
        return {name: _text(value) for name, value in values if value != plain[name]}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Choice, list[str]]:
        """Return what a link asks for, and a sentence for each part of it that can't be."""
        faults: list[str] = []
        found: dict[str, str | int | float] = {}
        for field in fields(cls):
            if field.name not in query:
                continue
            try:
                found[field.name] = _value(field.name, query[field.name])
            except ConfigError as error:
                faults.append(str(error))
        preset = str(found.get("preset", cls.preset))
        choice = cls().with_preset(preset)
        return replace(choice, **found), faults  # type: ignore[arg-type]


def _text(value: str | int | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _value(name: str, text: str) -> str | int | float:
    if name in CHOICES:
        check_choice(f"{name} in the link", text, CHOICES[name])
        return text
    kind = type(getattr(Choice(), name))
    try:
        value = kind(text)
    except ValueError as error:
        what = "a whole number" if kind is int else "a number"
        raise ConfigError(f"{name} in the link must be {what}, not {text[:40]!r}.") from error
    if isinstance(value, float) and not math.isfinite(value):
        raise ConfigError(f"{name} in the link must be a finite number, not {text[:40]!r}.")
    if isinstance(value, int) and abs(value) >= 10**DIGITS:
        raise ConfigError(
            f"{name} in the link must have at most {DIGITS} digits, not {text[:40]!r}."
        )
    return value
