"""Three linked spaces and a latent point in the hand, as a Streamlit component.

Weights and cloud go to the browser once; what comes back is the latent point, when it is let go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from trisym.errors import DataError
from trisym.ui.kit.browser_model import StageModel, to_base64
from trisym.ui.kit.component import registered

WEB = Path(__file__).parent / "web"
MOST_POINTS = 10_000  # of the cloud: what still turns smoothly in three views without a GPU
NODES = 3
FARTHEST = 1e3  # a latent coordinate that no cloud reaches


@dataclass(frozen=True)
class SpaceCloud:
    """The same triangles in three spaces: sides, latents and rebuilt sides, (n, 3) each.

    Raises DataError where these don't belong together.
    """

    sides: np.ndarray
    latents: np.ndarray
    rebuilt: np.ndarray

    def __post_init__(self) -> None:
        n = len(self.sides)
        shapes = (self.sides.shape, self.latents.shape, self.rebuilt.shape)
        if set(shapes) != {(n, NODES)} or not 2 <= n <= MOST_POINTS:
            raise DataError(
                f"A cloud has sides, latents and rebuilt sides (n, 3), n from 2 to "
                f"{MOST_POINTS:,}; got {shapes}."
            )
        if not all(np.isfinite(part).all() for part in (self.sides, self.latents, self.rebuilt)):
            raise DataError("The points of a cloud must be finite numbers.")

    def payload(self) -> dict[str, str]:
        """JSON for the browser."""
        parts = {"sides": self.sides, "latents": self.latents, "rebuilt": self.rebuilt}
        return {name: to_base64(part) for name, part in parts.items()}


_decoder = registered("trisym_decoder", WEB / "decoder.js")


def latent_from_text(text: str) -> tuple[float, ...]:
    """Read three numbers from a link, as 0.5,-0.2,1; raises DataError for anything else."""
    try:
        values = tuple(float(part) for part in text.split(","))
    except ValueError:
        values = ()
    if len(values) != NODES or not all(math.isfinite(v) and abs(v) <= FARTHEST for v in values):
        raise DataError("The link's latent point must be three numbers, such as 0.5,-0.2,1.")
    return values


def decoder(
    model: StageModel, cloud: SpaceCloud, *, key: str, start: tuple[float, ...] | None = None
) -> tuple[float, ...] | None:
    """Show the spaces and return the latent point as the hand left it; None before it did.

    `start` is where the point is at first; by default at the cloud's middle.
    """
    if model.h != NODES:
        raise DataError(f"The decoder by hand shows networks with h = 3, not {model.h}.")
    kept = f"{key}:start"
    # Changed data would start the views again: what they started from is sent at each rerun.
    st.session_state.setdefault(kept, start)
    data = {
        "model": model.payload(),
        "cloud": cloud.payload(),
        "start": st.session_state[kept],
    }
    result = _decoder(key=key, data=data, on_latent_change=lambda: None)
    if (left := result.get("latent")) is None:
        return None
    return latent_from_text(",".join(str(value) for value in left))
