"""A few page runs at a time: drawn in turn, a class has its page sooner than all at once.

Thirty threads that draw side by side hand the interpreter's lock and Streamlit's own to and fro
for half of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

AT_ONCE = 2  # one may wait for a file while the other draws
PATIENCE_S = 3.0  # then a run goes on without its turn: one that computes for long holds up nobody

_free = BoundedSemaphore(AT_ONCE)


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn, and have it until the block ends, however it does."""
    has_one = _free.acquire(timeout=PATIENCE_S)
    try:
        yield
    finally:
        if has_one:
            _free.release()
