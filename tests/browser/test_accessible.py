"""A page as axe reads it: nothing serious in what is ours; test_every_page asks it of each page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from playwright.sync_api import Page, expect

from tests.browser import server, visit

AXE = server.ROOT / "tests" / "node" / "node_modules" / "axe-core" / "axe.min.js"
# Streamlit's own nodes, by the rule that they break, and why no page of ours can mend them.
LEFT_OUT = {
    "list": ('[data-testid="stSidebarNav"]', "the menu's headings stand in its list as no items"),
    "listitem": ('[data-testid="stSidebarNav"]', "the menu's entries stand in those headings"),
    "color-contrast": (
        '[data-testid="stButtonGroup"], [data-testid="stSlider"]',
        "what is chosen is written in the primary colour, which white must be read on elsewhere: "
        "on a dark page no colour is both",
    ),
}
GRAVE = ("serious", "critical")
ORDER = "heading-order"  # moderate to axe; a reader who goes from heading to heading needs it
OF_COLOURS = ("color-contrast", "link-in-text-block")  # rules that another theme may break
FOUND = """async ([leftOut, grave, order, rules]) => {
  const only = rules && { runOnly: rules };
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...only });
  const outside = (id, target) =>
    leftOut[id] && document.querySelector(target[0])?.closest(leftOut[id]);
  return violations
    .filter(({ id, impact }) => grave.includes(impact) || id === order)
    .flatMap(({ id, nodes }) => nodes
      .filter(({ target }) => !outside(id, target))
      .map(({ html, any, all, none }) =>
        `${id}: ${html.slice(0, 120)} (${[...any, ...all, ...none][0]?.message})`));
}"""


def found(page: Page, rules: Sequence[str] | None = None) -> list[str]:
    """Return what axe finds in nodes of our own, by those rules or by all.

    Of the app's pages once they are idle: what Streamlit has not drawn anew yet is faint.
    """
    if page.get_by_test_id("stApp").count():
        visit.wait_until_idle(page)
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    left_out = {rule: selector for rule, (selector, _) in LEFT_OUT.items()}
    found: list[str] = page.evaluate(FOUND, [left_out, GRAVE, ORDER, rules])
    return found


def found_in_both_themes(page: Page) -> dict[str, list[str]]:
    """Return what axe finds on the whole of a light page, and once it is dark; leave it."""
    told = {"light": found(whole(page))}
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", "dark")
    told["dark"] = found(page, OF_COLOURS)
    page.goto("about:blank")  # or it would be drawn a third time
    page.emulate_media(color_scheme="light")
    return told


def whole(page: Page) -> Page:
    """What is below the window's edge is not looked at, so let it grow with the page.

    The page may be narrower than a desktop's before, and so longer, but no wider.
    """
    taller = visit.DESKTOP["height"] + visit.hidden_below_px(page)
    page.set_viewport_size({**visit.DESKTOP, "height": taller})
    return page


def test_axe_sees_what_is_faint(open_page: Callable[..., Page]) -> None:
    """The control: grey on white and on black, in a live view's own tree, too."""
    page = whole(open_page("symmetry"))
    for scheme, faint in (("light", "#bbb"), ("dark", "#444")):
        page.emulate_media(color_scheme=scheme)
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
        visit.wait_until_idle(page)
        page.locator(".stage .title").first.evaluate(
            "(title, ink) => { title.style.color = ink; }", faint
        )
        for rules in (None, OF_COLOURS):
            told = [text.partition(":")[0] for text in found(page, rules)]
            assert told == ["color-contrast"]
