"""Saved pages and pages of the app inside other pages: another site's, and a reveal.js slide."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Frame, Page

import trisym
from tests.browser import server
from tests.browser.probe import Probe
from tests.browser.saved import offline
from tests.browser.tabs import Tabs

REVEAL = server.ROOT / "tests" / "node" / "node_modules" / "reveal.js" / "dist"
ROOT = ".stage.live[data-ready=true]"
POSE = "root => root.trisymProbe.state().vertices"
COURSE = "<!doctype html><title>A course</title><h1>A course</h1>{}"
SLIDES = """<!doctype html><title>A talk</title>
<link rel="stylesheet" href="{reveal}/reveal.css">
<div class="reveal"><div class="slides">
<section><h1>Symmetry</h1></section>
<section><iframe data-src="{file}" width="940" height="680" style="border: 0"></iframe></section>
</div></div>
<script src="{reveal}/reveal.js"></script>
<script>Reveal.initialize({{ width: 960, height: 700, margin: 0 }});</script>"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder, and writes nothing."""

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A site on localhost, to a browser another one than 127.0.0.1; it shows tmp_path."""
    with HTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as http:
        thread = threading.Thread(target=http.serve_forever, daemon=True)
        thread.start()
        yield f"http://localhost:{http.server_port}"
        http.shutdown()
        thread.join()


def frame_in(page: Page) -> Frame:
    """The one frame of a page, when the stage in it is drawn."""
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame
    frame.locator(ROOT).wait_for()
    return frame


def is_alive(page: Page, frame: Frame) -> None:
    """A hand turns the triangle through the frame, and the view lies inside it."""
    before = frame.locator(ROOT).evaluate(POSE)
    frame.locator(".world-canvas").focus()
    page.keyboard.press("ArrowRight")
    frame.wait_for_function(
        "([root, before]) => root.trisymProbe.state().vertices.some((c, i) => c !== before[i])",
        arg=[frame.locator(ROOT).element_handle(), before],
    )
    box = frame.locator(ROOT).evaluate("root => root.getBoundingClientRect().toJSON()")
    size = frame.evaluate("[innerWidth, innerHeight]")
    assert box["right"] <= size[0]
    assert box["bottom"] <= size[1]


def snippets(page: Page, site: str) -> dict[str, str]:
    """What “Take away” offers to be embedded on a page of the app."""
    view = page.locator(".stage.live")
    view.get_by_role("button", name="Take away").click()
    names = ("of-file", "of-app")
    return {name: view.locator(f"textarea.{name}").input_value() for name in names}


def test_both_snippets_work_on_another_site(
    open_page: Callable[..., Page], tabs: Tabs, site: str, tmp_path: Path
) -> None:
    page = open_page("symmetry")
    probe = Probe(page, "stage")
    probe.ready()
    page.locator(".world-canvas").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**scene=v*")
    moved = probe.settled()["vertices"]
    found = snippets(page, site)
    trisym.export(page.url, tmp_path / "trisym-symmetry.html")
    for name, snippet in found.items():
        (tmp_path / f"{name}.html").write_text(COURSE.format(snippet), encoding="utf-8")
        with tabs.lent() as course:
            course.goto(f"{site}/{name}.html")
            frame = frame_in(course)
            assert np.allclose(frame.locator(ROOT).evaluate(POSE), moved, atol=1e-6)
            is_alive(course, frame)


def test_a_slide_holds_it(tabs: Tabs, tmp_path: Path) -> None:
    """In reveal.js from the disk, with no network: loaded with its slide, and turned by keys."""
    file = trisym.export("symmetry", tmp_path / "view.html")
    slides = tmp_path / "talk.html"
    slides.write_text(SLIDES.format(reveal=REVEAL.as_uri(), file=file.name), encoding="utf-8")
    with offline(tabs) as page:
        page.goto(slides.as_uri())
        page.wait_for_function("Reveal.isReady()")
        page.keyboard.press("ArrowRight")
        is_alive(page, frame_in(page))
        assert page.evaluate("Reveal.getIndices().h") == 1  # the arrow went to the triangle


def test_a_snippet_is_markup_of_one_frame(open_page: Callable[..., Page], site: str) -> None:
    """Its title and address are attributes, whatever is in them."""
    page = open_page('symmetry?other="><b>x')
    found: dict[str, Any] = page.evaluate(
        """(snippet) => {
            const box = document.createElement("div");
            box.innerHTML = snippet;
            return { names: [...box.querySelectorAll("*")].map((e) => e.localName),
              src: box.firstElementChild.src };
        }""",
        snippets(page, site)["of-app"],
    )
    assert found["names"] == ["iframe"]
    assert "embed=true" in found["src"]
