"""Takes pictures of the app's pages, to look at them: sizes of a desk, a projector and a phone.

python -m tests.browser.screenshots OUTDIR [--page symmetry] [--page home] [--scheme dark]
"""

from __future__ import annotations

from pathlib import Path

import click
from playwright.sync_api import Browser, sync_playwright

from tests.browser import chromium, server, visit
from trisym.ui.kit.navigation import HOME, PAGES

SIZES = {"desktop": visit.DESKTOP, "projector": visit.PROJECTOR, "phone": visit.PHONE}
SCHEMES = ("light", "dark")


def content_px(width_and_height: dict[str, int], hidden: int) -> dict[str, int]:
    """Return a window so tall that nothing of the page is left to scroll."""
    return {**width_and_height, "height": width_and_height["height"] + hidden}


def shoot(browser: Browser, url: str, path: Path, size: dict[str, int], scheme: str) -> None:
    """Save what the window shows as PATH.png and the whole page as PATH-full.png."""
    problems: list[str] = []
    with browser.new_context(viewport=size, color_scheme=scheme) as context:
        page = context.new_page()
        visit.watch(page, problems)
        page.goto(url)
        visit.wait_until_idle(page)
        page.screenshot(path=path.with_suffix(".png"))
        # Streamlit scrolls inside the page, which full_page=True does not see.
        page.set_viewport_size(content_px(size, visit.hidden_below_px(page)))
        visit.wait_until_idle(page)
        page.screenshot(path=path.with_name(f"{path.name}-full.png"))
        problems += visit.exception_boxes(page)
    print(path.name, *problems, sep="\n  ", flush=True)


@click.command()
@click.argument("outdir", type=click.Path(path_type=Path))
@click.option("--page", "wanted", multiple=True, help="URL path of a page; all by default.")
@click.option("--scheme", "schemes", multiple=True, type=click.Choice(SCHEMES), default=SCHEMES)
@click.option("--size", "sizes", multiple=True, type=click.Choice(list(SIZES)), default=SIZES)
def main(
    outdir: Path, wanted: tuple[str, ...], schemes: tuple[str, ...], sizes: tuple[str, ...]
) -> None:
    """Photograph pages of the app into OUTDIR and print the errors they showed."""
    outdir.mkdir(parents=True, exist_ok=True)
    entries = [entry for entry in PAGES if not wanted or entry.url_path in wanted]
    if not entries:
        raise click.BadParameter(f"pages are: {', '.join(entry.url_path for entry in PAGES)}")
    with server.running() as app, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(playwright), args=chromium.FLAGS
        )
        for entry in entries:
            url = f"{app.url}/{'' if entry is HOME else entry.url_path}"
            for scheme in schemes:
                for size in sizes:
                    path = outdir / f"{entry.url_path}-{size}-{scheme}"
                    shoot(browser, url, path, SIZES[size], scheme)


if __name__ == "__main__":
    main()
