"""The lessons that are shipped, in the order in which a class takes them, read once a process."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trisym.lessons.lesson import Lesson
from trisym.lessons.reading import LessonError, lesson_from_file
from trisym.lessons.vocabulary import Vocabulary

FOLDER = Path(__file__).parent
ORDER = ("drift", "spectrum", "inside", "training", "energy", "hidden", "misprint")
FIRST = ORDER[0]  # "Start here: 5 minutes"
LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch", "fr": "Français"}
_lock = threading.Lock()
_read: dict[tuple[Path, bool], Shelf] = {}


@dataclass(frozen=True)
class Shelf:
    """The lessons by id, in teaching order, and what was refused, a sentence with file and line."""

    lessons: Mapping[str, Lesson] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


def shelf(vocabulary: Vocabulary | None = None, folder: Path = FOLDER) -> Shelf:
    """Return what is on the shelf; the first call of a process reads the files.

    With a vocabulary, a lesson that names what no page has is refused.
    """
    with _lock:
        key = folder, vocabulary is None
        if key not in _read:
            _read[key] = _shelf(vocabulary, folder)
        return _read[key]


def lesson(name: str) -> Lesson:
    """Return a shipped lesson; KeyError where there is none, or a bad one."""
    return shelf().lessons[name]


def lessons() -> Mapping[str, Lesson]:
    """Return the shipped lessons by their ids."""
    return shelf().lessons


def _shelf(vocabulary: Vocabulary | None, folder: Path) -> Shelf:
    lessons, refused = {}, []
    for file in sorted(folder.glob("*.toml"), key=_place):
        if "." in file.stem:
            continue  # texts
        try:
            lessons[file.stem] = lesson_from_file(file, vocabulary)
        except LessonError as error:
            refused.append(str(error))
    return Shelf(lessons, tuple(refused))


def _place(file: Path) -> tuple[int, str]:
    return ORDER.index(file.stem) if file.stem in ORDER else len(ORDER), file.stem
