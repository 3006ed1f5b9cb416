"""Training of many models of one shape at once, as an iterator of frozen records; no print, no UI.

Batches are rows of a tensor on the device, in an order drawn anew each epoch from the run's own
seed, so a run that is stopped, saved and resumed gives the same records as one that was not (to the
bit on a CPU). On CUDA the order is drawn there, so its batches are others than a CPU's, and a step
is a CUDA graph: the host waits once an epoch, and where idle units are put to work.
`Trainer` trains K members of one shape as one batched program; trisym.training.fit trains one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor

from trisym import datasets, devices
from trisym.config import DTYPES, FitConfig
from trisym.datasets import Split
from trisym.errors import ConfigError, TrainingError
from trisym.geometry import side_lengths
from trisym.networks import (
    Autoencoder,
    AutoencoderConfig,
    Layout,
    Predictor,
    build,
    initial_weights,
)
from trisym.training import idle_units
from trisym.training.batches import Batches
from trisym.training.code_noise import code_noise
from trisym.training.compiled_step import CompiledStep, covers
from trisym.training.cuda_graphs import CapturedStep, Step
from trisym.training.idle_units import Revival
from trisym.training.objective import Losses, Objective, energy_ranges
from trisym.training.optimizers import RULES, AdamRule, State
from trisym.training.schedule import Schedule

RATES_AHEAD = 32  # steps whose learning rates go to a GPU at once: each copy makes the host wait


@dataclass(frozen=True)
class Record:
    """One line of a run's history; losses are means a sample, `side_error` a mean a side."""

    epoch: float
    step: int
    train_loss: float  # over the steps since the last record
    validation_loss: float  # of what is asked for, no weight of MSE or KL in it, and no noise
    side_error: float | None  # None for predictors: they return energies, not triangles
    lr: float
    seconds: float  # spent training; a pause does not count


