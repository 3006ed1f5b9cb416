"""Frames of a film: the orbits of 20 held-out triangles, encoded again and again."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from trisym.config import FitConfig
from trisym.datasets import Split
from trisym.film import MOST_NODES, POSES, TRIANGLES, Frame
from trisym.geometry import random_motions_inside
from trisym.metrics import orbit_spread
from trisym.networks import Autoencoder
from trisym.training.trainer import Record

SEED = 2021  # of the motions


@dataclass(frozen=True)
class HeldOutOrbits:
    """20 held-out triangles, each in 25 rigid motions that stay inside the cube."""

    poses: Float[Tensor, "triangle pose vertex xyz"]

    @classmethod
    def of(cls, split: Split, config: FitConfig) -> HeldOutOrbits:
        """Take the first triangles of the test set; a tiny set repeats its few."""
        generator = torch.Generator().manual_seed(SEED)
        shapes = split.test.inputs[torch.arange(TRIANGLES) % len(split.test.inputs)]
        assert config.data.edge is not None  # DataConfig puts the set's own edge there
        return cls(random_motions_inside(shapes, POSES, generator, config.data.edge))

    def frame(self, model: Autoencoder, record: Record | None, rate: float) -> Frame:
        """Return the frame of a model at a record; None for the network as it was drawn."""
        with torch.no_grad():
            dtype = next(model.parameters()).dtype
            latents = model.encode(self.poses.flatten(0, 1).to(dtype))
        spread = orbit_spread(latents.unflatten(0, (TRIANGLES, POSES)))
        nan = math.nan
        if record is None:
            numbers = [0.0, 0.0, 0.0, nan, nan, nan, spread, rate]
        else:
            error = nan if record.side_error is None else record.side_error
            losses = [record.train_loss, record.validation_loss, error]
            numbers = [record.epoch, float(record.step), record.seconds, *losses, spread, rate]
        return Frame(
            torch.tensor(numbers, dtype=torch.float64).numpy(),
            latents[:, :MOST_NODES].double().numpy(),
        )
