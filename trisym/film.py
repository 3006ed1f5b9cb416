"""The film of a run: at most 200 frames, each the run's numbers and its latent picture then.

The picture is 20 held-out triangles in 25 rigid motions each, encoded: their orbits. Coordinates
are 16-bit codes between the frame's lowest and highest value of a node, 3 kB a frame. NumPy only.
The numbers end with the symmetry spectrum (trisym.symmetries): mean answers, then the 12 values.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from trisym.errors import DataError

MOST_FRAMES = 200
TRIANGLES, POSES = 20, 25  # of the orbits
POINTS = TRIANGLES * POSES
MOST_NODES = 3  # that a picture shows
TOP = 2**16 - 1
NUMBERS = (
    *("epoch", "step", "seconds", "train_loss", "validation_loss"),
    *("side_error", "orbit_spread", "lr"),
    *("translation", "rotation", "strain"),
    *(f"answer_{rank}" for rank in range(1, 13)),  # the largest first
)
HEAD = 8 * (len(NUMBERS) + 2 * MOST_NODES)  # bytes of a packed frame before its codes


def epochs_rounded(epochs: float) -> float:
    """Return epochs to two decimals, 0.125 to 0.13: as the browser's live numbers are rounded."""
    return math.floor(100 * epochs + 0.5) / 100


def epochs_shown(epochs: float) -> str:
    """Return the one way in which epochs are written: two decimals at most, none where whole."""
    return f"{epochs_rounded(epochs):,.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Frame:
    """One moment: NUMBERS (NaN where a number has no meaning), and latents (point, node)."""

    numbers: np.ndarray  # float64, as NUMBERS names them
    latents: np.ndarray

    def pack(self) -> bytes:
        """Return float64 (numbers, three lowest, three highest) and the codes as uint16."""
        low, high = np.zeros(MOST_NODES), np.zeros(MOST_NODES)
        nodes = self.latents.shape[1]
        low[:nodes], high[:nodes] = self.latents.min(0), self.latents.max(0)
        scale = np.where(high > low, high - low, 1.0)[:nodes]
        codes = np.rint((self.latents - low[:nodes]) / scale * TOP).astype("<u2")
        head = np.concatenate([self.numbers, low, high]).astype("<f8")
        return head.tobytes() + codes.tobytes()

    @classmethod
    def unpack(cls, packed: bytes) -> Frame:
        """Return the frame; latents to one part in 65,535 of their range."""
        count = len(NUMBERS)
        head = np.frombuffer(packed, "<f8", count + 2 * MOST_NODES)
        codes = np.frombuffer(packed, "<u2", offset=head.nbytes).reshape(POINTS, -1)
        nodes = codes.shape[1]
        low, high = head[count : count + nodes], head[count + MOST_NODES :][:nodes]
        return cls(head[:count].copy(), low + codes / TOP * (high - low))

    def __getitem__(self, name: str) -> float:
        return float(self.numbers[NUMBERS.index(name)])


@dataclass
class Film:
    """Frames in their order, packed; all of one size."""

    frames: list[bytes] = field(default_factory=list)

    @property
    def nodes(self) -> int:
        """Number of latent nodes that a frame shows."""
        return Frame.unpack(self.frames[0]).latents.shape[1] if self.frames else 0

    @property
    def steps(self) -> list[float]:
        """Training step of each frame."""
        return [float(step) for step in curve(self.frames)[:, NUMBERS.index("step")]]

    @property
    def last_step(self) -> float:
        """Training step of the last frame; -1 for an empty film."""
        return float(curve(self.frames[-1:])[0, NUMBERS.index("step")]) if self.frames else -1.0

    def until(self, step: float) -> Film:
        """Return the frames up to a step, that one included."""
        told = Film(list(self.frames))  # the run goes on meanwhile
        pairs = zip(told.frames, told.steps, strict=True)
        return Film([frame for frame, taken in pairs if taken <= step])

    def to_bytes(self) -> bytes:
        """Return the film as one .safetensors file."""
        rows = np.frombuffer(b"".join(self.frames), np.uint8).reshape(len(self.frames), -1)
        about = {"triangles": TRIANGLES, "poses": POSES, "numbers": NUMBERS}
        return save({"frames": rows.copy()}, metadata={"film": json.dumps(about)})

    @classmethod
    def from_bytes(cls, content: bytes) -> Film:
        """Return the film of a file; raises DataError when it is none."""
        try:
            rows = load(content)["frames"]
            numbers = _numbers_of(content)
        except (SafetensorError, KeyError, ValueError, TypeError) as error:
            raise DataError("This file holds no film of a training run.") from error
        if numbers != list(NUMBERS[: len(numbers)]):
            raise DataError("This film was made by another version of trisym: train the run again.")
        # An older film lacks the newest numbers.
        missing = np.full(len(NUMBERS) - len(numbers), math.nan, "<f8").tobytes()
        known = 8 * len(numbers)
        head = known + 16 * MOST_NODES
        sizes = [head + 2 * POINTS * nodes for nodes in range(1, MOST_NODES + 1)]
        if rows.dtype != np.uint8 or rows.ndim != 2 or rows.shape[1] not in sizes:
            raise DataError("This file holds frames that are not those of a training run.")
        return cls([row[:known].tobytes() + missing + row[known:].tobytes() for row in rows])


def _numbers_of(content: bytes) -> list[str]:
    """Return which numbers the frames of a film's file begin with: its header says so."""
    size = int.from_bytes(content[:8], "little")
    about = json.loads(content[8 : 8 + size])["__metadata__"]["film"]
    return list(json.loads(about)["numbers"])


class Sampler:
    """Choice of the moments that are kept: `count` of them, denser early, where things happen.

    The k-th is due at the share (k / (count - 1))^2 of the budget.
    """

    def __init__(self, count: int, from_share: float = -1.0) -> None:
        self.last = count - 1
        self.next = 0 if from_share < 0 else self._passed(from_share) + 1

    def _passed(self, share: float) -> int:
        return math.floor(self.last * math.sqrt(min(max(share, 0.0), 1.0)) + 1e-9)

    def due(self, share: float) -> bool:
        """Say whether this moment is to be kept; each is kept once."""
        passed = self._passed(share)
        if passed < self.next:
            return False
        self.next = passed + 1
        return True


def curve(frames: Sequence[bytes]) -> np.ndarray:
    """Return the numbers of all frames, (frame, number)."""
    heads = [np.frombuffer(frame, "<f8", len(NUMBERS)) for frame in frames]
    return np.stack(heads) if heads else np.empty((0, len(NUMBERS)))
