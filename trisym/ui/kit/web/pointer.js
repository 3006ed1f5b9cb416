/**
 * Mouse, pen and fingers on a canvas, as gestures: one hold that moves, or two fingers that carry,
 * pinch and twist. Input arrives faster than frames; each event changes the scene, frames draw it.
 *
 * @typedef {{x: number, y: number, dx: number, dy: number, shift: boolean}} Move in CSS pixels
 * @typedef {{dx: number, dy: number, zoom: number, twist: number}} Pinch zoom: a factor; radians
 * @typedef {{x: number, y: number}} Spot
 */
import { turnCamera, zoomBy } from "./camera.js";

const RADIANS_A_PIXEL = 0.0085; // a camera follows the hand

/** What a hand on a canvas does; the base does nothing. Places are in the canvas's CSS pixels. */
export class Hand {
  /** @param {number} _x @param {number} _y @param {PointerEvent} _event */
  begin(_x, _y, _event) {}

  /** @param {Move} _move */
  move(_move) {}

  /** @param {Pinch} _pinch */
  pinch(_pinch) {}

  /** The last finger is lifted, or the gesture is lost. */
  end() {}

  /** @param {number} _x @param {number} _y @param {PointerEvent} _event */
  hover(_x, _y, _event) {}

  /** The pointer leaves the canvas. */
  leave() {}

  /** @param {number} _factor of the zoom @returns {boolean} whether it meant something: if not, the
   * page scrolls */
  wheel(_factor) {
    return false;
  }
}

/** Turns a camera; pinches and the wheel zoom it. */
export class CameraHand extends Hand {
  /** @param {() => import("./camera.js").CameraSettings} camera
   * @param {{beginGesture(): void, endGesture(): void, cameraMoved(): void}} owner who is told
   * @param {boolean} [scrolls] whether the wheel is the page's */
  constructor(camera, owner, scrolls = false) {
    super();
    this.camera = camera;
    this.owner = owner;
    this.scrolls = scrolls;
  }

  /** @param {number} _x @param {number} _y @param {PointerEvent} _event */
  begin(_x, _y, _event) {
    this.owner.beginGesture();
  }

  /** @param {Move} move */
  move({ dx, dy }) {
    turnByHand(this.camera(), dx, dy);
    this.owner.cameraMoved();
  }

  /** @param {Pinch} pinch */
  pinch({ dx, dy, zoom }) {
    zoomBy(this.camera(), zoom);
    turnByHand(this.camera(), dx, dy);
    this.owner.cameraMoved();
  }

  end() {
    this.owner.endGesture();
  }

  /** @param {number} factor */
  wheel(factor) {
    if (this.scrolls) return false;
    const changed = zoomBy(this.camera(), factor);
    this.owner.cameraMoved();
    return changed;
  }
}

/** @param {import("./camera.js").CameraSettings} camera @param {number} dx @param {number} dy in
 * pixels */
export function turnByHand(camera, dx, dy) {
  turnCamera(camera, dx * RADIANS_A_PIXEL, dy * RADIANS_A_PIXEL);
}

/** @param {HTMLCanvasElement} canvas @param {Hand} hand @param {AbortSignal} signal
 * @param {(event: PointerEvent) => void} [seen] called with each event of a held pointer */
export function listenToPointer(canvas, hand, signal, seen = () => {}) {
  const listener = new PointerListener(canvas, hand, seen);
  const options = { signal };
  canvas.addEventListener("pointerdown", (event) => listener.down(event), options);
  canvas.addEventListener("pointermove", (event) => listener.move(event), options);
  for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    canvas.addEventListener(type, (event) => listener.up(event.pointerId), options);
  }
  canvas.addEventListener("pointerleave", () => hand.leave(), options);
  canvas.addEventListener("wheel", (event) => listener.wheel(event), { signal, passive: false });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault(), options);
  globalThis.addEventListener("blur", () => listener.lose(), options);
}

class PointerListener {
  /** @param {HTMLCanvasElement} canvas @param {Hand} hand
   * @param {(event: PointerEvent) => void} seen */
  constructor(canvas, hand, seen) {
    this.canvas = canvas;
    this.hand = hand;
    this.seen = seen;
    /** @type {Map<number, Spot>} */
    this.held = new Map();
  }

  /** In the canvas's own CSS pixels, however the page around is zoomed or scaled.
   * @param {PointerEvent} event @returns {Spot} */
  spot(event) {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return {
      x: (event.clientX - left) * (this.canvas.clientWidth / (width || 1)),
      y: (event.clientY - top) * (this.canvas.clientHeight / (height || 1)),
    };
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button > 0 && event.pointerType === "mouse") return;
    capture(this.canvas, event.pointerId);
    const { x, y } = this.spot(event);
    this.held.set(event.pointerId, { x, y });
    if (this.held.size === 1) this.hand.begin(x, y, event);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const { x, y } = this.spot(event);
    const before = this.held.get(event.pointerId);
    // Let go where nobody heard it: outside the window, or in a dialogue of the browser.
    if (before && event.buttons === 0) this.up(event.pointerId);
    if (!before || event.buttons === 0) {
      this.hand.hover(x, y, event);
      return;
    }
    this.seen(event);
    const pair = this.pair();
    this.held.set(event.pointerId, { x, y });
    if (pair) this.pinch(pair);
    else this.hand.move({ x, y, dx: x - before.x, dy: y - before.y, shift: event.shiftKey });
  }

  /** The first two fingers: their middle, distance and direction. */
  pair() {
    if (this.held.size < 2) return null;
    const [a, b] = this.held.values();
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    return {
      x: (a.x + b.x) / 2,
      y: (a.y + b.y) / 2,
      length: Math.max(Math.hypot(dx, dy), 1),
      angle: Math.atan2(dy, dx),
    };
  }

  /** @param {{x: number, y: number, length: number, angle: number}} before */
  pinch(before) {
    const after = this.pair();
    if (!after) return;
    const turned = after.angle - before.angle;
    this.hand.pinch({
      dx: after.x - before.x,
      dy: after.y - before.y,
      zoom: after.length / before.length,
      twist: Math.atan2(Math.sin(turned), Math.cos(turned)),
    });
  }

  /** @param {number} pointer */
  up(pointer) {
    if (this.held.delete(pointer) && this.held.size === 0) this.hand.end();
  }

  /** Another window takes over: nobody would hear the release. */
  lose() {
    if (!this.held.size) return;
    this.held.clear();
    this.hand.end();
  }

  /** At either end of the zoom the page may scroll. @param {WheelEvent} event */
  wheel(event) {
    const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    const strength = event.ctrlKey ? 0.01 : 0.0015; // a pinch on a touchpad comes as ctrl + wheel
    if (this.hand.wheel(Math.exp(-strength * pixels)) || event.ctrlKey) event.preventDefault();
  }
}

/** Keep a pointer that leaves the canvas; one that has gone already, or that a program plays, can't be
 * kept. @param {HTMLCanvasElement} canvas @param {number} pointer */
function capture(canvas, pointer) {
  try {
    canvas.setPointerCapture(pointer);
  } catch (error) {
    console.debug(error);
  }
}
