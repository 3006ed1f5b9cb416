"""A recorded run of the invariant network (3.3): what pages show of training at zero clicks.

Two films of one run: of its orbits in latent space, and of its encoder's hidden units.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd
from jaxtyping import Float
from torch import Tensor

from trisym import datasets
from trisym.config import FitConfig
from trisym.datasets import Split
from trisym.encoder_film import MOST_MOMENTS, EncoderFilm
from trisym.encoder_units import read_sides
from trisym.experiments.recipe import Recipe, RecipeContext
from trisym.film import MOST_FRAMES, Film, Sampler
from trisym.networks import Autoencoder, AutoencoderConfig
from trisym.storage import checkpoints
from trisym.storage.files import write_atomically
from trisym.training.fit import Fit, fit
from trisym.training.frames import HeldOut
from trisym.training.trainer import Record

NAME = "recorded-run"
UNITS = f"{NAME}-units"
MODEL = "sides-h3"
RECORDS_AN_EPOCH = 25  # frames are dense where the cloud forms: in the first epoch
ROWS = 500  # of the table
READ = 4096  # test triangles that the sides are read from
ENCODER_LAYER = 0  # of the hidden layers: the encoder's only one


@dataclass
class _Cameras:
    """Both films of a run, each with its own moments."""

    held_out: HeldOut
    triangles: Float[Tensor, "batch vertex xyz"]
    units: EncoderFilm
    film: Film = field(default_factory=Film)
    frames: Sampler = field(default_factory=lambda: Sampler(MOST_FRAMES))
    moments: Sampler = field(default_factory=lambda: Sampler(MOST_MOMENTS))

    @classmethod
    def of(cls, split: Split, config: FitConfig) -> _Cameras:
        network = config.network
        assert isinstance(network, AutoencoderConfig)
        units = EncoderFilm(network.slope, network.input_activation)
        return cls(HeldOut.of(split, config), split.test.inputs[:READ], units)

    def look(self, run: Fit, share: float, record: Record | None) -> None:
        """Take what is due at this share of the budget; no record yet: the network as drawn."""
        if self.frames.due(share):
            rate = record.lr if record else run.rate
            self.film.frames.append(self.held_out.frame(_model(run), record, rate).pack())
        if self.moments.due(share):
            error = record.side_error if record else None
            self.units.add(
                read_sides(_model(run), self.triangles),
                epoch=record.epoch if record else 0.0,
                step=record.step if record else 0,
                side_error=math.nan if error is None else error,
            )


def _model(run: Fit) -> Autoencoder:
    model = run.model()
    assert isinstance(model, Autoencoder)
    return model


def _recorded_run(context: RecipeContext) -> pd.DataFrame:
    """Train as the shipped network was trained, alone, with its films."""
    config = checkpoints.load_card(context.checkpoint(MODEL)).config
    split = datasets.generate(config.data).split()
    run, cameras = fit(config, split, RECORDS_AN_EPOCH), _Cameras.of(split, config)
    rows = Sampler(ROWS)
    records: list[Record] = []
    cameras.look(run, 0.0, None)
    for record in run:
        share = min(run.trainer.progress(0), 1.0)
        context.progress(share, f"epoch {record.epoch:.1f}")
        if rows.due(share):
            records.append(record)
        cameras.look(run, share, record)
    cameras.units.revived = [(u.step, u.unit) for u in run.revived if u.layer == ENCODER_LAYER]
    for name, film in ((NAME, cameras.film), (UNITS, cameras.units)):
        write_atomically(context.folder / "results" / f"{name}.safetensors", film.to_bytes())
    return pd.DataFrame([vars(record) for record in records])


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        NAME: Recipe(
            "The training of the invariant network, recorded frame by frame",
            "3.3",
            _recorded_run,
            (MODEL,),
        )
    }
)
