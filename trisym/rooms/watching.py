"""Waits for a room to change: one look at the file for all who wait, several times a second.

The file tells of changes by other processes too, which no signal inside this one could.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from trisym.rooms.store import RoomError, Rooms

LOOK_S = 0.12  # a step is on thirty screens in well under a second
OVER = (2**62, 2**62)  # newer than anything: the room is closed, or gone

Seen = tuple[int, int]  # version, guessed


@dataclass
class _Watch:
    waiting: int = 0
    seen: Seen | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    looking: asyncio.Task[None] | None = None


class Watcher:
    """The rooms that somebody of this process waits for; used in one event loop."""

    def __init__(self, rooms: Callable[[], Rooms]) -> None:
        self._rooms = rooms
        self._watches: dict[str, _Watch] = {}

    async def until(self, code: str, is_news: Callable[[Seen], bool], seconds: float) -> None:
        """Return when a room's version and number of guesses are news, or the time is over."""
        watch = self._watches.setdefault(code, _Watch())
        watch.waiting += 1
        if watch.looking is None:
            watch.looking = asyncio.create_task(self._look(code, watch))
        try:
            async with asyncio.timeout(seconds):
                while watch.seen is None or not is_news(watch.seen):
                    await watch.changed.wait()
        except TimeoutError:
            return
        finally:
            watch.waiting -= 1
            if not watch.waiting:
                watch.looking.cancel()
                self._watches.pop(code, None)

    async def _look(self, code: str, watch: _Watch) -> None:
        while True:
            seen = await asyncio.to_thread(self._versions, code)
            if seen != watch.seen:
                watch.seen = seen
                watch.changed.set()
                watch.changed = asyncio.Event()
            await asyncio.sleep(LOOK_S)

    def _versions(self, code: str) -> Seen:
        try:
            return self._rooms().versions(code)
        except RoomError:
            return OVER
