"""Shapes in signatures are checked by jaxtyping and beartype: once for each kind of call.

A check takes longer than many a function that it checks, and a training calls the same ones with
the same shapes thousands of times. So a call is looked at when something of it is new: the types,
shapes, dtypes or small values of its arguments, or of what it returns.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Hashable, Iterable
from itertools import islice
from types import FunctionType
from typing import Any

import jaxtyping
import numpy as np
import torch

MOST_ITEMS = 4  # of a collection; beartype itself looks at one of them
MOST_LETTERS = 40  # of a text that a Literal may ask for
MOST = 100  # larger numbers count steps and the like, unless a shape is made of them

check = jaxtyping.jaxtyped


def check_each_kind_of_call_once() -> None:
    """Let jaxtyping's import hook decorate by `once`; before anything is imported through it."""
    jaxtyping.jaxtyped = decorator  # type: ignore[assignment]


def decorator(*, typechecker: Callable[..., Any]) -> Callable[[Any], Any]:
    """Return what does as jaxtyping's decorator does, for each kind of call once."""
    return functools.partial(once, typechecker=typechecker)


def once(decorated: Any, typechecker: Callable[..., Any]) -> Any:
    """Let a function, or those of a descriptor or a dataclass, be checked once a kind of call."""
    again = decorator(typechecker=typechecker)
    match decorated:
        case FunctionType():
            return _function(decorated, typechecker)
        case classmethod() | staticmethod():
            return type(decorated)(again(decorated.__func__))
        case property():
            parts = (decorated.fget, decorated.fset, decorated.fdel)
            return property(*(part and again(part) for part in parts))
        case type() if dataclasses.is_dataclass(decorated) and "__init__" in vars(decorated):
            decorated.__init__ = again(decorated.__init__)  # type: ignore[misc]
    return decorated


def _function(function: FunctionType, typechecker: Callable[..., Any]) -> Callable[..., Any]:
    passed: dict[Hashable, set[Hashable]] = {}  # by kind of call, the kinds of its answers
    hints = function.__annotations__
    made_of_numbers = any("{" in str(hint) for hint in hints.values())
    answers = "return" in hints

    @functools.cache
    def checked() -> Callable[..., Any]:
        return check(function, typechecker=typechecker)  # type: ignore[no-any-return]

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        call: Hashable = tuple([kind(each) for each in args])
        if kwargs:
            call = call, kind(kwargs)
        if made_of_numbers:
            call = call, _numbers(*args, *kwargs.values())
        if (known := passed.get(call)) is None:
            answer = checked()(*args, **kwargs)
            passed[call] = {kind(answer)}
            return answer
        answer = function(*args, **kwargs)
        if answers and (of := kind(answer)) not in known:
            check(_saying(function, answer), typechecker=typechecker)(*args, **kwargs)
            known.add(of)
        return answer

    return called


def _saying(function: FunctionType, answer: object) -> Callable[..., Any]:
    """Return a function of that signature which returns what that one has returned."""

    def say(*_: Any, **__: Any) -> object:
        return answer

    said = FunctionType(say.__code__, function.__globals__, closure=say.__closure__)
    return functools.wraps(function)(said)


def _numbers(*values: object) -> Hashable:
    return tuple(value for value in values if isinstance(value, int))


def _items(values: Iterable[Any]) -> Hashable:
    return tuple(map(kind, islice(values, MOST_ITEMS)))


def _of_array(array: Any) -> Hashable:
    return array.shape, array.dtype


ASKED: dict[type, Callable[[Any], Hashable]] = {
    torch.Tensor: _of_array,
    torch.nn.Parameter: _of_array,
    np.ndarray: _of_array,
    tuple: _items,
    list: _items,
    set: _items,
    frozenset: _items,
    dict: lambda entries: (_items(entries), _items(entries.values())),
    type: lambda of: of,
    bool: lambda truth: truth,
    str: lambda text: text if len(text) <= MOST_LETTERS else "",
    int: lambda number: number if -MOST < number < MOST else "",
}


def kind(value: object) -> Hashable:
    """Return what a check may ask of a value: two of one kind pass the same checks."""
    of = type(value)
    asked = ASKED.get(of)
    return (of, asked(value)) if asked else of
