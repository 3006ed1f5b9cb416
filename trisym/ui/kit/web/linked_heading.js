/** A link to a heading of the page: the browser looks for it before the page has its parts and their heights. */

const SETTLING_MS = 5000; // in which what stands above the heading may still grow
const HANDS = ["wheel", "pointerdown", "keydown"]; // a visitor who moves on is not held

/** Bring the heading that the address names into view, once it is there, and keep it there while the page settles. */
export function showLinked() {
  const id = location.hash.slice(1);
  if (!id) return;
  const over = new AbortController();
  const { signal } = over;
  let found = false;
  const show = () => {
    const heading = document.getElementById(id);
    heading?.scrollIntoView();
    if (!heading || found) return;
    found = true;
    setTimeout(() => over.abort(), SETTLING_MS);
  };
  const grown = new ResizeObserver(show);
  const changed = new MutationObserver(show);
  changed.observe(document.body, { childList: true, subtree: true });
  for (const part of document.querySelectorAll('[data-testid="stMainBlockContainer"]')) grown.observe(part);
  for (const hand of HANDS) addEventListener(hand, () => over.abort(), { capture: true, passive: true, signal });
  addEventListener("hashchange", () => over.abort(), { signal });
  signal.addEventListener("abort", () => {
    grown.disconnect();
    changed.disconnect();
  });
  show();
}
