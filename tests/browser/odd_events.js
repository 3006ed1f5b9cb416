/**
 * Plays on a live view what keyboards, pens, wheels and people never should: keys without a name,
 * pointers that jump, come twice and vanish, endless wheels, numbers that are none. Returns what of
 * the view is no number then.
 */
async (root) => {
  const KEYS = [undefined, "", "Dead", "Unidentified", "Process", "ф", "١", "Escape", "F24", "😀", "a".repeat(9)];
  const CODES = [undefined, "", "Digit1"];
  const VALUES = ["", "1e999", "-5", "abc", "0x1", "٣", "none"];
  const left = "[data-act=fullscreen], [data-take], [data-copy]"; // they leave the page
  const parts = [...root.querySelectorAll("canvas[tabindex], button, input")]
    .filter((part) => part.checkVisibility() && !part.matches(left));
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const wrong = [];
  for (const part of parts) {
    const box = part.getBoundingClientRect();
    const [clientX, clientY] = [box.left + box.width / 2, box.top + box.height / 2];
    const shared = { bubbles: true, cancelable: true, clientX, clientY };
    const point = (kind, more = {}) =>
      part.dispatchEvent(new PointerEvent(kind, { ...shared, pointerId: 1, buttons: 1, ...more }));
    for (const key of KEYS) for (const code of CODES) {
      const named = Object.fromEntries(Object.entries({ key, code }).filter(([, text]) => text !== undefined));
      part.dispatchEvent(new KeyboardEvent("keydown", { ...shared, ...named }));
    }
    part.dispatchEvent(new Event("keydown", shared));
    point("pointerdown");
    point("pointermove", { clientX: 1e9, clientY: -1e9 });
    point("pointermove");
    point("pointerdown", { pointerId: 2 }); // two fingers at one place: no distance between them
    point("pointermove", { pointerId: 2 });
    point("pointercancel", { pointerId: 2 });
    point("pointermove", { buttons: 0 });
    point("pointerup", { pointerId: 99 });
    point("lostpointercapture");
    point("pointerdown", { button: 2, buttons: 2 });
    window.dispatchEvent(new Event("blur"));
    for (const deltaY of [1e9, -1e9, 0, 1e-9]) {
      part.dispatchEvent(new WheelEvent("wheel", { ...shared, deltaY, deltaMode: 2 }));
    }
    if (part instanceof HTMLButtonElement) part.click();
    if (part instanceof HTMLInputElement) for (const value of VALUES) {
      part.value = value;
      for (const kind of ["input", "change"]) part.dispatchEvent(new Event(kind, { bubbles: true }));
      part.form?.requestSubmit();
    }
    await painted();
    const state = JSON.stringify(root.trisymProbe.state(), (name, value) =>
      typeof value === "number" && !Number.isFinite(value) ? `no number: ${name}` : value);
    const found = [...state.matchAll(/no number: \w+/g), ...root.innerText.matchAll(/NaN|undefined|Infinity/g)];
    wrong.push(...found.map(([text]) => `${part.className || part.dataset.act || part.name}: ${text}`));
  }
  return wrong;
}
