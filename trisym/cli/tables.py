"""Measured metrics as aligned text."""

from __future__ import annotations

from collections.abc import Mapping


def metrics_table(columns: Mapping[str, Mapping[str, float]]) -> str:
    """Return metrics in rows, with a column for each set of them; a missing value is a dash."""
    names = list(dict.fromkeys(name for values in columns.values() for name in values))
    widths = [max(map(len, ["metric", *names])), *(max(10, len(title)) for title in columns)]
    rows = [["metric", *columns]]
    for name in names:
        rows.append([name, *(_text(values.get(name)) for values in columns.values())])
    return "\n".join(_line(row, widths) for row in rows)


def _text(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"


def _line(cells: list[str], widths: list[int]) -> str:
    first, *rest = zip(cells, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])
