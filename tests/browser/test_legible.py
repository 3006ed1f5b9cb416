"""What a projector's back row can't read: numbers below 14 px, and texts of a live view cut off.

test_every_page asks for none of it on any page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page

from tests.browser import visit

LEAST_PX = 13.95  # 14, as far as rounding goes
# Notes every text on a canvas of the page: its size, and whether it sticks out of the canvas.
NOTE_DRAWN = """(() => {
  window.drawn = new Map();
  const plain = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    const { a, d, e, f } = this.getTransform();
    const px = (parseFloat(/([\\d.]+)px/.exec(this.font)[1]) * a) / devicePixelRatio;
    const wide = this.measureText(text).width;
    const before = { left: 0, start: 0, center: wide / 2, right: wide, end: wide }[this.textAlign];
    const [left, middle] = [(x - before) * a + e, y * d + f];
    const { width, height } = this.canvas;
    const cut = left < -1 || left + wide * a > width + 1 || middle < -1 || middle > height + 1;
    if (this.canvas.isConnected) window.drawn.set(this.canvas.className + text, [text, px, cut]);
    return plain.call(this, text, x, y, ...rest);
  };
})();"""
# Texts of the page and of its live views' trees: those with a number that are small, and those of a
# live view that a box cuts off. A verdict is read at its longest.
FOUND = """(least) => {
  const roots = [document];
  const faults = [];
  const words = new Map();
  const told = (what, element, own) =>
    faults.push(`${what}: ${own.slice(0, 60)} (${element.tagName}.${element.className})`);
  for (const root of roots) for (const element of root.querySelectorAll("*")) {
    if (element.matches(".verdict .word")) {
      words.set(element, element.textContent);
      element.textContent = "not moved yet";
    }
    if (element.shadowRoot) roots.push(element.shadowRoot);
    const own = [...element.childNodes].filter((node) => node.nodeType === 3)
      .map((node) => node.textContent.trim()).join(" ").trim();
    const box = element.getBoundingClientRect();
    if (!own || box.width < 2 || box.height < 2 || !element.checkVisibility()) continue;
    if (element.matches("tspan")) continue; // an exponent, which is smaller than its base
    const px = parseFloat(getComputedStyle(element).fontSize);
    if (/\\d/.test(own) && px < least) told("small", element, own);
    const live = element.closest(".live");
    for (let up = element; live && up !== live; up = up.parentElement) {
      const { contain, overflow } = getComputedStyle(up);
      if (overflow === "visible" && !contain.includes("paint")) continue;
      const edge = up.getBoundingClientRect();
      const across = Math.max(edge.left - box.left, box.right - edge.right);
      const along = Math.max(edge.top - box.top, box.bottom - edge.bottom);
      const wide = up === element && up.scrollWidth > up.clientWidth + 1;
      if (wide || Math.max(across, along) > 2) told("cut", element, own);
    }
  }
  for (const [text, px, cut] of window.drawn.values()) {
    if (/\\d/.test(text) && px < least) faults.push(`small on a canvas: ${text}`);
    if (cut) faults.push(`cut on a canvas: ${text}`);
  }
  for (const [element, word] of words) element.textContent = word;
  return faults;
}"""


@contextmanager
def noting(browser: Browser) -> Iterator[Page]:
    """A tab in which what is drawn on canvases is noted."""
    with browser.new_context(viewport=visit.DESKTOP) as context:
        context.add_init_script(NOTE_DRAWN)
        yield context.new_page()


def show_on_a_projector(page: Page) -> None:
    """Let what is open be drawn for a projector, at rest."""
    page.emulate_media(reduced_motion="reduce")
    visit.wait_until_idle(page)
    page.evaluate("() => window.drawn.clear()")
    page.set_viewport_size(visit.PROJECTOR)
    visit.wait_until_idle(page)
    for live in page.locator(".live").all():
        if live.get_attribute("data-ready") is not None:
            page.wait_for_function(
                "live => live.dataset.ready === 'true'", arg=live.element_handle()
            )


def found(page: Page) -> list[str]:
    """Return what is too small or cut off."""
    faults: list[str] = page.evaluate(FOUND, LEAST_PX)
    return faults


SPOIL = """() => {
  const root = document.querySelector(".stage") ?? [...document.querySelectorAll("*")]
    .map((element) => element.shadowRoot?.querySelector(".stage")).find(Boolean);
  const [first, second] = root.querySelectorAll(".title");
  first.style.fontSize = "12px";
  first.textContent = "1.7";
  second.style.cssText = "width: 40px; overflow: hidden; white-space: nowrap";
  const pen = root.querySelector("canvas").getContext("2d");
  pen.font = "9px sans-serif";
  pen.fillText("2.5", -300, 10);
}"""


def test_small_and_cut_texts_are_seen(browser: Browser, app_url: str) -> None:
    """The control: a number of 12 px, a text wider than its box, and both on a canvas."""
    with noting(browser) as page:
        page.goto(app_url)
        show_on_a_projector(page)
        page.evaluate(SPOIL)
        kinds = {fault.partition(":")[0] for fault in found(page)}
    assert kinds == {"small", "cut", "small on a canvas", "cut on a canvas"}
