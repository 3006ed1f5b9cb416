/**
 * The presenter's view: the page's live view as large as the screen, a bar below it, and keys for a
 * lecture. Without a lesson its steps are the pages that have a live view.
 *
 * @typedef {{on: boolean, steps: string[], here: number, first: string}} PresenterData
 *   on: whether the link asks for it; here: which step this is, from 0, or -1; first: the address at
 *   which everything is as a new class finds it
 * @typedef {{data: PresenterData, parentElement: Element | ShadowRoot,
 *   setTriggerValue: (name: string, value: unknown) => void}} PresenterComponent
 * @typedef {import("../../kit/web/store.js").View} View
 */
import { belongsTo, meaningOf, opens } from "./presenter_keys.js";
import { isRaised, lower, raise, seat, showLarge, showOnPage } from "../../kit/web/large.js";
import { part, parts, setText } from "../../kit/web/dom.js";
import { mounting } from "../../kit/web/mounting.js";
import { pressesOf } from "../../kit/web/keyboard.js";
import { store } from "../../kit/web/store.js";
import { toggleFullscreen } from "../../kit/web/fullscreen.js";

/** Told when a presenter in a room shows the truth. */
export const REVEALED = "trisym-revealed";

/** Whether it is on: it stays so when Streamlit mounts it anew. @returns {{on: boolean | null}} */
function kept() {
  const place = /** @type {{trisymPresenting?: {on: boolean | null}}} */ (globalThis);
  return (place.trisymPresenting ??= { on: null });
}

export class Presenter {
  /** @param {HTMLElement} root @param {PresenterComponent} component */
  constructor(root, component) {
    this.root = root;
    this.component = component;
    this.abort = new AbortController();
    this.curtain = part(root, ".curtain", HTMLElement);
    this.bar = part(root, ".bar", HTMLElement);
    this.black = part(root, ".black", HTMLElement);
    /** @type {View | null} */
    this.view = null;
    /** Of a lesson, where one is on. @type {View | null} */
    this.panel = null;
    this.focused = 0; // of the places that take the focus
    this.backwards = false; // the way that Tab goes
    this.observer = new ResizeObserver(() => this.fit());
    kept().on ??= component.data.on;
    this.listen();
  }

  listen() {
    const { signal } = this.abort;
    store().presenter = this;
    window.addEventListener("keydown", (event) => this.onKey(event), { signal, capture: true });
    document.addEventListener("focusin", (event) => this.keepFocus(event), { signal });
    document.addEventListener("fullscreenchange", () => this.fullscreenChanged(), { signal });
    this.black.addEventListener("click", () => lower(this.black), { signal });
    for (const button of parts(this.bar, "[data-act]")) {
      button.addEventListener("click", () => this.act(String(button.dataset.act)), { signal });
    }
    this.observer.observe(this.bar);
    signal.addEventListener("abort", () => this.observer.disconnect());
  }

  get on() {
    return kept().on === true;
  }

  /** @param {PresenterComponent} component */
  update(component) {
    this.component = component;
    this.arrange();
  }

  /** Views come and go with the pages: at the end of it the first one is shown. */
  changed() {
    queueMicrotask(() => this.arrange());
  }

  // What is shown

  arrange() {
    if (this.abort.signal.aborted) return;
    const [view, panel] = this.on ? this.there() : [null, null];
    for (const before of [this.view, this.panel]) {
      if (before && before !== view && before !== panel) {
        this.observer.unobserve(before.root);
        showOnPage(before.root);
        before.refit();
      }
    }
    Object.assign(this, { view, panel });
    if (!this.on) {
      for (const each of [this.curtain, this.bar, this.black]) lower(each);
      return;
    }
    this.write();
    raise(this.curtain);
    if (view) showLarge(view.root, 0);
    if (panel) {
      seat(panel.root, 0);
      this.observer.observe(panel.root);
    }
    raise(this.bar);
    if (isRaised(this.black)) raise(this.black);
    this.fit();
  }

