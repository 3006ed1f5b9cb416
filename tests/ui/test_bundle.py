"""Many JavaScript files as one module: the order, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trisym.ui import kit
from trisym.ui.kit.bundle import BundleError, bundle, undocumented

UI = Path(kit.__file__).parents[1]
ENTRIES = sorted(
    file
    for file in UI.rglob("web/*.js")
    if re.search("^export default ", file.read_text(encoding="utf-8"), re.MULTILINE)
)


def written(folder: Path, **files: str) -> Path:
    """Write files by their name without .js; return the entry."""
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder / "entry.js"


def test_what_is_imported_comes_first_and_once(tmp_path: Path) -> None:
    entry = written(
        tmp_path,
        entry='import { b } from "./b.js";\nimport { a } from "./a.js";\nexport default a + b;\n',
        b='import { a } from "./a.js";\nexport const b = 2 * a;\n',
        a="export const a = 1;\n",
    )
    lines = [line for line in bundle(entry).splitlines() if line]
    assert lines == ["const a = 1;", "const b = 2 * a;", "export default a + b;"]


def test_an_import_may_take_several_lines_and_another_folder(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "own").mkdir()
    written(tmp_path / "shared", a="export const a = 1;\nexport const b = 2;\n")
    entry = written(
        tmp_path / "own",
        entry='import {\n  a,\n  b,\n} from "../shared/a.js";\nexport default a + b;\n',
    )
    assert "import" not in bundle(entry)


USES_A = 'import { a } from "./a.js";\nexport default a;\n'


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"entry": USES_A}, r"entry.js imports a.js, which is not there"),
        ({"entry": USES_A, "a": "const a = 1;\n"}, "imports a, which a.js does not export"),
        (
            {"entry": USES_A + "const b = 1;\n", "a": "export const a = 1;\nfunction b() {}\n"},
            "a.js and entry.js both have b at their top level",
        ),
        ({"entry": "export default 1;\n", "idle": "const a = 1;\n"}, "reaches idle.js"),
        (
            {"entry": USES_A, "a": 'import { c } from "./c.js";\nexport const a = 1;\n',
             "c": 'import { a } from "./a.js";\nexport const c = 1;\n'},
            "a.js → c.js → a.js",
        ),
        (
            {"entry": 'import { a as b } from "./a.js";\nexport default b;\n', "a": ""},
            "can't rename",
        ),
        ({"entry": 'import * as a from "./a.js";\nexport default a;\n'}, "must read"),
    ],
    ids=["missing file", "missing name", "clash", "idle file", "circle", "renamed", "star"],
)  # fmt: skip
def test_what_would_break_is_refused(tmp_path: Path, files: dict[str, str], told: str) -> None:
    with pytest.raises(BundleError, match=told):
        bundle(written(tmp_path, **files))


def test_a_cast_at_the_start_of_a_line_takes_no_code_with_it() -> None:
    code = "call(first,\n  /** @type {Kind} */ (second));\n"
    assert undocumented(f"{code}/** What comes next.\n * @returns {{Kind}} */\nnext();\n") == (
        f"{code}next();\n"
    )


def test_two_entries_of_a_folder_share_its_files(tmp_path: Path) -> None:
    """A file that only the other entry reaches is not idle, and only one default is left."""
    entry = written(tmp_path, entry=USES_A, other=USES_A, a="export const a = 1;\n")
    assert bundle(entry).count("export") == 1


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda file: file.stem)
def test_every_view_becomes_one_module(entry: Path) -> None:
    lines = re.findall("^(?:import|export) .*", bundle(entry), re.MULTILINE)
    assert len(lines) == 1
    assert lines[0].startswith("export default ")
