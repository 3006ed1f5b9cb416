/** One frame at a time, with what changed since the last; canvases that stay crisp. */

export class FrameLoop {
  /** @param {(stale: Stale, now: number) => void} draw @param {AbortSignal} signal ends it */
  constructor(draw, signal) {
    this.draw = draw;
    this.signal = signal;
    this.request = 0;
    this.drawn = 0; // frames
    this.stale = new Stale();
    /** @type {Set<import("./surface.js").Surface>} */
    this.surfaces = new Set();
    this.observer = new ResizeObserver(() => this.invalidate(LAYOUT));
    this.watchPixels();
  }

  /** Another screen, or the page zoomed: as many pixels again. */
  watchPixels() {
    const query = matchMedia(`(resolution: ${globalThis.devicePixelRatio}dppx)`);
    const changed = () => {
      this.invalidate(LAYOUT);
      this.watchPixels();
    };
    query.addEventListener("change", changed, { signal: this.signal, once: true });
  }

  /** @param {...string} parts */
  invalidate(...parts) {
    for (const part of parts) this.stale.add(part);
    if (this.request || this.signal.aborted) return;
    this.request = requestAnimationFrame((now) => this.frame(now));
  }

  /** @param {number} now */
  frame(now) {
    cancelAnimationFrame(this.request); // a test or a benchmark may ask for one out of turn
    this.request = 0;
    const { stale } = this;
    this.stale = new Stale();
    if (stale.has(LAYOUT)) for (const surface of this.surfaces) surface.fit();
    this.draw(stale, now);
    this.drawn += 1;
  }

  /** @param {import("./surface.js").Surface[]} surfaces */
  watch(surfaces) {
    for (const surface of surfaces) {
      this.surfaces.add(surface);
      this.observer.observe(surface.canvas, pixelsOf());
    }
  }

  /** @param {import("./surface.js").Surface[]} surfaces */
  unwatch(surfaces) {
    for (const surface of surfaces) {
      this.surfaces.delete(surface);
      this.observer.unobserve(surface.canvas);
    }
  }

  dispose() {
    cancelAnimationFrame(this.request);
    this.observer.disconnect();
  }
}

/** What to observe of a canvas: its pixels on the screen, where a browser tells them. They change with
 * the layout, with the page's zoom and with the screen. @returns {ResizeObserverOptions} */
function pixelsOf() {
  const told = "devicePixelContentBoxSize" in ResizeObserverEntry.prototype;
  return { box: told ? "device-pixel-content-box" : "content-box" };
}

/** What of a picture changed; a new layout changes every part. */
export const LAYOUT = "layout";

export class Stale {
  /** @type {Set<string>} */
  parts = new Set();

  /** @param {string} part */
  add(part) {
    this.parts.add(part);
  }

  /** @param {string} name @returns {boolean} whether nothing else changed */
  only(name) {
    return this.parts.size === 1 && this.parts.has(name);
  }

  /** @param {...string} names @returns {boolean} whether one of them changed */
  has(...names) {
    return this.parts.has(LAYOUT) || names.some((name) => this.parts.has(name));
  }
}
