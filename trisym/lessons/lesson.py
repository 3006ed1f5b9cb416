"""What a lesson is: steps with a page, a scene, a question and a goal; its texts by language."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from trisym.errors import ConfigError
from trisym.outside_text import quoted
from trisym.validation import check_number

MOST_WORDS = 60  # of a text: what a class reads while a lecturer breathes
MOST_STEPS = 20
MOST_OPTIONS = 6
MINUTES = (1.0, 45.0)
LONGEST_LINK = 1_600  # characters: a scene with three long names, and what is open beside it
IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
ADDS = "adds"  # amounts of an event that are summed over the gestures of a step
LARGEST = 1e9

Answer = str | float | Sequence[float]  # an option's id, a number, or two latent coordinates


def check_id(what: str, text: str) -> None:
    """Raise ConfigError unless a text may be the id of a lesson, a step or an option."""
    if not IDENTIFIER.fullmatch(text):
        raise ConfigError(
            f"{what} is 1 to 40 small letters, digits and hyphens, such as drift-2, "
            f"not {quoted(text)}."
        )


@dataclass(frozen=True)
class Choice:
    """One of a few options, by their ids; `answer` is the right one, or "" for an opinion."""

    options: tuple[str, ...]
    answer: str = ""

    kind = "choice"

    def __post_init__(self) -> None:
        if not 2 <= len(self.options) <= MOST_OPTIONS or len(set(self.options)) < len(self.options):
            raise ConfigError(f"options must be 2 to {MOST_OPTIONS} different ids.")
        for option in self.options:
            check_id("An option's id", option)
        if self.answer and self.answer not in self.options:
            raise ConfigError(f"answer must be one of {', '.join(self.options)}.")

    def accepted(self) -> dict[str, Any]:
        """Return what is right, as JSON."""
        return {"equals": self.answer or None}

    def judge(self, given: object) -> bool | None:
        """Say whether an answer is right; None where there is no right one."""
        if given not in self.options:
            raise ConfigError(f"An answer must be one of {', '.join(self.options)}.")
        return given == self.answer if self.answer else None


@dataclass(frozen=True)
class Number:
    """A number: right within a distance of the answer (`within`), or within a `factor` of it."""

    answer: float
    within: float | None = None
    factor: float | None = None
    low: float = -LARGEST
    high: float = LARGEST

    kind = "number"

    def __post_init__(self) -> None:
        check_number("answer", self.answer, -LARGEST, LARGEST)
        if (self.within is None) == (self.factor is None):
            raise ConfigError("A number needs a tolerance: either within or factor.")
        if self.within is not None:
            check_number("within", self.within, 0.0, LARGEST)
        if self.factor is not None:
            check_number("factor", self.factor, 1.0, 1000.0)
            if self.answer <= 0:
                raise ConfigError("factor needs an answer above 0.")
        if not self.low <= self.answer <= self.high:
            raise ConfigError("answer must lie from low to high.")

    def accepted(self) -> dict[str, Any]:
        """Return the lowest and the highest number that is right."""
        if self.within is not None:
            return {"from": self.answer - self.within, "to": self.answer + self.within}
        assert self.factor is not None
        return {"from": self.answer / self.factor, "to": self.answer * self.factor}

    def judge(self, given: object) -> bool | None:
        """Say whether a number is right. Raises ConfigError for what is no number in range."""
        check_number("An answer", given, self.low, self.high)
        right = self.accepted()
        return bool(right["from"] <= given <= right["to"])


@dataclass(frozen=True)
class Point:
    """Where the latent point of a triangle lands: "put the dot where it will land".

    model: a shipped network's id; before, after: nine coordinates; axes: which two latent nodes,
    from 1; tolerance: in spreads of the cloud of the network's own triangles.
    """

    model: str
    before: tuple[float, ...]
    after: tuple[float, ...]
    axes: tuple[int, int] = (1, 2)
    tolerance: float = 0.25

    kind = "point"

    def __post_init__(self) -> None:
        for name in ("before", "after"):
            values = getattr(self, name)
            if len(values) != 9 or not all(map(math.isfinite, values)):
                raise ConfigError(f"{name} must be nine finite coordinates.")
        if min(self.axes) < 1 or self.axes[0] == self.axes[1]:
            raise ConfigError("axes must be two different nodes, from 1.")
        check_number("tolerance", self.tolerance, 0.01, 10.0)

    def accepted(self) -> dict[str, Any]:
        """Return the distance that is right, in spreads; where it lands is not known here."""
        return {"near": self.tolerance}

    def judge(self, given: object, truth: Sequence[float] = (), spread: float = 1.0) -> bool | None:
        """Say whether two coordinates are near enough to the truth; None without a truth."""
        if not isinstance(given, list | tuple) or len(given) != 2:
            raise ConfigError("An answer must be two latent coordinates.")
        for each in given:
            check_number("A coordinate", each, -LARGEST, LARGEST)
        return math.dist(given, truth) <= self.tolerance * spread if truth else None


Question = Choice | Number | Point
KINDS: Mapping[str, type[Any]] = {"choice": Choice, "number": Number, "point": Point}


@dataclass(frozen=True)
class Goal:
    """What a live view must tell before a step is done: an event's amount, at least or at most.

    Without either, that it happens. `total`: amounts add up over the gestures of the step.
    """

    event: str
    at_least: float | None = None
    at_most: float | None = None
    total: bool = False

    def __post_init__(self) -> None:
        for name in ("at_least", "at_most"):
            if (value := getattr(self, name)) is not None:
                check_number(name, value, -LARGEST, LARGEST)
        if self.total and self.at_least is None:
            raise ConfigError("total needs at_least.")

    def reached(self, amounts: Sequence[float]) -> bool:
        """Say whether the amounts told since the step began, in their order, reach the goal."""
        values = [sum(amounts)] if self.total and amounts else amounts
        return any(self._holds(value) for value in values)

    def _holds(self, amount: float) -> bool:
        enough = self.at_least is None or amount >= self.at_least
        return enough and (self.at_most is None or amount <= self.at_most)


@dataclass(frozen=True)
class Step:
    """One step: a page's link, what is put away and pointed at, a question, a goal.

    link: as a browser's address has it from the page on: "symmetry?scene=v1.…&evidence=true#fig-9".
    `show`: places that come back when the step is revealed.
    """

    id: str
    link: str
    hide: tuple[str, ...] = ()
    highlight: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    question: Question | None = None
    goal: Goal | None = None

    def __post_init__(self) -> None:
        check_id("A step's id", self.id)
        if len(self.link) > LONGEST_LINK:
            raise ConfigError(f"link has at most {LONGEST_LINK} characters.")
        if not re.fullmatch(r"[a-z_]+", self.page):
            raise ConfigError(
                f"link must begin with a page, such as symmetry, not {quoted(self.link)}."
            )
        if extra := set(self.show) - set(self.hide):
            raise ConfigError(
                f"show may only name what hide names, not {', '.join(sorted(extra))}."
            )

    @property
    def page(self) -> str:
        """The URL path of the page."""
        return urlsplit(self.link).path.strip("/")

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the link."""
        return dict(parse_qsl(urlsplit(self.link).query, keep_blank_values=True))

    @property
    def gated(self) -> bool:
        """Whether there is something to do before the step is done."""
        return self.question is not None or self.goal is not None


