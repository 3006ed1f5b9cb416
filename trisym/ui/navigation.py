"""The pages of the app: one registry for the menu, the cards on the home page, and the tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class PageEntry:
    """A page as the menu and the home page name it.

    `path` is relative to app.py; `icon` is a Material symbol; `question` is what a visitor
    explores there, in one short sentence.
    """

    path: str
    title: str
    icon: str
    question: str

    @property
    def url_path(self) -> str:
        return PurePosixPath(self.path).stem


HOME = PageEntry("pages/home.py", "Home", ":material/home:", "What is this?")

PAGES = (HOME,)
