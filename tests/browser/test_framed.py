"""Inside the page of another site, as a course's own site or a hosting service shows the app."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

SENTENCE = "No file can be uploaded from here: your browser sends this server no cookies"
FRAME = '<!DOCTYPE html><iframe src="{}" style="width: 100%; height: 95vh"></iframe>'


class Course(BaseHTTPRequestHandler):
    """Shows what its address names after the question mark in a frame."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(FRAME.format(self.path.partition("?")[2]).encode())

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A site on 127.0.0.1."""
    with HTTPServer(("127.0.0.1", 0), Course) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def framed(page: Page, site: str, app_url: str) -> FrameLocator:
    """Show the training page inside a page of that site, and open where files are brought."""
    page.goto(f"{site}/?{app_url}/training")
    app = page.frame_locator("iframe")
    app.get_by_text("Bring a model").click()
    return app


def test_another_site_s_page_leads_to_a_tab_where_files_can_be_uploaded(
    browser: Browser, site: str, app_url: str
) -> None:
    """To a browser localhost is another site than 127.0.0.1."""
    local = app_url.replace("127.0.0.1", "localhost")
    with browser.new_context() as context:
        page = context.new_page()
        app = framed(page, site, local)
        expect(app.get_by_text(SENTENCE)).to_be_visible()
        expect(app.locator('input[type="file"]')).to_have_count(0)
        assert answer_to_an_upload(page) == FORBIDDEN  # what the sentence spares the visitor
        with context.expect_page() as opened:
            app.get_by_role("link", name="Open this page in a tab of its own").click()
        tab = opened.value
        tab.get_by_text("Bring a model").click()
        expect(tab.locator('input[type="file"]')).to_have_count(1)
        assert tab.url == f"{local}/training"
        tab.goto("about:blank")


def test_a_page_of_the_same_site_takes_files(browser: Browser, site: str, app_url: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        app = framed(page, site, app_url)
        expect(app.locator('input[type="file"]')).to_have_count(1)
        assert answer_to_an_upload(page) != FORBIDDEN


FORBIDDEN = 403
UPLOAD = """async () => {
  const [, token = ""] = /_streamlit_xsrf=([^;]*)/.exec(document.cookie) ?? [];
  const body = new FormData();
  body.append("a", new Blob(["a"]), "a.safetensors");
  const headers = { "X-Xsrftoken": decodeURIComponent(token).replaceAll('"', "") };
  const address = new URL("_stcore/upload_file/nobody/nothing", document.baseURI);
  return (await fetch(address, { method: "PUT", body, headers })).status;
}"""


def answer_to_an_upload(page: Page) -> int:
    """What the server says to a file from the frame of a page: its session is nobody's."""
    frame = page.locator("iframe").element_handle().content_frame()
    assert frame
    return int(frame.evaluate(UPLOAD))
