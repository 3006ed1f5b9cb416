"""What goes into the zip of a page, as JSON: texts as they are, and charts for the browser to draw.

Every visitor's browser has the code that draws charts already, so that the server needs none.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from trisym import citation
from trisym.errors import DataError, TrisymError
from trisym.outside_text import shortened
from trisym.storage import results
from trisym.ui.kit import served
from trisym.ui.kit.charts import PLOTLY, PRINT_WIDTH, Printed, printed
from trisym.ui.kit.offered import Offered, Section, Table
from trisym.version import __version__

README = """{title}: all of this page of trisym {version}. Numbers are in full.

{lines}

The page: {link}
Cite: {software} {thesis}
"""
CHOSEN = "computed in the app from what was chosen on the page, which the link below opens"
_UNUSUAL = re.compile(r"[^\w.-]+")


def parcel(name: str, title: str, has: Offered, link: str) -> dict[str, Any]:
    """Return what the browser makes the zip of; name: of the zip, link: the page's address.

    What can't be made is said so in the README.
    """
    files: dict[str, str] = {}
    charts, told = _charts(has.sections)
    lines = [*_views(has.views, link), *told, *_tables(has.tables, files)]
    about = {"software": citation.SOFTWARE, "thesis": citation.THESIS, "link": link}
    lines = [line if line.startswith(" ") else f"\n{line}" for line in lines]
    text = README.format(title=title, version=__version__, lines="\n".join(lines).strip(), **about)
    return {
        "name": name,
        "files": {"README.txt": text, **files},
        "charts": charts,
        "width": PRINT_WIDTH,
        "vega": _vega() if any(chart["kind"] != PLOTLY for chart in charts) else "",
        "plotly": _plotly() if any(chart["kind"] == PLOTLY for chart in charts) else "",
    }


def _views(pages: Sequence[str], link: str) -> Iterator[str]:
    """Say what the files of the live views are; the browser makes them."""
    for number, page in enumerate(pages, 1):
        name = f"view-{number}" if len(pages) > 1 else "view"
        address = shlex.quote(page if "?" in page else link)
        yield f"{name}.html    the live view as you saw it: open it in any browser, offline"
        yield f"    python -m trisym export {address} {name}.html"
        yield f"{name}.ipynb    a notebook that computes its numbers"
        yield f"    python -m trisym export {address} {name}.ipynb"
        yield f"{name}.png    its picture for print"


def _charts(sections: Sequence[Section]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the charts of a page's sections with names of their own, and what the README says."""
    charts: dict[str, dict[str, Any]] = {}
    lines = []
    for section in sections:
        origin = list(_origin(section.of))
        for chart in printed(lambda section=section: section.draw(False, *section.arguments)):  # type: ignore[misc]
            name = _free(_UNUSUAL.sub("-", chart.key), charts)
            charts[name] = {"name": name, "kind": chart.kind, "spec": chart.spec}
            lines += [f"charts/{name}.svg and .png    {_told(chart)}", *origin]
    return list(charts.values()), lines


def _told(chart: Printed) -> str:
    raster = " In 3D, so that the SVG holds a picture of pixels." if _is_3d(chart) else ""
    return shortened(chart.alt, 400) + raster


def _is_3d(chart: Printed) -> bool:
    return chart.kind == PLOTLY and any("3d" in each["type"] for each in chart.spec["data"])


def _free(name: str, taken: dict[str, Any]) -> str:
    number = 2
    wanted = name
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def _tables(tables: Sequence[Table], files: dict[str, str]) -> Iterator[str]:
    """Add the tables to the files, and say how each is made."""
    for table in tables:
        name = f"tables/{table.name}.csv"
        if name in files:
            continue
        try:
            files[name] = table.content()
        except TrisymError as error:
            yield f"{name} is missing. {shortened(str(error))}"
        else:
            yield name
            yield from _origin(table.of)


def _origin(names: Sequence[str]) -> Iterator[str]:
    """Say by which commands something is made again that is made of result tables."""
    for name in names:
        try:
            card = results.load_card(name)
            made = f"{card['created']}, {card['device']}, trisym {card['versions']['trisym']}"
            yield f"    {shortened(card['command'])}    ({shortened(made)})"
        except (TrisymError, KeyError):
            yield f"    {name}: nothing says how it was made"
    if not names:
        yield f"    {CHOSEN}"


@cache
def _vega() -> str:
    """Return where Streamlit serves vega-embed; it shows this page's charts with it."""
    folder = Path(st.__file__).parent / "static"
    found = sorted(folder.glob("static/js/embed.*.js"))
    if len(found) != 1:
        raise DataError("This Streamlit keeps what draws its charts elsewhere.")
    return found[0].relative_to(folder).as_posix()


@cache
def _plotly() -> str:
    """Serve plotly.js as the Python package brings it; Streamlit keeps its own to itself."""
    from plotly.offline import get_plotlyjs

    return served.put_for_good(get_plotlyjs().encode(), "js")