@dataclass(frozen=True)
class StepText:
    """The texts of a step: `text` first; `do` says the goal in words; `reveal` comes at the end."""

    text: str
    question: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    do: str = ""
    reveal: str = ""

    def __post_init__(self) -> None:
        for name in ("text", "question", "do", "reveal"):
            if (count := len(getattr(self, name).split())) > MOST_WORDS:
                raise ConfigError(f"{name} has {count} words; at most {MOST_WORDS} are read.")
        if not self.text.strip():
            raise ConfigError("text is missing.")


@dataclass(frozen=True)
class LessonText:
    """A lesson's texts in one language, the steps' by their ids."""

    title: str
    about: str
    steps: Mapping[str, StepText]


def check_ids(steps: Sequence[Step]) -> None:
    """Raise ConfigError where two steps have the same id."""
    ids = [step.id for step in steps]
    if twice := sorted({each for each in ids if ids.count(each) > 1}):
        raise ConfigError(f"Two steps are called {twice[0]}.")


@dataclass(frozen=True)
class Lesson:
    """A lesson: its steps, and its texts by language, the first of which is always there."""

    id: str
    minutes: int
    steps: tuple[Step, ...]
    texts: Mapping[str, LessonText]

    def __post_init__(self) -> None:
        check_id("A lesson's id", self.id)
        check_number("minutes", self.minutes, *MINUTES)
        if not 1 <= len(self.steps) <= MOST_STEPS:
            raise ConfigError(f"A lesson has 1 to {MOST_STEPS} steps.")
        check_ids(self.steps)
        if not self.texts:
            raise ConfigError("A lesson needs texts in one language at least.")

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it has texts in, the complete one first."""
        return tuple(self.texts)

    def text(self, language: str) -> LessonText:
        """Return the texts in a language, or in the lesson's first one."""
        return self.texts.get(language) or next(iter(self.texts.values()))
