"""Arrays on their way to the browser."""

from __future__ import annotations

import base64

import numpy as np


def to_base64(array: np.ndarray) -> str:
    """Return little-endian float32, row by row, as text for JSON."""
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f4").tobytes()).decode()
