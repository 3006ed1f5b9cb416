"""Every field of a FitConfig, its network and its data as a command-line option."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import click

from trisym.config import DTYPES, OPTIMIZERS, PRESETS, SCHEDULES, FitConfig
from trisym.datasets import DATASETS, DIRECTIONS, DataConfig
from trisym.devices import DEVICES
from trisym.losses import LOSSES
from trisym.networks import ACTIVATIONS, AutoencoderConfig

# The parts are no values themselves; `train` makes autoencoders of as many points as the set has.
NO_OPTION = ("network", "data", "kind", "vertices")
PARTS: dict[str, type[Any]] = {"fit": FitConfig, "network": AutoencoderConfig, "data": DataConfig}
RENAMED = {("data", "name"): "dataset", ("data", "seed"): "data-seed"}
CHOICES: dict[str, Iterable[str]] = {
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "device": DEVICES,
    "dtype": DTYPES,
    "activation": ACTIVATIONS,
    "dataset": DATASETS,
    "directions": DIRECTIONS,
}
HELP = {
    "loss": "What has to come back: sides, the perimeter, coordinates, or the energy alone.",
    "mse-weight": "Add this much of the coordinates' mean square error to the loss.",
    "energy-weight": "Add this much of the energy's mean square error; a head must see nodes.",
    "kl-weight": "β of a variational network: the price of a nat that its code says.",
    "optimizer": "The optimiser; lr and betas follow it unless they are given.",
    "lr": "Learning rate.",
    "betas": "Two decay rates of the optimiser's averages, such as 0.9,0.99.",
    "schedule": "How the learning rate goes down.",
    "warmup": "Share of the budget in which the learning rate rises.",
    "revive": "Start a hidden unit again below this share of the mean; 0 leaves idle units idle.",
    "batch": "Triangles a step.",
    "epochs": "Budget in epochs: repeats to the bit on a CPU.",
    "seconds": "Budget in seconds, in place of epochs.",
    "seed": "Of the initial weights and the order of the batches.",
    "device": "What computes; auto takes CUDA, else MPS, else the CPU.",
    "dtype": "Precision.",
    "hidden": "Widths between input and latent, such as 256 or 256,64; none for table 1.",
    "latent": "Latent size h.",
    "activation": "Between the layers.",
    "slope": "Of the leaky ReLU below zero.",
    "input-activation": "Whether the leaky ReLU acts on the coordinates too: true or false.",
    "sees": "Latent nodes, the first ones, that an energy head sees; 0 for no head.",
    "variational": "Whether the code is a Gaussian, with noise in training: true or false.",
    "dataset": "The set of triangles to learn from.",
    "n": "Triangles in the set; 80 % train, 10 % validate, 10 % test.",
    "data-seed": "Of the set.",
    "edge": "Of the cube that the triangles lie in.",
    "min-side": "Every side is longer than this.",
    "constant-side": "The length of the constant side, in sets that have one.",
    "directions": "How directions are drawn; polar crowds the poles, as the thesis ran it.",
    "points": "Of each sample of the random set, 2 to 16; the network has as many vertices.",
}

Command = TypeVar("Command", bound=Callable[..., Any])


class Numbers(click.ParamType):
    """Numbers of one kind with commas between them; `none` is no number at all.

    `count` is how many there must be, None for any.
    """

    name = "numbers"

    def __init__(self, kind: type[int] | type[float], count: int | None) -> None:
        self.kind = kind
        self.count = count

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...] | tuple[float, ...]:
        """Return the numbers of a text such as `256,64`."""
        if not isinstance(value, str):
            return tuple(value)
        texts = [] if value in ("", "none") else value.split(",")
        if self.count not in (None, len(texts)):
            self.fail(f"{value!r} must be {self.count} numbers with a comma between", param, ctx)
        try:
            return tuple(self.kind(text) for text in texts)
        except ValueError:
            self.fail(f"{value!r} is not a list such as 1,2 or none", param, ctx)


@dataclass(frozen=True)
class Setting:
    """One field of a configuration, and the option that sets it."""

    part: str  # of PARTS
    field: str
    option: str  # without the two dashes
    type: click.ParamType | type[int] | type[float] | type[str]

    @property
    def help(self) -> str:
        """Return what it means, and its value in each preset where it has one."""
        if self.part == "data" and getattr(DataConfig, self.field) is None:
            return f"{HELP[self.option]}  [the set's]"
        values = {name: self._text(config) for name, config in PRESETS.items()}
        if len(set(values.values())) == 1:
            value = values.popitem()[1]
            return HELP[self.option] + (f"  [{value}]" if value else "")
        return f"{HELP[self.option]}  [{', '.join(f'{n}: {v}' for n, v in values.items())}]"

    def _text(self, config: FitConfig) -> str:
        value = getattr(config if self.part == "fit" else getattr(config, self.part), self.field)
        if isinstance(value, tuple):
            return ",".join(f"{number:g}" for number in value)
        return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _setting(part: str, field: str, hint: Any) -> Setting:
    option = RENAMED.get((part, field), field.replace("_", "-"))
    if option in CHOICES:
        return Setting(part, field, option, click.Choice(list(CHOICES[option])))
    if get_origin(hint) is tuple:
        kinds = get_args(hint)
        count = None if Ellipsis in kinds else len(kinds)
        return Setting(part, field, option, Numbers(kinds[0], count))
    kind = next(kind for kind in get_args(hint) or [hint] if kind is not NoneType)
    return Setting(part, field, option, kind)


SETTINGS = tuple(
    _setting(part, field.name, get_type_hints(cls)[field.name])
    for part, cls in PARTS.items()
    for field in fields(cls)
    if field.name not in NO_OPTION
)


def settings_options(command: Command) -> Command:
    """Give a command an option for every setting; what is given is found by `given`."""
    for setting in reversed(SETTINGS):
        command = click.option(
            f"--{setting.option}",
            type=setting.type,
            help=setting.help,
            callback=_remember,
            expose_value=False,
        )(command)
    return command


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value is not None:
        ctx.meta.setdefault(__name__, {})[param.opts[0].removeprefix("--")] = value


def given(ctx: click.Context) -> dict[str, Any]:
    """Return the settings on this command line, by option."""
    return dict(ctx.meta.get(__name__, {}))


def build_config(preset: str, options: Mapping[str, Any]) -> FitConfig:
    """Return a preset with the options given changed; ConfigError for what is not allowed."""
    base = PRESETS[preset]
    changes: dict[str, dict[str, Any]] = {part: {} for part in PARTS}
    for setting in SETTINGS:
        if setting.option in options:
            changes[setting.part][setting.field] = options[setting.option]
    fit = changes["fit"]
    if "seconds" in fit:
        fit.setdefault("epochs", None)
    if fit.get("optimizer", base.optimizer) != base.optimizer:
        optimizer = OPTIMIZERS[fit["optimizer"]]
        fit.setdefault("lr", optimizer.lr)
        fit.setdefault("betas", optimizer.betas)
    if "variational" in changes["network"]:  # a VAE has a price, and nothing else has
        price = PRESETS["vae"].kl_weight if changes["network"]["variational"] else 0.0
        fit.setdefault("kl_weight", price)
    data = {"n": base.data.n, "seed": base.data.seed, **changes["data"]}
    drawn = DataConfig(**data)
    network = replace(base.network, **{"vertices": drawn.points, **changes["network"]})
    return replace(base, network=network, data=drawn, **fit)
