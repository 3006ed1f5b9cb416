"""What a page has to take away, noted as it is drawn: its tables, its pictures, its live views.

Who takes all of it (trisym.ui.kit.whole_page) asks for it before the page runs; then its folds are
drawn too, though they stay closed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """A table: its name, its CSV when asked for, the results that it is made of."""

    name: str
    content: Callable[[], str]
    of: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """Pictures that are drawn together: how, light or dark, and the results they are made of."""

    draw: Callable[..., None]
    arguments: tuple[Any, ...]
    of: tuple[str, ...]


@dataclass
class Offered:
    """What has been noted of a page so far; wanted: somebody takes it all."""

    wanted: bool
    folds: int = 0
    tables: list[Table] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    views: list[str] = field(default_factory=list)  # what they show, as a link to their page

    def __bool__(self) -> bool:
        return bool(self.folds or self.tables or self.sections or self.views)


_of_page: ContextVar[Offered | None] = ContextVar("of_page", default=None)


@contextmanager
def gathered(*, wanted: bool) -> Iterator[Offered]:
    """Note what is offered inside."""
    offered = Offered(wanted)
    before = _of_page.set(offered)
    try:
        yield offered
    finally:
        _of_page.reset(before)


def fold() -> bool:
    """Note a fold; return whether it is to be drawn although it may be closed."""
    offered = _of_page.get()
    if offered is None:
        return False
    offered.folds += 1
    return offered.wanted


def table(name: str, content: Callable[[], str], of: Sequence[str]) -> None:
    """Note a table."""
    _note("tables", Table(name, content, tuple(of)))


def section(draw: Callable[..., None], arguments: Sequence[Any], of: Sequence[str]) -> None:
    """Note a section; `draw` takes whether it is dark, then the arguments."""
    _note("sections", Section(draw, tuple(arguments), tuple(of)))


def view(page: str) -> None:
    """Note a live view that can be taken away, by the address of its page."""
    _note("views", page)


def _note(kind: str, noted: object) -> None:
    offered = _of_page.get()
    if offered is not None:
        getattr(offered, kind).append(noted)
