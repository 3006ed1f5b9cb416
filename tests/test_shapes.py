"""What is checked once a kind of call is checked all the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jaxtyping
import pytest
import torch
from beartype import beartype
from jaxtyping import Float
from torch import Tensor

from tests.shapes import decorator, kind

checked = decorator(typechecker=beartype)


@checked
def first_rows(rows: Float[Tensor, "row column"], count: int) -> Float[Tensor, "{count} column"]:
    return rows[:count]


def test_a_shape_that_is_wrong_is_refused_whatever_was_right_before() -> None:
    for _ in range(2):
        first_rows(torch.zeros(5, 2), 3)
    with pytest.raises(jaxtyping.TypeCheckError, match="parameters"):
        first_rows(torch.zeros(5), 3)
    with pytest.raises(jaxtyping.TypeCheckError, match="parameters"):
        first_rows(torch.zeros(5, 2, dtype=torch.int64), 3)
    with pytest.raises(jaxtyping.TypeCheckError, match="parameters"):
        first_rows(torch.zeros(5, 2), "3")


def test_an_answer_that_is_wrong_is_refused_after_a_call_of_its_kind_was_right() -> None:
    first_rows(torch.zeros(150, 2), 120)
    with pytest.raises(jaxtyping.TypeCheckError, match="return value"):
        first_rows(torch.zeros(150, 2), 160)
    rows, turns = torch.zeros(5, 3), iter([1, slice(2)])

    @checked
    def any_of(them: Float[Tensor, "row 3"]) -> Float[Tensor, " 3"]:
        return them[next(turns)]

    any_of(rows)
    with pytest.raises(jaxtyping.TypeCheckError, match="return value"):
        any_of(rows)


def test_every_sort_of_function_is_checked() -> None:
    @checked
    @dataclass
    class Rows:
        values: Float[Tensor, "row 3"]

        @classmethod
        def of(cls, values: Any) -> Rows:
            return cls(values)

        @checked
        @property
        def count(self) -> int:
            return "three"  # type: ignore[return-value]

        @checked
        @staticmethod
        def doubled(number: int) -> int:
            return 2 * number

    assert Rows.doubled(2) == 4
    with pytest.raises(jaxtyping.TypeCheckError):
        Rows.doubled("2")
    with pytest.raises(jaxtyping.TypeCheckError):
        Rows.of(torch.zeros(3))
    with pytest.raises(jaxtyping.TypeCheckError):
        _ = Rows.of(torch.zeros(1, 3)).count


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (torch.zeros(2), torch.zeros(3)),
        (torch.zeros(2), torch.zeros(2, dtype=torch.float64)),
        ([1.0], [1]),
        ([], [1]),
        ({"a": 1.0}, {"a": "1"}),
        (1, True),
        ("sides", "mse"),
        (int, str),
    ],
)
def test_what_a_check_may_tell_apart_is_of_two_kinds(one: object, other: object) -> None:
    assert kind(one) != kind(other)
