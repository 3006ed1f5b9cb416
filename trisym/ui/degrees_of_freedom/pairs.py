"""Fig. 7 with a hand in it: a pair of table 2, its input moved, and what the network answers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from trisym.storage import results
from trisym.ui.kit import models

OTHERS = 6  # other targets of the same input, drawn faintly

LESSONS = {
    "translation-a": "The input never changes, so nothing has to pass through the latent node: the "
    "weights hold the triangle, at the mean of all heights (the faint ones are other targets).",
    "translation-b": "Six numbers pass, the translation sits in the weights. The height z is not "
    "among the six: lift the input, and the prediction's height stays. Its x and y move a little, "
    "as the weights on z saw no gradient and are what they were drawn as.",
    "translation-c": "Nine numbers pass. The translations average to nothing: the prediction is "
    "the input itself.",
}


def count(dataset: str) -> int:
    """Return how many examples there are of a set."""
    examples = results.load("translation-examples")
    return int(examples[examples["dataset"] == dataset]["example"].nunique())


def vertices(examples: pd.DataFrame, example: int, part: str) -> np.ndarray:
    """Return the input, target or prediction of an example, (3, 3)."""
    rows = examples[examples["example"] == example].sort_values("vertex")
    return rows[[f"{part}_{axis}" for axis in "xyz"]].to_numpy(dtype=float)


def moved(
    examples: pd.DataFrame, example: int, shift: Sequence[float], dataset: str
) -> dict[str, np.ndarray]:
    """Return an example's input and target moved by a shift, and the network's prediction."""
    start, end = (
        vertices(examples, example, part) + np.asarray(shift) for part in ("input", "target")
    )
    return {"input": start, "target": end, "prediction": through(dataset, start)[1]}


def through(dataset: str, triangle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the latent point (h,) and the output (3, 3) of a set's shipped network."""
    import torch  # here, as no page should wait for it before it is drawn

    network = models.network(dataset)
    with torch.no_grad():
        latent = network.encode(torch.tensor(triangle, dtype=torch.float32)[None])
        return latent[0].numpy(), network.decode(latent)[0].numpy()


def other_targets(examples: pd.DataFrame, example: int, dataset: str) -> list[np.ndarray]:
    """Return where else the same input was sent; only set a has one input for many targets."""
    if dataset != "translation-a":
        return []
    there = [each for each in examples["example"].unique().tolist() if each != example][:OTHERS]
    return [vertices(examples, each, "target") for each in there]
