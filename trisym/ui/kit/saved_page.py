"""A live view as one HTML file that needs no server: the app's module, page and style, and data.

The file is a template, one for each view, with one hole for JSON: Python fills it (trisym.export),
or the browser, which knows the scene as it is now (web/take_away.js). Names and texts are in that
JSON alone, so nothing in them is ever markup. What stands in for Streamlit is web/saved_page.js.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from string import Template
from typing import Any

from trisym import citation
from trisym.paths import ROOT
from trisym.ui.kit import offered, served
from trisym.ui.kit.bundle import bundle
from trisym.ui.kit.notebook import notebook, with_scene
from trisym.ui.kit.served import JsonFile
from trisym.version import __version__

WEB = Path(__file__).parent / "web"
HOLE = "@shown@"
Cards = Sequence[tuple[str, Mapping[str, str]]]  # of models: a title, and what the card says
FONT = '"Source Sans", "Source Sans 3", system-ui, sans-serif'  # the app's where it is installed
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_ENDS = re.compile(r"<(?=/script|/style|/template|!--)", re.IGNORECASE)


@dataclass(frozen=True)
class About:
    """What a saved page says of itself, in plain text; page: its address in the app."""

    page: str
    title: str
    shows: str
    models: Cards = ()

    def payload(self) -> dict[str, Any]:
        """JSON for the browser."""
        models = [{"title": title, "card": dict(card)} for title, card in self.models]
        own = {"version": __version__, "cite": [citation.SOFTWARE, citation.THESIS]}
        return {
            "page": self.page,
            "title": self.title,
            "shows": self.shows,
            "models": models,
            **own,
        }


@dataclass(frozen=True)
class Taken:
    """What a saved page holds beside the view's own data.

    carried: for each carrier, what it brings; instead: thinner values of lists in the data;
    notebook: the view's cells on this page, where they are not those of the view's own.
    """

    about: About
    carried: Sequence[JsonFile] = ()
    instead: Mapping[str, Sequence[JsonFile]] = field(default_factory=dict)
    notebook: Path | None = None


@dataclass(frozen=True)
class SavedPage:
    """The pages that an entry, NAME.js, can be saved as; with the carriers of what it waits for."""

    entry: Path
    carriers: tuple[Path, ...] = ()

    @cached_property
    def template(self) -> str:
        """The page with its hole."""
        return _page(
            markup=self.entry.with_suffix(".html").read_text(encoding="utf-8"),
            style=style_of(self.entry),
            modules="\n".join(
                _module(bundle(entry), f"carry({number}")
                for number, entry in enumerate(self.carriers)
            )
            + _module(bundle(self.entry), "show("),
        )

    def offer(self, taken: Taken) -> dict[str, Any] | None:
        """Return what the browser needs to save the view; None where it can fetch nothing."""
        if not served.is_served():
            return None
        offered.view(taken.about.page)
        return {
            "template": self._address,
            "hole": HOLE,
            "notebook": _notebook_file(self, taken.about.title, taken.notebook).address(),
            "about": taken.about.payload(),
            "carried": [file.address() for file in taken.carried],
            "instead": {
                n: [file.address() for file in files] for n, files in taken.instead.items()
            },
        }

    @cached_property
    def _address(self) -> str:
        return served.put_for_good(self.template.encode(), "txt")

    def notebook(self, title: str, cells: Path | None = None) -> dict[str, Any]:
        """Return the view's notebook, which waits for its scene; cells: of another page."""
        return notebook(cells or self.entry.parents[1] / "notebook.txt", title)

    def filled(self, data: Mapping[str, Any], taken: Taken) -> str:
        """Return the page with a view's data in it."""
        instead = {n: [file.value() for file in files] for n, files in taken.instead.items()}
        shown = {
            "view": {**data, **instead},
            "carried": [file.value() for file in taken.carried],
            "about": taken.about.payload(),
        }
        return self.template.replace(HOLE, in_script(shown))


@cache
def _notebook_file(page: SavedPage, title: str, cells: Path | None) -> JsonFile:
    return JsonFile(page.notebook(title, cells))


@dataclass(frozen=True)
class Shown:
    """A view at a scene, given by the layout's names: to be written as a file of either kind."""

    page: SavedPage
    data: Mapping[str, Any]
    taken: Taken
    scene: Mapping[str, Any]

    def html(self) -> str:
        """Return a web page."""
        return self.page.filled(self.data, self.taken)

    def ipynb(self) -> str:
        """Return a Jupyter notebook."""
        return json.dumps(
            with_scene(self.page.notebook(self.taken.about.title, self.taken.notebook), self.scene),
            indent=1,
        )


def style_of(entry: Path) -> str:
    """Return the style of a view: what all of them share, then its own."""
    files = (WEB / "kit.css", entry.with_suffix(".css"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def in_script(value: object) -> str:
    """Return JSON for a script element: no text in it can end the element, or begin another."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _page(markup: str, style: str, modules: str) -> str:
    page = Template((WEB / "saved_page.html").read_text(encoding="utf-8"))
    return page.substitute(
        version=__version__,
        tokens=tokens(),
        page_style=(WEB / "saved_page.css").read_text(encoding="utf-8"),
        style=_ENDS.sub(r"\\3c ", style),
        markup=markup,
        hole=HOLE,
        host=_ends_nothing((WEB / "saved_page.js").read_text(encoding="utf-8")),
        modules=modules,
    )


def _module(text: str, call: str) -> str:
    """Return a script with a scope of its own, which hands its entry to web/saved_page.js."""
    entry = _ends_nothing(_DEFAULT.sub("const takenEntry = ", text))
    comma = ", " if call[-1] != "(" else ""
    return f'<script type="module">\n{entry}\ntrisymPage.{call}{comma}takenEntry);\n</script>'


def _ends_nothing(script: str) -> str:
    """Return a script in which no string ends the element that it stands in."""
    return _ENDS.sub(r"\\x3c", script)


@cache
def tokens() -> str:
    """Return the app's colours, light and dark, as the variables that Streamlit gives its views."""
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))[
        "theme"
    ]
    shared = _variables({"font": FONT, "baseRadius": theme["baseRadius"]})
    light, dark = (_variables(theme[kind]) for kind in ("light", "dark"))
    return (
        f":root {{ color-scheme: light dark; {shared} {light} }}\n"
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
    )


def _variables(options: Mapping[str, Any]) -> str:
    texts = {name: value for name, value in options.items() if isinstance(value, str)}
    return " ".join(f"--st-{_dashed(name)}: {value};" for name, value in texts.items())


def _dashed(name: str) -> str:
    return re.sub(r"(?=[A-Z])", "-", name).lower()