  /** The page's live view, the first where there are several, and the panel of a lesson.
   * @returns {[View | null, View | null]} */
  there() {
    const all = [...store().views].filter(({ root }) => root.isConnected);
    all.sort((one, other) => (isBefore(one.root, other.root) ? -1 : 1));
    const isPanel = (/** @type {View} */ { root }) => root.matches(".lesson");
    return [all.find((view) => !isPanel(view)) ?? null, all.find(isPanel) ?? null];
  }

  /** Above the bar lies the lesson's panel, and above that the view. */
  fit() {
    if (!this.on) return;
    const bar = this.bar.offsetHeight;
    this.panel?.root.style.setProperty("--below", `${bar}px`);
    if (!this.view) return;
    this.view.root.style.setProperty("--below", `${bar + (this.panel?.root.offsetHeight ?? 0)}px`);
    this.view.refit();
  }

  write() {
    const { steps, here } = this.component.data;
    const step = here < 0 ? "" : `${here + 1} of ${steps.length}`;
    setText(part(this.bar, ".where b", HTMLElement), this.panel ? "" : steps[here] ?? "");
    setText(part(this.bar, ".where span", HTMLElement), [this.panel ? "" : step, classInWords()].filter(Boolean).join(" · "));
    this.say(this.view || this.panel ? "" : "This page has no live view; the next one is on another page.");
  }

  /** @param {string} sentence */
  say(sentence) {
    setText(part(this.bar, ".told", HTMLElement), sentence);
  }

  // Keys

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const [target] = event.composedPath();
    this.backwards = event.shiftKey;
    if (event.defaultPrevented || belongsTo(target, event)) return;
    const taken = this.on ? this.press(event, target) : this.opened(event);
    if (!taken) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // Streamlit has shortcuts of its own, and so has the view
  }

  /** @param {KeyboardEvent} event @returns {boolean} */
  opened(event) {
    if (!opens(event) || !this.there().some(Boolean)) return false;
    this.act("enter");
    return true;
  }

  /** @param {KeyboardEvent} event @param {EventTarget} target @returns {boolean} whether it is taken */
  press(event, target) {
    if (isRaised(this.black)) return this.whileBlack(event);
    const meaning = meaningOf(event);
    if (!meaning) return this.pass(event, target);
    if ("passed" in meaning) return this.passName(meaning.passed);
    if (event.key === "Escape" && this.closes()) return false; // the browser closes what is open
    if (event.key === "Escape" && this.passName("Escape")) return true;
    if (event.repeat) return true; // a held key is one step
    if ("step" in meaning) void (this.panel?.lead(String(meaning.step)) || this.go(meaning.step - 1));
    else this.act(meaning.act);
    return true;
  }

  /** @param {KeyboardEvent} event @returns {boolean} */
  whileBlack(event) {
    if (["Shift", "Control", "Alt", "Meta", "Tab"].includes(event.key)) return false;
    lower(this.black);
    return true;
  }

  /** Whether Escape closes something on the view: its help. @returns {boolean} */
  closes() {
    return Boolean(this.view?.root.querySelector(":popover-open"));
  }

  /** The view's own keys, wherever the focus is. @param {KeyboardEvent} event
   * @param {EventTarget} target @returns {boolean} */
  pass(event, target) {
    const { view } = this;
    if (!view || event.ctrlKey || event.metaKey || event.altKey) return false;
    const path = event.composedPath();
    if (path.includes(view.root)) return false; // it hears them itself
    if (this.panel && path.includes(this.panel.root) && pressesOf(event, view.root).some(({ direction }) => direction)) {
      return false; // arrows choose an answer, or move a dot
    }
    const pressed = target instanceof HTMLElement && target.matches("button, a, input, summary");
    if (pressed && [" ", "Enter"].includes(event.key)) return false;
    const canvas = handOf(view);
    return canvas !== null && pressesOf(event, canvas).some((press) => view.onKey(press));
  }

  /** @param {string} name @returns {boolean} */
  passName(name) {
    const { view } = this;
    const target = view && handOf(view);
    return Boolean(target && view?.onKey({ name, direction: null, shift: false, target }));
  }

  /** What is covered takes no focus: Tab goes from the view to the lesson, and on to the bar.
   * @param {FocusEvent} event */
  keepFocus(event) {
    if (!this.on) return;
    const path = event.composedPath();
    const places = [this.view?.root, this.panel?.root, this.bar].filter((place) => place !== undefined);
    const here = places.findIndex((place) => path.includes(place));
    if (here >= 0) {
      this.focused = here;
      return;
    }
    const way = this.backwards ? places.length - 1 : 1;
    for (let i = 1; i <= places.length; i += 1) {
      const reached = focusable(places[(this.focused + i * way) % places.length]);
      const next = this.backwards ? reached.at(-1) : reached[0];
      if (next) return next.focus();
    }
  }

  // Acts

  /** @param {string} name */
  act(name) {
    switch (name) {
      case "enter":
      case "leave": return this.show(name === "enter");
      case "next": return void (this.panel?.lead("next") || this.go(this.component.data.here + 1));
      case "back": return void (this.panel?.lead("back") || this.go(this.component.data.here - 1));
      case "reveal": return this.reveal();
      case "reset": return this.reset();
      case "black": return this.darken();
      case "class": return this.beginAgain();
      default: return void toggleFullscreen(document.documentElement);
    }
  }

  /** @param {boolean} on */
  show(on) {
    kept().on = on;
    if (!on && document.fullscreenElement) void document.exitFullscreen();
    this.arrange();
    this.send({ act: on ? "enter" : "leave" });
  }

  /** @param {number} step from 0 */
  go(step) {
    const { steps, here } = this.component.data;
    if (step >= steps.length) this.say("This was the last step.");
    else if (step < 0) this.say("This is the first step.");
    else if (step !== here) this.send({ act: "step", step });
  }

  reveal() {
    if (this.panel?.lead("reveal")) globalThis.dispatchEvent(new CustomEvent(REVEALED)); // a room hears it
    else this.say("There is nothing to reveal here.");
  }

  /** This step, as it began. */
  reset() {
    this.panel?.lead("reset");
    this.view?.restart();
  }

  /** Everything as a new class finds it: by a new visit, which has nothing of this one. */
  beginAgain() {
    this.panel?.lead("class");
    location.assign(new URL(this.component.data.first, document.baseURI));
  }

  darken() {
    raise(this.black);
    this.black.focus();
  }

  /** Leaving full screen by the browser's own key leaves this, too. */
  fullscreenChanged() {
    if (!this.on) return;
    this.arrange(); // what fills the screen lies above what was raised before
  }

  /** @param {unknown} what */
  send(what) {
    this.component.setTriggerValue("act", what);
  }

  dispose() {
    this.abort.abort();
    if (store().presenter === this) store().presenter = null;
  }
}

