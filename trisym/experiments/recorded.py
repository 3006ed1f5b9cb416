"""A recorded run of the invariant network (3.3): what the training page shows at zero clicks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from trisym import datasets
from trisym.experiments.recipe import Recipe, RecipeContext
from trisym.film import MOST_FRAMES, Film, Sampler
from trisym.networks import Autoencoder
from trisym.storage import checkpoints
from trisym.storage.files import write_atomically
from trisym.training.frames import HeldOut
from trisym.training.trainer import Record, fit

NAME = "recorded-run"
MODEL = "sides-h3"
RECORDS_AN_EPOCH = 25  # frames are dense where the cloud forms: in the first epoch
ROWS = 500  # of the table


def _recorded_run(context: RecipeContext) -> pd.DataFrame:
    """Train as the shipped network was trained, alone, with a film of at most 200 frames."""
    config = checkpoints.load_card(context.checkpoint(MODEL)).config
    split = datasets.generate(config.data).split()
    run, held_out = fit(config, split, RECORDS_AN_EPOCH), HeldOut.of(split, config)
    rows, frames = Sampler(ROWS), Sampler(MOST_FRAMES)
    records: list[Record] = []
    film = Film()

    def take(record: Record | None) -> None:
        model = run.model()
        assert isinstance(model, Autoencoder)
        film.frames.append(held_out.frame(model, record, record.lr if record else run.rate).pack())

    if frames.due(0.0):
        take(None)
    for record in run:
        share = min(run.trainer.progress(0), 1.0)
        context.progress(share, f"epoch {record.epoch:.1f}")
        if rows.due(share):
            records.append(record)
        if frames.due(share):
            take(record)
    write_atomically(context.folder / "results" / f"{NAME}.safetensors", film.to_bytes())
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
