"""Where a class stands: a page with its link, a step of a lesson, and what of it is revealed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Standing:
    """Where a class stands.

    page: a URL path, "" for home; query: the link's parameters, the scene among them; scene: the
    name of the parameter with the live view's scene, "" where it has none; lesson, step, language:
    "" and 0 where no lesson is on; question: the name of the step's question, "" without one;
    revealed: whether its truth is shown; cohort: counts the classes that the room has had.
    """

    page: str = ""
    query: Mapping[str, list[str]] = field(default_factory=dict)
    scene: str = ""
    lesson: str = ""
    step: int = 0
    language: str = ""
    question: str = ""
    revealed: bool = False
    cohort: int = 0

    def state(self) -> dict[str, Any]:
        """Return it as JSON that the store keeps."""
        return asdict(self)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Standing:
        """Return what the store kept; entries that this version does not know are left out."""
        known = {name: state[name] for name in cls.__dataclass_fields__ if name in state}
        return cls(**known)

    @property
    def open_question(self) -> str | None:
        """The question that takes guesses: until its truth is shown."""
        return self.question if self.question and not self.revealed else None

    @property
    def scene_text(self) -> str:
        """The live view's scene, which a browser shows without the server's help."""
        return next(iter(self.query.get(self.scene, [])), "")

    def key(self, rest: str = "") -> str:
        """Return what is the same for all standings that a browser can show by itself.

        They differ in the scene and in what is revealed; rest: what of the page needs a run.
        """
        return _mark([self.lesson, self.step, self.question, self.page_key(rest)])

    def page_key(self, rest: str = "") -> str:
        """Return what is the same for all standings that need no new run of the page.

        The panel of a lesson runs by itself.
        """
        query = {name: values for name, values in self.query.items() if name != self.scene}
        return _mark([self.page, query, bool(self.lesson), self.cohort, rest])


def _mark(value: object) -> str:
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