/** @param {HTMLElement} root @returns {HTMLElement[]} what Tab reaches in it */
function focusable(root) {
  return parts(root, "button, input, select, textarea, a[href], [tabindex]").filter((each) =>
    each.tabIndex >= 0 && !each.matches(":disabled") && each.checkVisibility({ visibilityProperty: true }));
}

/** The room, where this class is in one. @returns {string} */
function classInWords() {
  const { room } = store();
  if (!room) return "";
  const guessed = room.question ? `, ${room.count} guessed` : "";
  return `room ${room.code}: ${room.people} here${guessed}`;
}

/** @param {Node} one @param {Node} other @returns {boolean} whether it comes first on the page */
function isBefore(one, other) {
  const [first, second] = [one, other].map((node) => {
    const root = node.getRootNode();
    return root instanceof ShadowRoot ? root.host : node;
  });
  return Boolean(first.compareDocumentPosition(second) & Node.DOCUMENT_POSITION_FOLLOWING);
}

/** What the view's keys push. @param {View} view @returns {HTMLElement | null} */
function handOf(view) {
  const canvas = view.root.querySelector("canvas[tabindex]");
  return canvas instanceof HTMLElement ? canvas : null;
}

export default mounting(".presenter",
  (root, /** @type {PresenterComponent} */ component) => new Presenter(root, component),
  ({ abort }) => abort.signal.aborted);
