"""Many JavaScript files as the one ES module that Components v2 takes; there is no build step.

All files of a bundle share one scope: import lines go, and so does the word `export` but for the
entry's default. What would then break in the browser is refused here, when the app is imported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from trisym.errors import TrisymError

_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
_ANY_IMPORT = re.compile(r"^import\b.*$", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
_COMMENT = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_TOP_LEVEL = re.compile(
    r"^(?:export )?(?:default )?(?:async )?(?:function\*?|class|const|let|var) (\w+)", re.MULTILINE
)


class BundleError(TrisymError):
    """JavaScript files that can't become one module."""


def bundle(entry: Path) -> str:
    """Return the module that an entry file stands for: what it imports first, itself last.

    What documents the code, a third of it, stays behind: every visit would carry it.
    Raises BundleError for a file or a name that is imported and not there, a name that two files
    have at their top level, files that import each other, and a file in the entry's folder that
    no entry of that folder reaches (an entry is a file with a default export).
    """
    texts = _reached(entry.resolve())
    _check_names(texts)
    _check_folder(entry.resolve().parent)
    *others, own = [_IMPORT.sub("", text) for text in texts.values()]
    whole = "\n".join(_EXPORT.sub("", text) for text in (*map(_without_default, others), own))
    return undocumented(whole)


def undocumented(text: str) -> str:
    """Return JavaScript without its comments in JSDoc that have lines of their own."""
    return _COMMENT.sub("", text)


def _without_default(text: str) -> str:
    return _DEFAULT.sub("", text)


def _reached(entry: Path) -> dict[Path, str]:
    """Return the files that an entry reaches with their texts, each after what it imports."""
    texts: dict[Path, str] = {}
    _follow(entry, (), texts)
    return texts


def _follow(file: Path, importers: tuple[Path, ...], texts: dict[Path, str]) -> None:
    if file in importers:
        circle = " → ".join(path.name for path in (*importers[importers.index(file) :], file))
        raise BundleError(f"JavaScript files may not import each other in a circle: {circle}.")
    if file in texts:
        return
    if not file.is_file():
        raise BundleError(f"{importers[-1].name} imports {file.name}, which is not there: {file}.")
    text = file.read_text(encoding="utf-8")
    for other, names in _imports(file, text):
        _follow(other, (*importers, file), texts)
        _check_exports(file, other, names, texts[other])
    texts[file] = text


def _imports(file: Path, text: str) -> Iterator[tuple[Path, list[str]]]:
    """Yield each file that a text imports, and the names that it takes from there."""
    for line in _ANY_IMPORT.findall(_IMPORT.sub("", text)):
        raise BundleError(
            f"{file.name}: an import must read `import {{ name }} from './file.js';`, not `{line}`."
        )
    for names, source in _IMPORT.findall(text):
        taken = [name.strip() for name in names.split(",") if name.strip()]
        if renamed := [name for name in taken if not name.isidentifier() and "$" not in name]:
            raise BundleError(f"{file.name} imports {renamed[0]}: a bundle can't rename.")
        yield (file.parent / source).resolve(), taken


def _check_exports(file: Path, other: Path, names: list[str], text: str) -> None:
    for name in names:
        if not re.search(rf"^export (?!default).*\b{re.escape(name)}\b", text, re.MULTILINE):
            raise BundleError(f"{file.name} imports {name}, which {other.name} does not export.")


def _check_names(texts: dict[Path, str]) -> None:
    counts = Counter(name for text in texts.values() for name in set(_TOP_LEVEL.findall(text)))
    for name, count in counts.items():
        if count > 1:
            files = [file.name for file, text in texts.items() if name in _TOP_LEVEL.findall(text)]
            raise BundleError(f"{' and '.join(files)} both have {name} at their top level.")


def _check_folder(folder: Path) -> None:
    there = {file: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.js"))}
    entries = [file for file, text in there.items() if _DEFAULT.search(text)]
    reached = {file for entry in entries for file in _reached(entry)}
    if idle := [file.name for file in there if file not in reached]:
        raise BundleError(f"No entry of {folder} reaches {', '.join(idle)}.")
