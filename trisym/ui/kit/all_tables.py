"""All tables of a part of a page as one zip, with a README that says how each was made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st

from trisym import citation
from trisym.errors import TrisymError
from trisym.outside_text import shortened
from trisym.storage import results
from trisym.version import __version__

README = """Tables of trisym {version}, numbers in full.

{lines}

{link}
Cite: {software} {thesis}
"""


@dataclass(frozen=True)
class Table:
    """A table that is offered: its name, its CSV when asked for, the results that it is made of."""

    name: str
    content: Callable[[], str]
    of: tuple[str, ...]


_offered: ContextVar[list[Table] | None] = ContextVar("offered", default=None)


def note(name: str, content: Callable[[], str], of: Sequence[str] = ()) -> None:
    """Remember a table that a page offers by itself; of: the result tables that it is made of."""
    offered = _offered.get()
    if offered is not None:
        offered.append(Table(name, content, tuple(of) or ((name,) if _is_result(name) else ())))


@contextmanager
def together(key: str) -> Iterator[None]:
    """Offer the tables offered inside once more, as one zip below them, where there are several."""
    tables: list[Table] = []
    before = _offered.set(tables)
    try:
        yield
    finally:
        _offered.reset(before)
    if len(tables) < 2:
        return
    link = _link()
    st.download_button(
        f"All {len(tables)} tables as one zip",
        lambda: zipped(tables, link),
        file_name="trisym-tables.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        on_click="ignore",
        key=f"{key}:zip",
        help="With a README that names the command that makes each of them again",
    )


def zipped(tables: Sequence[Table], link: str) -> bytes:
    """Return a zip of the tables; one that can't be made is said so in the README."""
    content, lines = io.BytesIO(), []
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in tables:
            try:
                archive.writestr(f"{table.name}.csv", table.content())
            except TrisymError as error:
                lines.append(f"{table.name}.csv is missing. {error}")
            else:
                lines += [f"{table.name}.csv", *(f"    {line}" for line in _origin(table))]
        about = {"software": citation.SOFTWARE, "thesis": citation.THESIS, "link": link}
        text = README.format(version=__version__, lines="\n".join(lines), **about)
        archive.writestr("README.txt", text)
    return content.getvalue()


def _origin(table: Table) -> Iterator[str]:
    """Say how a table is made again."""
    for name in table.of:
        card = results.load_card(name)
        made = f"{card['created']}, {card['device']}, trisym {card['versions']['trisym']}"
        yield shortened(f"{card['command']}    ({made})")
    if not table.of:
        yield "computed in the app from its results and what was chosen, which the link below opens"


def _is_result(name: str) -> bool:
    return results.stamp(name) != (None, None)


def _link() -> str:
    """Return the page's address with what is chosen on it."""
    chosen = urlencode(st.query_params.to_dict(), doseq=True)
    return f"The page: {st.context.url or 'the app'}{'?' + chosen if chosen else ''}"
