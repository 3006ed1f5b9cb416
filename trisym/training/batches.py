"""The samples that K members learn from, on the device, in an order drawn anew for each epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor

from trisym.datasets import Split
from trisym.errors import ConfigError, TrainingError

WATCHED = 4096  # validation samples behind a record: more cost time and move the third digit

Samples = Float[Tensor, "set sample value"]


class Batches:
    """Each different set lies on the device once; a member has one of them, and its own order.

    The orders come from `generators`, one a member, of the device that they draw on. Raises
    ConfigError for sets of different sizes.
    """

    def __init__(
        self,
        splits: Sequence[Split],
        generators: list[torch.Generator],
        batch: int,
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        different = list({id(split): split for split in splits}.values())
        sizes = {(len(s.train.inputs), len(s.validation.inputs)) for s in different}
        if len(sizes) > 1:
            raise ConfigError("Models trained together need sets of one size.")
        place = {id(split): row for row, split in enumerate(different)}
        self._set_of = torch.tensor([place[id(split)] for split in splits])
        self._device, self._dtype, self._batch = device, dtype, batch
        parts = [(split.train, split.validation) for split in different]
        self.train = [self._joined([train[i] for train, _ in parts]) for i in (0, 1)]
        self._watched = [self._joined([v[i][:WATCHED] for _, v in parts]) for i in (0, 1)]
        self.samples = len(different[0].train.inputs)
        self.per_epoch = max(1, self.samples // batch)
        self._generators = generators
        self._begun_with = [generator.get_state() for generator in generators]
        self._order = torch.empty(len(splits), 0, dtype=torch.long)

    def _joined(self, tensors: list[Tensor]) -> Samples:
        flat = [tensor.flatten(1).to(self._device, self._dtype) for tensor in tensors]
        return flat[0][None] if len(flat) == 1 else torch.stack(flat)

    def rows(self, step: int, live: Sequence[int], steps: int = 1) -> Int64[Tensor, "member batch"]:
        """Return the live members' batches of this step, as rows of all sets joined.

        With those of the steps after it, side by side; `steps` must not reach beyond the epoch.
        """
        within = step % self.per_epoch
        if within == 0:
            self._begin_epoch(live)
        return self._order[:, within * self._batch : (within + steps) * self._batch]

    def _begin_epoch(self, live: Sequence[int]) -> None:
        """Draw the members' orders."""
        self._begun_with = [self._generators[member].get_state() for member in live]
        orders = [
            torch.randperm(
                self.samples, generator=self._generators[member], device=self._generators[0].device
            )
            + self._set_of[member].item() * self.samples
            for member in live
        ]
        self._order = torch.stack(orders).to(self._device)

    def watched(self, live: Sequence[int]) -> list[Float[Tensor, "member sample value"]]:
        """Return the members' validation inputs and targets."""
        sets = self._set_of[list(live)].to(self._device)
        return [part[sets] for part in self._watched]

    def of_sets(self, measure: Callable[[Samples], Tensor], live: Sequence[int]) -> Tensor:
        """Return what is measured of the training inputs of each set, a row a live member."""
        return measure(self.train[0])[self._set_of[list(live)].to(self._device)]

    def keep(self, rows: list[int]) -> None:
        """Go on with some of the live members, by their places among them."""
        self._order = self._order[rows]
        self._begun_with = [self._begun_with[row] for row in rows]

    def state(self, step: int, live: Sequence[int]) -> UInt8[Tensor, "member byte"]:
        """Return the generators as they were before the order of the running epoch was drawn."""
        if step % self.per_epoch:
            return torch.stack(self._begun_with)
        return torch.stack([self._generators[member].get_state() for member in live])

    def restore(self, state: Tensor, step: int, live: Sequence[int]) -> None:
        """Go on from what `state` returned; TrainingError when it is of another kind of device."""
        if state.shape != self.state(step, live).shape:
            raise TrainingError("The state was saved on another kind of device: go on there.")
        for member, saved in zip(live, state, strict=True):
            # A copy: in a file's memory a row may begin anywhere, and torch reads it as words.
            self._generators[member].set_state(saved.clone())
        if step % self.per_epoch:
            self._begin_epoch(live)
