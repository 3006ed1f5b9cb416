"""On one screen: the hand, what it does and its number; and pages of three screens at most."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import visit
from tests.browser.probe import Probe

MOST_SCREENS = 3
# By page: its live view, and of that the hand, the effect and the number. On a phone the sides of
# the decoded triangle stand in its picture.
TOGETHER = {
    "symmetry": ("stage", ".world-canvas", ".latents .point-canvas", ".latents .drift .value"),
    "latent_space": ("decoder", ".hand canvas", ".effect canvas", ".sides-value"),
    "training": ("film", ".scrubber", ".orbit-overlay", ".side-error dd"),
    "energy": ("energy", ".world-canvas", ".plot-canvas", ".cards .value"),
    "symmetries": ("symmetries", ".spectra", ".latent .point-canvas", ".drift .value"),
    "inside": ("spheres", ".world-canvas", ".ball canvas", ".reading .sum"),
    "hidden_symmetries": ("linked-sets", ".world-canvas", ".set:first-child canvas", ".value"),
    "more_points": ("points", ".world-canvas", ".latents .point-canvas", ".latents .drift .value"),
    "physics": ("stage", ".world-canvas", ".latents .point-canvas", ".latents .drift .value"),
    "vae": ("between", ".world-canvas", ".shape canvas", ".way .value"),
}
ZOOMED = {"width": 853, "height": 480}  # a projector's 1280 × 720 at 150 %
FIRST = (".world-canvas", ".set:first-child canvas", ".set:first-child .value")
OTHERS = {
    ("latent_space", "phone"): (".hand canvas", ".effect canvas"),
    ("symmetries", "zoomed"): (".world-canvas", ".latent .point-canvas", ".drift .value"),
    ("hidden_symmetries", "phone"): FIRST,
    ("hidden_symmetries", "zoomed"): FIRST,
}
SCROLLED = {(where, "zoomed") for where in TOGETHER}
SCROLL = """(parts) => {
  const top = (part) => part.getBoundingClientRect().top;
  parts.reduce((one, other) => (top(other) < top(one) ? other : one)).scrollIntoView();
}"""
SCREENS = {"phone": visit.PHONE, "projector": visit.PROJECTOR, "zoomed": ZOOMED}


def check_together(opened: Page, where: str) -> None:
    """As the page opens, or where SCROLLED says so, once it is scrolled to the highest of them."""
    name, *parts = TOGETHER[where]
    Probe(opened, name).ready()
    for screen, size in SCREENS.items():
        opened.set_viewport_size(size)
        visit.wait_until_idle(opened)
        wanted = OTHERS.get((where, screen), parts)
        if (where, screen) in SCROLLED:
            opened.locator(", ".join(f".{name} {part}" for part in wanted)).evaluate_all(SCROLL)
        for part in wanted:
            for each in opened.locator(f".{name} {part}").all():
                expect(each, f"{part}, {screen}").to_be_in_viewport(ratio=0.99)


def check_length(page: Page) -> None:
    """Three screens of a desktop at most."""
    whole = visit.DESKTOP["height"] + visit.hidden_below_px(page)
    assert whole <= MOST_SCREENS * visit.DESKTOP["height"]


def test_a_press_opens_a_fold_and_a_claim_s_link_its_heading(
    open_page: Callable[..., Page],
) -> None:
    page = open_page("latent_space")
    heading = page.get_by_role("heading", name="Each node is almost a sum of sides")
    expect(heading).to_have_count(0)
    page.get_by_text("The evidence").click()
    expect(heading).to_be_visible()
    page.wait_for_url("**/latent_space?evidence=true")
    open_page("claims?words=Fig.+16")
    page.get_by_text("Fig. 16").last.click()
    address = page.get_by_role("link", name="See it").last.get_attribute("href")
    open_page(address)  # the link itself opens a tab of its own
    expect(heading).to_be_in_viewport()
