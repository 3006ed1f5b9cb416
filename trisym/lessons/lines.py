"""Which line of a TOML file an entry stands on: `tomllib` reads values and forgets their places."""

from __future__ import annotations

import re
from collections import Counter

HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\"-]+)\s*\]\]?")
ENTRY = re.compile(r"\s*([\w\"-]+(?:\.[\w\"-]+)*)\s*=")
FENCES = ('"""', "'''")
SYNTAX = re.compile(r"\(at line (\d+), column \d+\)")


def places(text: str) -> dict[str, int]:
    """Return by dotted path, such as step.2.goal, the line (from 1) where each entry stands.

    Tables in a list count from 0. What stands inside a text of several lines is none.
    """
    found: dict[str, int] = {}
    counts: Counter[str] = Counter()
    table, fence = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if fence:
            fence = "" if fence in line else fence
            continue
        if header := HEADER.match(line):
            table = _path(header[2], counts)
            if header[1] == "[[":
                counts[table] += 1
                table = f"{table}.{counts[table] - 1}"
            found[table] = number
        elif entry := ENTRY.match(line):
            path = f"{table}.{entry[1]}" if table else entry[1]
            found[path.replace('"', "")] = number
            fence = next((each for each in FENCES if line.count(each) == 1), "")
    return found


def _path(name: str, counts: Counter[str]) -> str:
    """Return a header's path with the number of the table of each list that it is inside."""
    path = ""
    for part in name.replace('"', "").split("."):
        path = f"{path}.{part}" if path else part
        if counts[path] and path != name:
            path = f"{path}.{counts[path] - 1}"
    return path


def line_of(text: str, path: str) -> int:
    """Return the line of an entry, or of the nearest table around it; 1 where there is none."""
    found = places(text)
    while path and path not in found:
        path = path.rpartition(".")[0]
    return found.get(path, 1)


def line_of_syntax(message: str, text: str) -> int:
    """Return the line that tomllib's message names; the last one where the file ends too soon."""
    at = SYNTAX.search(message)
    return int(at[1]) if at else max(1, len(text.splitlines()))
