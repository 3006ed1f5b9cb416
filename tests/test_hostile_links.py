"""Whatever stands in a page's address, under every name that any page reads: nothing breaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests import folds
from trisym.storage import saved_runs
from trisym.ui.kit import navigation
from trisym.ui.kit.navigation import PAGES, PageEntry
from trisym.ui.training.choice import Choice

ROOT = Path(__file__).resolve().parents[1]
# Where a parameter is read by its name; those that are computed are added below.
READ = re.compile(r'(?:key=|Link\(\w+, |params(?:\.get(?:_all)?\(|\[))"([a-z][\w-]*)"')
SOURCES = [*(ROOT / "pages").glob("*.py"), *(ROOT / "trisym" / "ui").rglob("*.py")]
COMPUTED = {
    *("scene", "motion", "motions", "triangles", "run", "run-fast", "run-thesis", "lesson", "step"),
    *("language", "room", "present", "admin", "embed"),
    *Choice.__dataclass_fields__,
}
VALUES = {
    "empty": "",
    "huge": "9" * 400,
    "infinite": "1e999",
    "no number": "nan",
    "three": "1e308,nan,-1e308",
    "markup": "![x](https://e.example/1)<script>alert(1)</script>",
    "unseen": "\u202e\x00\u2028",
    "long": "A" * 5000,
    "a scene": f"v1.{'A' * 60}",
    "a model": "sides-h3",
}


def parameters() -> set[str]:
    """Every name under which some page may look into its address, and many that none does."""
    found = {name for file in SOURCES for name in READ.findall(file.read_text(encoding="utf-8"))}
    assert {"evidence", "latent", "verdicts", "cloud"} <= found | folds.OPEN.keys()
    return found | COMPUTED


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.url_path)
def test_no_address_breaks_a_page(
    entry: PageEntry,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(saved_runs.HOME, str(tmp_path))
    monkeypatch.setattr(navigation, "HOME", entry)  # the page that the app opens at
    for what, value in VALUES.items():
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        app.query_params.update(dict.fromkeys(parameters(), value) | folds.OPEN)
        app.run()
        assert not app.exception, what
        assert [each.value for each in app.error if "fault is ours" in each.value] == [], what
        assert app.title, what
        ours = [each for each in caplog.records if each.name.startswith("trisym")]
        assert [each.getMessage() for each in ours] == [], what
