"""One way to cite: CITATION.cff, what the app and saved pages say, and the version agree."""

from __future__ import annotations

from pathlib import Path

import yaml

from trisym import citation
from trisym.version import __version__

ROOT = Path(__file__).resolve().parents[1]
CFF = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
# https://github.com/citation-file-format/citation-file-format/blob/main/schema-guide.md
REQUIRED = {"cff-version", "message", "title", "authors"}


def test_the_file_is_complete() -> None:
    assert CFF.keys() >= REQUIRED
    assert CFF["cff-version"] == "1.2.0"
    assert CFF["type"] == "software"


def test_it_says_what_the_app_says() -> None:
    assert CFF["title"] == citation.TITLE
    assert [author["name"] for author in CFF["authors"]] == [citation.AUTHORS]
    assert CFF["version"] == __version__
    assert all(part in citation.SOFTWARE for part in (CFF["title"], CFF["version"]))


def test_the_thesis_is_named_in_full() -> None:
    (thesis,) = CFF["references"]
    (author,) = thesis["authors"]
    assert f"{author['given-names']} {author['family-names']}" == citation.THESIS_AUTHOR
    assert thesis["title"] == citation.THESIS_TITLE
    assert thesis["institution"]["name"] == citation.THESIS_SCHOOL
    assert thesis["year"] == citation.THESIS_YEAR
    assert citation.THESIS_TITLE in citation.THESIS
