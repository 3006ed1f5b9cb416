"""Frames of a film: the same held-out triangles, encoded again and again."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from trisym.config import FitConfig
from trisym.datasets import Split
from trisym.errors import DataError
from trisym.film import MOST_NODES, POSES, TRIANGLES, Frame
from trisym.geometry import random_motions_inside
from trisym.jacobians import of_encoder
from trisym.metrics import orbit_spread
from trisym.networks import Autoencoder
from trisym.spectrum import KINDS, MOTIONS
from trisym.symmetries import held_out, spectrum
from trisym.training.trainer import Record

SEED = 2021  # of the motions
ASKED = 400  # triangles behind a spectrum: 6 ms a frame, its values to 3 %


@dataclass(frozen=True)
class HeldOut:
    """20 held-out triangles, each in 25 rigid motions that stay inside the cube; and 400 others."""

    poses: Float[Tensor, "triangle pose vertex xyz"]
    asked: Float[Tensor, "asked vertex xyz"]  # for the symmetry spectrum
    edge: float

    @classmethod
    def of(cls, split: Split, config: FitConfig) -> HeldOut:
        """Take the first triangles of the test set; a tiny set repeats its few."""
        generator = torch.Generator().manual_seed(SEED)
        shapes = split.test.inputs[torch.arange(TRIANGLES) % len(split.test.inputs)]
        edge = config.data.edge
        assert edge is not None  # DataConfig puts the set's own edge there
        poses = random_motions_inside(shapes, POSES, generator, edge)
        return cls(poses, held_out(config.data, ASKED), edge)

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
            np.array([*numbers, *self._answers(model)]),
            latents[:, :MOST_NODES].double().numpy(),
        )

    def _answers(self, model: Autoencoder) -> list[float]:
        """Return the mean answers and the spectrum; NaN for a network that can't be asked."""
        try:
            found = spectrum(of_encoder(model), self.asked, self.edge)
        except DataError:
            return [math.nan] * (len(KINDS) + MOTIONS)
        return [*(found.answers[kind] for kind in KINDS), *found.values.tolist()]
