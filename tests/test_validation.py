"""Dataclasses out of plain JSON values: whole and of their types, or one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

import pytest

from trisym.errors import ConfigError
from trisym.validation import build, later


@dataclass(frozen=True)
class Inner:
    low: float
    pair: tuple[int, int] = (1, 2)


@dataclass(frozen=True)
class Outer:
    inner: Inner
    name: str
    whole: int | None = None
    more: Mapping[str, float] = field(default_factory=dict)
    added: bool = later(True, before=False)


OUTER = Outer(Inner(0.5), "a", more={"x": 1.0})


def test_a_whole_value_comes_back() -> None:
    assert build(Outer, asdict(OUTER), "It") == OUTER
    assert build(Outer, {**asdict(OUTER), "more": {"x": 1}}, "It").more == {"x": 1.0}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": 1}, "It: name must be a text, not a whole number."),
        ({"whole": 1.5}, "It: whole must be a whole number or null, not a number."),
        ({"whole": True}, "It: whole must be a whole number or null, not true or false."),
        ({"more": []}, "It: more must be an object, not a list."),
        ({"more": {"x": None}}, "It: more[...] must be a number, not null."),
        ({"inner": {"low": "x"}}, "It: inner.low must be a number, not a text."),
        ({"inner": {"low": 1, "pair": [1]}}, "It: inner.pair must be a list of length 2, not 1."),
        ({"inner": {"low": 1}}, "It: inner must have exactly the entries low, pair."),
        ({"other": 1}, "It must have exactly the entries inner, name, whole, more, added."),
    ],
)
def test_one_fault_is_one_sentence(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        build(Outer, {**asdict(OUTER), **change}, "It")
    assert str(raised.value) == sentence


@pytest.mark.parametrize("values", [None, 3, [], "text"])
def test_what_is_no_object_is_refused(values: object) -> None:
    with pytest.raises(ConfigError, match=r"^It must be an object, not "):
        build(Outer, values, "It")


def test_older_files_may_lack_what_came_later() -> None:
    older = asdict(OUTER)
    del older["added"]
    assert build(Outer, older, "It") == replace(OUTER, added=False)
    del older["whole"]
    with pytest.raises(ConfigError, match="must have exactly"):
        build(Outer, older, "It")
    unknown = {**older, "other": 1}
    assert build(Outer, unknown, "It", whole=False) == replace(OUTER, added=False)
    with pytest.raises(ConfigError, match="It: inner must have exactly"):
        build(Outer, {**older, "inner": {"low": 1}}, "It", whole=False)
