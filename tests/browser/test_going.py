"""The server leads to another page while the browser still asks for the old one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from benchmarks._visitors import Visitor, arriving

T = TypeVar("T")

LESSON = "lesson=drift&step=3&lang=de"
# On another page than the step before it.
BEFORE, STEP = "lesson=misprint&step=4&lang=en", 5


def run(visit: Coroutine[Any, Any, T]) -> T:
    with ThreadPoolExecutor(1) as other:  # a thread of its own: this one has Playwright's loop
        return other.submit(asyncio.run, visit).result()


def page_of(visitor: Visitor) -> str:
    return {each: page for page, each in visitor.pages.items()}[visitor.here]


async def led(url: str, told: int) -> str:
    """Return the page that a visitor is on who came to a lesson by the home page's address.

    `told` times the browser asks for the home page as it stood, as a view on it does that tells of
    something while the way is new.
    """
    async with arriving(url) as visitor:
        await visitor.open("", LESSON)
        for _ in range(told):
            await visitor.open("", LESSON)
        return page_of(visitor)


@pytest.mark.parametrize("told", [0, 1, 3])
def test_a_word_that_comes_late_leads_nobody_back(app_url: str, told: int) -> None:
    assert run(led(app_url, told)) == "symmetry"


async def by_the_panel(visitor: Visitor) -> None:
    await visitor.tell("trisym_lesson", "given", None)


async def by_the_page(visitor: Visitor) -> None:
    await visitor.open("claims", visitor.query)


async def shown_after(url: str, late: Callable[[Visitor], Awaitable[None]]) -> str:
    """Return page, link and panel of who goes on to a step's page, and whose browser is late."""
    async with arriving(url) as visitor:
        await visitor.open("symmetry", BEFORE)
        await visitor.open("symmetry", visitor.query)
        old = visitor.query
        await visitor.tell("trisym_lesson", "go", {"step": STEP})
        assert page_of(visitor) == "claims"
        visitor.query = old
        await late(visitor)
        panel = json.loads(visitor.told["trisym_lesson"])
        return f"{page_of(visitor)} {visitor.query} {panel['step']}"


@pytest.mark.parametrize("late", [by_the_panel, by_the_page])
def test_a_late_word_s_old_link_is_not_taken(
    app_url: str, late: Callable[[Visitor], Awaitable[None]]
) -> None:
    page, link, step = run(shown_after(app_url, late)).split()
    assert page == "claims"
    assert f"step={STEP}" in link
    assert step == str(STEP)
