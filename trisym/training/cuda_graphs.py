"""A training step as a CUDA graph: replayed, it is one launch where an eager step is hundreds.

Source: PyTorch's notes on CUDA semantics, "Whole-network capture".
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import torch
from torch import Tensor

Step = Callable[[Tensor, Tensor, Tensor], None]

WARM_UP = 3  # eager steps first: cuBLAS and the allocator must not set themselves up in a capture
_thread = threading.local()


def _capturing_stream() -> torch.cuda.Stream:
    """Return the thread's stream: cuBLAS keeps 64 MB for each that it ever saw, on an H100."""
    if not hasattr(_thread, "stream"):
        _thread.stream = torch.cuda.Stream()
    return _thread.stream


class CapturedStep:
    """`step(rows, rates, noise)` on a GPU: WARM_UP eager calls, one capture, then replays.

    The step must change tensors in place and never wait for the device; the shapes of its arguments
    may not change.
    """

    def __init__(self, step: Step) -> None:
        self._step = step
        self._eager_calls = 0
        self._stream = _capturing_stream()
        self._graph: torch.cuda.CUDAGraph | None = None
        self._arguments: list[Tensor] = []

    def __call__(self, rows: Tensor, rates: Tensor, noise: Tensor) -> None:
        arguments = (rows, rates, noise)
        if self._eager_calls < WARM_UP:
            self._warm_up(*arguments)
            return
        if self._graph is None:
            self._graph = self._captured(*arguments)
        for kept, given in zip(self._arguments, arguments, strict=True):
            kept.copy_(given)
        self._graph.replay()

    def _warm_up(self, *arguments: Tensor) -> None:
        """Take a step on the stream that captures later."""
        self._eager_calls += 1
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            self._step(*arguments)
        torch.cuda.current_stream().wait_stream(self._stream)

    def _captured(self, *arguments: Tensor) -> torch.cuda.CUDAGraph:
        """Record the step without taking it."""
        self._arguments = [argument.clone() for argument in arguments]
        graph = torch.cuda.CUDAGraph()
        # Other threads may go on: only this one's calls are recorded, and checked.
        with torch.cuda.graph(graph, stream=self._stream, capture_error_mode="thread_local"):
            self._step(*self._arguments)
        return graph
