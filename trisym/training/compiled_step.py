"""A training step as compiled C++ (step.cpp): on a CPU, small batches spend their time in torch.

For Adam with AMSGrad, on triangles and energies: what the thesis's own protocol needs. The compiler
is the machine's; where there is none, or for anything else, the trainer steps with torch.
"""

from __future__ import annotations

import ctypes
import logging
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from trisym.config import FitConfig
from trisym.networks import AutoencoderConfig

log = logging.getLogger(__name__)

SOURCE = Path(__file__).with_name("step.cpp")
COMPILERS = ("c++", "g++", "clang++")
# Sums may be taken in any order, as in torch. -ffast-math would do more: it makes the whole process
# flush small numbers to zero, and lets the compiler believe that none is infinite.
REORDER = ("-fassociative-math", "-fno-signed-zeros", "-fno-trapping-math", "-fno-math-errno")
FLAGS = (
    "-O3",
    "-march=native",
    *REORDER,
    "-freciprocal-math",
    "-funroll-loops",
    "-std=c++17",
    "-shared",
    "-fPIC",
)
LOSSES = {"sides": 0, "perimeter": 1, "mse": 2}


class _Task(ctypes.Structure):
    """The `Task` of step.cpp."""

    _fields_ = [
        ("members", ctypes.c_int32),
        ("layers", ctypes.c_int32),
        ("widths", ctypes.c_void_p),
        ("loss", ctypes.c_int32),
        ("bent_input", ctypes.c_int32),
        *((name, ctypes.c_double) for name in ("first", "second")),
        *((name, ctypes.c_float) for name in ("slope", "eps")),
        *((name, ctypes.c_void_p) for name in ("inputs", "targets")),
        *((name, ctypes.c_void_p) for name in ("weights", "mean", "square", "square_max")),
        ("loss_sum", ctypes.c_void_p),
    ]


class CompiledStep:
    """`step(rows, rates, noise)` in C++, which changes the tensors that it is given in place.

    `rows` (member, batch * n) are n steps, which all take these rates; there is no noise.
    They must be contiguous float32 tensors on the CPU, and `covers` must be true of the settings.
    """

    def __init__(
        self,
        config: FitConfig,
        widest: tuple[int, ...],
        eps: float,
        samples: Sequence[Tensor],
        weights: Tensor,
        state: dict[str, Tensor],
        loss_sum: Tensor,
    ) -> None:
        network = config.network
        widths = torch.tensor(widest, dtype=torch.int32)
        samples = [part.contiguous() for part in samples]
        tensors = [*samples, weights, *(state[n] for n in ("mean", "square", "square_max"))]
        self._kept = (widths, *tensors, loss_sum)  # the structure holds addresses only
        self._count, self._batch = state["count"], config.batch
        library = _library(config.batch)
        assert library is not None  # `covers` has said so
        self._take = library.train_steps
        self._task = _Task(
            len(weights),
            len(widest) - 1,
            widths.data_ptr(),
            LOSSES[config.loss],
            int(network.input_activation),
            *config.betas,
            network.slope if network.activation == "leaky-relu" else 1.0,
            eps,
            *(tensor.data_ptr() for tensor in (*tensors, loss_sum)),
        )
        self._address = ctypes.addressof(self._task)
        self._steps = int(self._count.item())

    def __call__(self, rows: Tensor, rates: Tensor, noise: Tensor) -> None:
        steps = rows.shape[1] // self._batch
        where = (rows.data_ptr(), rows.stride(0), rates.data_ptr())
        self._take(self._address, *where, self._steps, steps)
        self._steps += steps
        self._count.fill_(self._steps)


def covers(config: FitConfig) -> bool:
    """Say whether step.cpp does what these settings ask for, and a compiler can be had."""
    network = config.network
    plain = not isinstance(network, AutoencoderConfig) or (
        network.vertices == 3 and not network.sees and not network.variational
    )
    asked = not (config.mse_weight or config.energy_weight or config.kl_weight)
    fits = config.loss in LOSSES and (config.loss == "mse" or network.kind == "autoencoder")
    rule = config.optimizer == "adam-amsgrad" and config.dtype == "float32"
    steady = config.schedule == "constant" and not config.warmup and not config.revive
    covered = plain and asked and fits and rule and steady
    return covered and compiler() is not None and _library(config.batch) is not None


@cache
def compiler() -> str | None:
    """Return where the machine's C++ compiler lies, or None."""
    return next(filter(None, map(shutil.which, COMPILERS)), None)


@cache
def _library(batch: int) -> ctypes.CDLL | None:
    """Compile step.cpp for a batch size, once a process: two seconds; None where that can't be."""
    found = compiler()
    assert found is not None  # `covers` has asked
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder) / "step.so"
        command = [found, *FLAGS, f"-DBATCH={batch}", str(SOURCE), "-o", str(built)]
        try:
            subprocess.run(command, check=True, capture_output=True)
            library = ctypes.CDLL(str(built))
        except (OSError, subprocess.CalledProcessError) as error:
            log.warning("Training steps with torch, as step.cpp can't be compiled: %s", error)
            return None
    library.train_steps.argtypes = [
        *(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64),
        *(ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64),
    ]
    library.train_steps.restype = None
    return library
