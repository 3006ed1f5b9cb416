"""How runs of one worker process are steered, and how they share its device."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from trisym.jobs.messages import PACES, Control


class RunControl:
    """The control of one run: set from the queue, read between records.

    `waiting_s` is how long it may wait in all, in pauses and between records.
    """

    def __init__(self, waiting_s: float = float("inf")) -> None:
        self.control = Control()
        self.leaving = False  # this process ends: save the state, and train no further
        self._left = waiting_s
        self._changed = threading.Condition()

    def set(self, control: Control) -> None:
        """Take over what the visitor wants now."""
        with self._changed:
            self.control = control
            self._changed.notify_all()

    def leave(self) -> None:
        """Ask the run to save its state and let go."""
        with self._changed:
            self.leaving = True
            self._changed.notify_all()

    @property
    def stopped(self) -> bool:
        return self.control.stopped or self.leaving

    def wait_out_a_pause(self) -> bool:
        """Wait until the run may go on or is stopped; False when it has waited all it may."""
        return self._wait(self._left, lambda: self.stopped or not self.control.paused)

    def wait_for_pace(self) -> None:
        """Wait what the pace asks for between two records; at once when the control changes."""
        control = self.control
        seconds = min(PACES[control.pace], self._left)
        if seconds > 0:
            self._wait(seconds, lambda: self.leaving or self.control != control)

    def _wait(self, seconds: float, over: Callable[[], bool]) -> bool:
        begun = time.monotonic()
        with self._changed:
            reached = self._changed.wait_for(over, min(seconds, threading.TIMEOUT_MAX))
        self._left -= time.monotonic() - begun
        return reached


class Turns:
    """A lock that serves in the order of asking: runs of one worker train a record each in turn."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._line: deque[object] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the device for the block."""
        me = object()
        with self._changed:
            self._line.append(me)
            self._changed.wait_for(lambda: self._line[0] is me)
        try:
            yield
        finally:
            with self._changed:
                self._line.popleft()
                self._changed.notify_all()
