"""An encoder's hidden units over a training run: at most 80 moments, float16, 6.7 kB each.

A moment is all that the view of the units needs: the first layer, and how each unit counts for each
of the three sides (encoder_units.SideReading). Rounding moves a side by about 1e-4.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load, save

from trisym.encoder_units import SideReading
from trisym.errors import DataError

MOST_MOMENTS = 80
NUMBERS = ("epoch", "step", "side_error")


@dataclass
class EncoderFilm:
    """Moments of one run in their order; the numbers of each are those of NUMBERS.

    `revived` are the idle units that were put to work (training.idle_units).
    """

    slope: float
    input_activation: bool = True
    numbers: list[tuple[float, ...]] = field(default_factory=list)
    moments: list[np.ndarray] = field(default_factory=list)  # float16, one row of the file
    revived: list[tuple[int, int]] = field(default_factory=list)  # after which step, which unit

    def add(self, reading: SideReading, epoch: float, step: int, side_error: float) -> None:
        """Append a moment; the side error is the whole network's, NaN where it isn't known."""
        parts = (reading.weight, reading.bias, reading.gain, reading.constant)
        self.moments.append(np.concatenate([p.numpy().ravel() for p in parts]).astype("<f2"))
        self.numbers.append((epoch, float(step), side_error))

    def __len__(self) -> int:
        return len(self.moments)

    def thinned(self, most: int) -> EncoderFilm:
        """Return the first moment, the last, and others in equal steps between them."""
        places = np.unique(np.linspace(0, len(self) - 1, min(most, len(self))).round().astype(int))
        numbers, moments = ([rows[i] for i in places] for rows in (self.numbers, self.moments))
        return EncoderFilm(self.slope, self.input_activation, numbers, moments, self.revived)

    def __getitem__(self, index: int) -> SideReading:
        """Return a moment, as rounded."""
        row = torch.from_numpy(self.moments[index].astype(np.float64))
        units = (len(row) - 3) // 13  # 9 weights, a bias, 3 gains a unit; 3 constants
        weight, bias, gain, constant = row.split([9 * units, units, 3 * units, 3])
        layers = (weight.unflatten(0, (units, 9)), bias, gain.unflatten(0, (3, units)), constant)
        return SideReading(*layers, self.slope, self.input_activation)

    def put_to_work(self) -> list[tuple[int, int]]:
        """Return the units that were put to work, each behind the first moment that shows it."""
        steps = np.array([numbers[NUMBERS.index("step")] for numbers in self.numbers])
        firsts = np.searchsorted(steps, [step for step, _ in self.revived], side="right").tolist()
        units = [unit for _, unit in self.revived]
        return [each for each in zip(firsts, units, strict=True) if each[0] < len(self)]

    def to_bytes(self) -> bytes:
        """Return the film as one .safetensors file."""
        revived = np.array(self.revived, np.int32).reshape(-1, 2)
        arrays = {
            "moments": np.stack(self.moments),
            "numbers": np.array(self.numbers),
            "revived": revived,
        }
        about = {"slope": self.slope, "input_activation": self.input_activation}
        return save(arrays, metadata={"encoder_film": json.dumps(about | {"numbers": NUMBERS})})

    @classmethod
    def from_bytes(cls, content: bytes) -> EncoderFilm:
        """Return the film of a file; raises DataError when it is none."""
        try:
            arrays = load(content)
            header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
            about = json.loads(header["__metadata__"]["encoder_film"])
            numbers, moments = arrays["numbers"].tolist(), list(arrays["moments"])
            revived = arrays.get("revived", np.empty((0, 2), np.int32)).tolist()
        except (SafetensorError, KeyError, ValueError) as error:
            raise DataError("This file holds no film of an encoder's units.") from error
        return cls(
            about["slope"],
            about["input_activation"],
            [tuple(row) for row in numbers],
            moments,
            [(step, unit) for step, unit in revived],
        )
