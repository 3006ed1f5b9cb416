"""Inside the page of another site, as a course's own site or a hosting service shows the app."""

from __future__ import annotations

from playwright.sync_api import Browser, FrameLocator, Page, expect

PATIENCE_MS = 45_000
FRAME = '<!DOCTYPE html><iframe src="{}/training" style="width: 100%; height: 95vh"></iframe>'
SENTENCE = "No file can be uploaded from here: your browser sends this server no cookies"


def framed(page: Page, site: str, app_url: str) -> FrameLocator:
    """Show the training page inside a page of that site, and open where files are brought."""
    address = f"http://{site}:9/course.html"
    page.route(
        address, lambda route: route.fulfill(content_type="text/html", body=FRAME.format(app_url))
    )
    page.goto(address)
    app = page.frame_locator("iframe")
    app.get_by_text("Bring a model").click(timeout=PATIENCE_MS)
    return app


def test_another_site_s_page_leads_to_a_tab_where_files_can_be_uploaded(
    browser: Browser, app_url: str
) -> None:
    """The app is on localhost, the page around it on 127.0.0.1: two sites to a browser."""
    local = app_url.replace("127.0.0.1", "localhost")
    with browser.new_context() as context:
        app = framed(context.new_page(), "127.0.0.1", local)
        expect(app.get_by_text(SENTENCE)).to_be_visible(timeout=PATIENCE_MS)
        expect(app.locator('input[type="file"]')).to_have_count(0)
        with context.expect_page() as opened:
            app.get_by_role("link", name="Open this page in a tab of its own").click()
        tab = opened.value
        assert tab.url == f"{local}/training"
        tab.get_by_text("Bring a model").click(timeout=PATIENCE_MS)
        expect(tab.locator('input[type="file"]')).to_have_count(1, timeout=PATIENCE_MS)
        tab.goto("about:blank")


def test_a_page_of_the_same_site_takes_files(browser: Browser, app_url: str) -> None:
    with browser.new_context() as context:
        app = framed(context.new_page(), "127.0.0.1", app_url)
        expect(app.locator('input[type="file"]')).to_have_count(1, timeout=PATIENCE_MS)