class Trainer:
    """K members of one shape, trained together; iterate for (member, Record).

    Members may differ in seed, data, learning rate, weights of MSE, KL and energy, revive, latent
    size and budget. One whose budget is spent leaves the stack, and the others go on; one whose
    loss is not finite leaves it too, with its last good weights, and its error is in `failures`.
    `revived` lists each member's hidden units that were put to work so far. `fixed` are weights, by
    their names, that all members have from the start and keep. `compiled` steps in C++ where that
    can be (training.compiled_step): the same numbers but for the order of sums.
    """

    def __init__(
        self,
        configs: Sequence[FitConfig],
        splits: Sequence[Split] | None = None,
        records_per_epoch: int = 1,
        fixed: Mapping[str, Tensor] | None = None,
        compiled: bool = False,
    ) -> None:
        _check_alike(configs)
        self.configs = list(configs)
        first = self.configs[0]
        self.device = devices.choose(first.device)
        self.dtype = DTYPES[first.dtype]
        self.compiled = compiled and not fixed and self.device.type == "cpu" and covers(first)
        self.live = list(range(len(self.configs)))
        self.failures: dict[int, TrainingError] = {}
        self.rounds = [0] * len(self.configs)  # of putting idle units to work, each member has had
        self.revived: list[list[Revival]] = [[] for _ in self.configs]
        self.step = 0
        self.seconds = 0.0
        self._rates_ahead = RATES_AHEAD if self.device.type == "cuda" else 1
        fixed = {name: values.to(self.dtype) for name, values in (fixed or {}).items()}
        generators = self._start_members(fixed)
        self.batches = Batches(
            splits or [_drawn(config) for config in self.configs],
            generators,
            first.batch,
            self.device,
            self.dtype,
        )
        self.schedule = Schedule(self.configs, self.batches.per_epoch, records_per_epoch)
        self._set_objective()

    def _start_members(self, fixed: Mapping[str, Tensor]) -> list[torch.Generator]:
        """Draw the initial weights; return the generators, which draw the batches from then on."""
        first = self.configs[0]
        widest = first.network
        if isinstance(widest, AutoencoderConfig):
            latents = [c.network.latent for c in self.configs]  # type: ignore[union-attr]
            widest = replace(widest, latent=max(latents))
        self.layout = Layout(widest)
        generators = [torch.Generator().manual_seed(c.seed) for c in self.configs]
        weights = [
            {**initial_weights(config.network, generator, self.dtype), **fixed}
            for config, generator in zip(self.configs, generators, strict=True)
        ]
        if self.device.type == "cuda":
            generators = [torch.Generator(self.device).manual_seed(c.seed) for c in self.configs]
        self._fixed = [
            (self.layout.slices[name], values.flatten().to(self.device))
            for name, values in fixed.items()
        ]
        self.rule = RULES[first.optimizer](self.layout, first.betas)
        self._set_weights(self.layout.stack(weights).to(self.device))
        self.state: State = self.rule.init(self.weights)
        self.kept = self.weights.cpu().clone()  # weights at the last good record, of all members
        return generators

    def _set_weights(self, weights: Tensor) -> None:
        self.weights = weights
        self._leaves = [view.requires_grad_() for view in self.layout.views(weights).values()]
        self._gradients = torch.empty_like(weights)
        self._loss_sum = weights.new_zeros(len(weights))
        self._planned: list[Tensor] = []  # learning rates of the next steps, the last one first
        self._descend: Step | None = (
            None  # chosen at the first step, when all that it takes is there
        )

    def _set_objective(self) -> None:
        """Make the losses those of the live members."""
        network, ranges = self.layout.config, None
        if isinstance(network, AutoencoderConfig) and network.sees:
            ranges = self.batches.of_sets(energy_ranges, self.live)
        configs = [self.configs[member] for member in self.live]
        self._objective = Objective.of(configs, ranges, self.weights)

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        while self.live:
            yield from self._next_records()

    def _next_records(self) -> list[tuple[int, Record]]:
        """Train up to the next record; return one for each live member; retire finished ones."""
        start, before, steps = time.perf_counter(), self.seconds, self.step
        end = self.schedule.next_record(self.step)
        while self.step < end:
            self._put_to_work()
            self.advance(end - self.step if self.compiled and self.configs[0].epochs else 1)
            self.seconds = before + time.perf_counter() - start
            if any(self.progress(member) >= 1 for member in self.live):
                break
        records = self._measure(self.step - steps)
        self.seconds = before + time.perf_counter() - start
        records = [(member, replace(r, seconds=self.seconds)) for member, r in records]
        self._retire()
        return records

    def _put_to_work(self) -> None:
        """Start idle units again in the members that are due; the others' weights stay."""
        for row, member in enumerate(self.live):
            config, due = self.configs[member], idle_units.rounds_due(self.progress(member))
            if not config.revive or due <= self.rounds[member]:
                continue
            self.rounds[member] = due
            weights = self.weights[row : row + 1].detach().cpu()  # shared where that is the device
            views = {name: view[0] for name, view in self.layout.views(weights).items()}
            random = idle_units.generator(config.seed, due)
            units = idle_units.put_to_work(views, config.network, config.revive, random)
            self.weights.detach()[row : row + 1] = weights
            self.revived[member] += [Revival(self.step, *unit) for unit in units]

    def advance(self, steps: int) -> None:
        """Take this many optimiser steps, without records; budgets are not looked at."""
        end = self.step + steps
        while self.step < end:
            left = self.batches.per_epoch - self.step % self.batches.per_epoch
            self._train(min(left, end - self.step) if self.compiled else 1)

    def _train(self, steps: int) -> None:
        """Take one step, or when they are compiled, several of one epoch at once."""
        live = [self.configs[member] for member in self.live]
        if self._descend is None:
            self._descend = self._chosen_step()
        self._descend(
            self.batches.rows(self.step, self.live, steps),
            self._next_rates(),
            code_noise(live, self.step, self.layout.latent, self.device, self.dtype),
        )
        self.step += steps
        if self.rule.refresh_every and self.step % self.rule.refresh_every == 0:
            with torch.no_grad():
                self.rule.refresh(self.state)

    def _chosen_step(self) -> Step:
        if self.device.type == "cuda":
            return CapturedStep(self._eager_step)
        if not self.compiled:
            return self._eager_step
        assert isinstance(self.rule, AdamRule)  # `covers` has said so
        first, sizes = self.configs[0], self.layout.config.sizes
        samples, weights = self.batches.train, self.weights.detach()
        return CompiledStep(
            first, sizes, self.rule.eps, samples, weights, self.state, self._loss_sum
        )

    def _next_rates(self) -> Float[Tensor, "member 1"]:
        """Return the members' learning rates of this step, on the device."""
        if not self._planned:
            ahead = range(self._rates_ahead)
            rates = [[[self.rate(member, steps)] for member in self.live] for steps in ahead]
            self._planned = list(self.weights.new_tensor(rates).unbind())[::-1]
        return self._planned.pop()

    def _eager_step(
        self,
        rows: Int64[Tensor, "member batch"],
        rates: Float[Tensor, "member 1"],
        noise: Float[Tensor, "*code"],
    ) -> None:
        """Change weights, state and `_loss_sum` in place: a CUDA graph repeats this on them."""
        inputs, targets = (part.flatten(0, 1)[rows] for part in self.batches.train)
        losses = self._losses(inputs, targets, noise)
        gradients = torch.autograd.grad(losses.descended.sum(), self._leaves)
        torch.cat([gradient.flatten(1) for gradient in gradients], 1, out=self._gradients)
        with torch.no_grad():
            self._loss_sum += losses.asked
            self.rule.step(self.weights, self._gradients, rates, self.state)
            for where, values in self._fixed:
                self.weights[:, where] = values

    def _losses(self, inputs: Tensor, targets: Tensor, noise: Tensor | None = None) -> Losses:
        return self._objective(self.layout.config, self._leaves, inputs, targets, noise)

    def progress(self, member: int, ahead: int = 0) -> float:
        """Return the share of the member's budget that is spent, or will be `ahead` steps on."""
        return self.schedule.spent(member, self.step + ahead, self.seconds)

    def rate(self, member: int, ahead: int = 0) -> float:
        """Return the member's learning rate at this step of its schedule, or `ahead` steps on."""
        return self.schedule.rate(member, self.step + ahead, self.seconds)

    @torch.no_grad()
    def _measure(self, steps: int) -> list[tuple[int, Record]]:
        """Return a record for each live member whose loss is finite; the others fail."""
        inputs, targets = self.batches.watched(self.live)
        losses = self._losses(inputs, targets)
        validation = losses.rebuilt.tolist()
        training = (self._loss_sum / steps).tolist()
        self._loss_sum.zero_()
        errors: list[float | None] = [None] * len(self.live)
        if isinstance(self.layout.config, AutoencoderConfig):
            sides = [side_lengths(part.unflatten(-1, (-1, 3))) for part in (targets, losses.output)]
            errors = (sides[0] - sides[1]).abs().mean((1, 2)).tolist()
        records = []
        for row, member in enumerate(self.live):
            if not math.isfinite(training[row]) or not math.isfinite(validation[row]):
                self._fail(member)
                continue
            self.kept[member] = self.weights[row].cpu()
            epoch, rate = self.step / self.batches.per_epoch, self.rate(member)
            record = Record(
                epoch, self.step, training[row], validation[row], errors[row], rate, 0.0
            )
            records.append((member, record))
        return records

    def _fail(self, member: int) -> None:
        epoch = self.step / self.batches.per_epoch
        self.failures[member] = TrainingError(
            f"The loss stopped being finite in epoch {epoch:.4g} at the learning rate "
            f"{self.schedule.rates[member]:g}; the last good weights are kept. Try a smaller rate."
        )

    def _retire(self) -> None:
        """Take members that are finished or failed out of the stack."""
        done = {m for m in self.live if m in self.failures or self.progress(m) >= 1}
        if not done:
            return
        rows = [row for row, member in enumerate(self.live) if member not in done]
        self.live = [self.live[row] for row in rows]
        self._set_weights(self.weights[rows].detach().clone())
        self.state = {n: t[rows] if t.ndim else t for n, t in self.state.items()}
        self.batches.keep(rows)
        if self.live:
            self._set_objective()

    def generator_state(self) -> UInt8[Tensor, "member byte"]:
        """Return the generators as they were before the order of the running epoch was drawn."""
        return self.batches.state(self.step, self.live)

    def restore(
        self,
        weights: Tensor,
        state: State,
        generators: Tensor,
        step: int,
        seconds: float,
        rounds: int = 0,
        revived: Sequence[Revival] = (),
    ) -> None:
        """Go on from a saved state; raises TrainingError when it is of another network or rule."""
        shapes = {name: (t.shape, t.dtype) for name, t in self.state.items()}
        found = {name: (t.shape, t.dtype) for name, t in state.items()}
        if shapes != found or weights.shape != self.weights.shape:
            raise TrainingError("The saved state does not fit this network and optimiser.")
        # Copies: in a file's memory a tensor may begin anywhere, and on that depends the last bit
        # of a product.
        self._set_weights(weights.to(self.device, self.dtype, copy=True))
        self.kept = self.weights.cpu().clone()
        self.state = {name: tensor.to(self.device, copy=True) for name, tensor in state.items()}
        self.batches.restore(generators, step, self.live)
        self.step, self.seconds = step, seconds
        self.rounds = [rounds] * len(self.rounds)
        self.revived = [list(revived) for _ in self.revived]

    def model(self, member: int = 0) -> Autoencoder | Predictor:
        """Return a member's network with its weights at the last record, on the CPU."""
        network = build(self.configs[member].network).to(self.dtype)
        network.load_state_dict(self.layout.unstack(self.kept[member], network.config))
        return network.eval().requires_grad_(False)


def shape_key(config: FitConfig) -> tuple[object, ...]:
    """Return what members of one program must share; they may differ in all else."""
    network = config.network
    if isinstance(network, AutoencoderConfig):
        network = replace(network, latent=max(network.sees, 1))
    shared = (config.loss, config.optimizer, config.betas, config.batch, config.data.n)
    return (network, *shared, config.dtype, config.device)


def _check_alike(configs: Sequence[FitConfig]) -> None:
    if not configs:
        raise ConfigError("There is nothing to train: give at least one configuration.")
    if len({shape_key(config) for config in configs}) > 1:
        raise ConfigError(
            "Models trained together must have the same network but for its latent size, and the "
            "same loss, optimizer, betas, batch, size of the set, dtype and device."
        )


def _drawn(config: FitConfig) -> Split:
    return datasets.generate(config.data).split()
