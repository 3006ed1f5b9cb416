"""Where somebody is in a lesson, as a link says it: ?lesson=drift&step=3&lang=de."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trisym.errors import DataError
from trisym.lessons.lesson import Lesson
from trisym.outside_text import quoted

PARAMETERS = ("lesson", "step", "lang")


@dataclass(frozen=True)
class Position:
    """A step of a lesson, counted from 1, and the language of its texts."""

    lesson: str
    step: int = 1
    language: str = "en"

    @property
    def place(self) -> tuple[str, int]:
        """Where it is, in whatever language."""
        return self.lesson, self.step

    def query(self) -> dict[str, str]:
        """Return the parameters of its link."""
        return {"lesson": self.lesson, "step": str(self.step), "lang": self.language}


def from_query(query: Mapping[str, str], lessons: Mapping[str, Lesson]) -> Position | None:
    """Return where a link leads; None where it is of no lesson.

    An unknown language becomes the lesson's own. Raises DataError, one sentence, for a lesson or a
    step that there is not.
    """
    if "lesson" not in query:
        return None
    name = query["lesson"]
    if name not in lessons:
        raise DataError(f"This link asks for a lesson {quoted(name)}, which there is not.")
    lesson = lessons[name]
    count = len(lesson.steps)
    step = query.get("step", "1")
    if not (step.isascii() and step.isdecimal() and len(step) < 4 and 1 <= int(step) <= count):
        raise DataError(
            f"This link asks for step {quoted(step)}; the lesson {name} has steps 1 to {count}."
        )
    language = query.get("lang", "")
    return Position(name, int(step), language if language in lesson.texts else lesson.languages[0])
