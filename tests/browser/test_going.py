"""The server leads to another page while the browser still asks for the old one."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks._visitors import arriving

LESSON = "lesson=drift&step=3&lang=de"


async def led(url: str, told: int) -> str:
    """Return the page that a visitor is on who came to a lesson by the home page's address.

    `told` times the browser asks for the home page as it stood, as a view on it does that tells of
    something while the way is new.
    """
    async with arriving(url) as visitor:
        await visitor.open("", LESSON)
        for _ in range(told):
            await visitor.open("", LESSON)
        pages = {each: page for page, each in visitor.pages.items()}
        return pages[visitor.here]


@pytest.mark.parametrize("told", [0, 1, 3])
def test_a_word_that_comes_late_leads_nobody_back(app_url: str, told: int) -> None:
    with ThreadPoolExecutor(1) as other:  # a thread of its own: this one has Playwright's loop
        assert other.submit(asyncio.run, led(app_url, told)).result() == "symmetry"
