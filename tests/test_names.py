"""The one rule for names: letters of any script, nothing invisible, built-in names reserved."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from tests.name_strategies import allowed_names, is_name
from trisym.errors import ConfigError
from trisym.names import LONGEST, check_name, cleaned, numbered, same
from trisym.outside_text import JOINER, in_cell, in_markdown, shortened

GOOD = (
    "a",
    "my model",
    "small h-2",
    "seed+1",
    "модель 3",
    "שם",
    "نموذج",
    "मॉडल",
    "模型 v1.2",
    "Ångström_2",
    "5",
    "９",
    "x" * LONGEST,
    "𝔘" * LONGEST,
)
BAD = {
    "empty": "",
    "blank": " ",
    "at the front": " a",
    "at the end": "a ",
    "two blanks": "a  b",
    "line": "a\nb",
    "sign first": "-a",
    "dot first": ".hidden",
    "path": "../up",
    "slash": "a/b",
    "backslash": "a\\b",
    "tag": "<b>",
    "markdown": "[a](b)",
    "stars": "a*b*",
    "quote": "a'b",
    "comma": "a,b",
    "formula": "=1+1",
    "at": "a@b.org",
    "colon": "a:b",
    "right to left": "a\u202eb",
    "joiner": "a\u200db",
    "no width": "a\u200bb",
    "filler": "a\u3164",
    "only fillers": "\u3164\uffa0",
    "variation": "a\ufe0f",
    "emoji": "a😀",
    "tower": "a" + "\u0335" * 4,
    "not composed": "e\u0301",
    "half a pair": "a\ud800",
    "too long": "x" * (LONGEST + 1),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_name_of_any_script_is_taken(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize("name", BAD.values(), ids=BAD)
def test_anything_else_is_refused_with_the_rule(name: str) -> None:
    with pytest.raises(ConfigError, match="has at most 60 letters, digits, blanks") as raised:
        check_name(name)
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 250


@given(allowed_names())
def test_a_name_is_a_file_a_cell_and_a_text_as_it_is(name: str) -> None:
    assert len(f"{name}.safetensors".encode()) <= 255
    assert Path(name).name == name
    assert shortened(name) == in_cell(name) == name
    # Only "_", "--" and "www." need help.
    assert in_markdown(name).replace("\\", "").replace(JOINER, "") == name


@given(allowed_names())
def test_a_number_behind_it_is_a_name_too(name: str) -> None:
    assert is_name(numbered(name, 2))
    assert is_name(numbered(name, 12345))
    assert numbered(name, 2) != numbered(name, 3)


def test_the_copy_of_a_copy_counts_on() -> None:
    """Digits that belong to the name stay in it."""
    names = ("sides-h3", "sides-h3-2", "sides-h3-41", "a-1", "2-2", "a-0", "a-2b", "my h-2")
    assert [numbered(name, 3) for name in names] == [
        *("sides-h3-3", "sides-h3-3", "sides-h3-3", "a-1-3", "2-3", "a-0-3", "a-2b-3", "my h-2-3")
    ]


def test_names_that_look_the_same_are_the_same() -> None:
    assert same("Sides-H3") == same("sides-h3") == same("ｓides-h3")
    assert same("Straße") == same("STRASSE")
    assert same("a-1") != same("a-2")


def test_what_is_typed_is_cleaned() -> None:
    assert cleaned("  my \t model ") == "my model"
    assert cleaned("e\u0301") == "é"
