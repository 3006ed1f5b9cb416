"""A training step as a CUDA graph: replayed, it is one launch where an eager step is hundreds.

Source: PyTorch's notes on CUDA semantics, "Whole-network capture".
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Step = Callable[[Tensor, Tensor], None]

WARM_UP = 3  # eager steps first: cuBLAS and the allocator must not set themselves up in a capture


class CapturedStep:
    """`step(rows, rates)` on a GPU: WARM_UP eager calls, one capture, and replays from then on.

    The step must change tensors in place and never wait for the device; the shapes of its arguments
    may not change.
    """

    def __init__(self, step: Step) -> None:
        self._step = step
        self._eager_calls = 0
        self._stream = torch.cuda.Stream()
        self._graph: torch.cuda.CUDAGraph | None = None
        self._rows = self._rates = torch.empty(0)

    def __call__(self, rows: Tensor, rates: Tensor) -> None:
        if self._eager_calls < WARM_UP:
            self._warm_up(rows, rates)
            return
        if self._graph is None:
            self._graph = self._captured(rows, rates)
        self._rows.copy_(rows)
        self._rates.copy_(rates)
        self._graph.replay()

    def _warm_up(self, rows: Tensor, rates: Tensor) -> None:
        """Take a step on the stream that captures later."""
        self._eager_calls += 1
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            self._step(rows, rates)
        torch.cuda.current_stream().wait_stream(self._stream)

    def _captured(self, rows: Tensor, rates: Tensor) -> torch.cuda.CUDAGraph:
        """Record the step without taking it."""
        self._rows, self._rates = rows.clone(), rates.clone()
        graph = torch.cuda.CUDAGraph()
        # Other threads may go on: only this one's calls are recorded, and checked.
        with torch.cuda.graph(graph, stream=self._stream, capture_error_mode="thread_local"):
            self._step(self._rows, self._rates)
        return graph
