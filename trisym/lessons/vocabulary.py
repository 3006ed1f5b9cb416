"""What a lesson may name of a page: its parts, what its live view tells, its scene in a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Check = Callable[[str], object]  # raises TrisymError for a text that is no scene

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class PageVocabulary:
    """The places of a page and the events of its live view, each with what it is in words.

    view: parts of the live view, which a lesson may put away or point at; page: parts of the page
    around it, which it may put away. events: what the view tells of, with the unit of its amount.
    scenes: by query parameter, what reads the scene that the parameter holds.
    """

    view: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    page: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    events: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    scenes: Mapping[str, Check] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def places(self) -> Mapping[str, str]:
        """All that may be put away."""
        return {**self.view, **self.page}


Vocabulary = Mapping[str, PageVocabulary]  # by the page's URL path
