"""Result tables: what `reproduce` wrote and pages draw, each a CSV with a JSON card. No torch."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trisym.errors import DataError, TrisymError
from trisym.paths import PRETRAINED as PRETRAINED
from trisym.storage.files import write_atomically

if TYPE_CHECKING:
    import pandas

RESULTS = PRETRAINED / "results"


def save(name: str, table: pandas.DataFrame, card: dict[str, Any], folder: Path = RESULTS) -> None:
    """Write a table (six significant digits) and the card that says how it was made."""
    text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    write_atomically(folder / f"{name}.csv", text.encode())
    card_text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    write_atomically(folder / f"{name}.json", card_text.encode())


def load(name: str, folder: Path = RESULTS) -> pandas.DataFrame:
    """Return a table by name; TrisymError says which command makes one that is missing."""
    import pandas as pd  # here, because a worker needs to know the place, but no tables

    with _readable(name):
        return pd.read_csv(place(name, folder))


def load_card(name: str, folder: Path = RESULTS) -> dict[str, Any]:
    """Return how a table was made: command, seeds, seconds, device, versions, date."""
    with _readable(name):
        text = place(name, folder, "json").read_text(encoding="utf-8")
        card: dict[str, Any] = dict(json.loads(text))
    return card


Stamp = tuple[tuple[int, int] | None, ...]  # of the table and its card; None for what is missing


def stamp(name: str, folder: Path = RESULTS) -> Stamp:
    """Return what tells a table and its card from those written later, at the cost of a look."""
    return tuple(_stamp(name, folder, ending) for ending in ("csv", "json"))


def _stamp(name: str, folder: Path, ending: str) -> tuple[int, int] | None:
    try:
        found = place(name, folder, ending).stat()
    except (OSError, TrisymError):
        return None
    return found.st_mtime_ns, found.st_size


def check(name: str, folder: Path = RESULTS) -> None:
    """Raise TrisymError, with the command that makes it, where there is no such table."""
    place(name, folder)


def digest(name: str, folder: Path = RESULTS) -> str:
    """Return the SHA-256 of a table's file, in hexadecimal."""
    return hashlib.sha256(place(name, folder).read_bytes()).hexdigest()


def names(folder: Path = RESULTS) -> list[str]:
    """Return the results that are there."""
    return sorted(path.stem for path in folder.glob("*.csv"))


@contextmanager
def _readable(name: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, TypeError) as error:  # ValueError: no table, no JSON, no text
        raise DataError(
            f"The result '{name}' is damaged: `python -m trisym reproduce {name}` makes it again."
        ) from error


def place(name: str, folder: Path = RESULTS, ending: str = "csv") -> Path:
    """Return where a file of a result lies; TrisymError where it is missing, with the command."""
    path = folder / f"{name}.{ending}"
    if not path.exists():
        raise TrisymError(
            f"There is no result '{name}' yet: `python -m trisym reproduce {name}` makes it. "
            f"There are: {', '.join(names(folder)) or 'none'}."
        )
    return path
