/**
 * Mouse, pen and fingers on a canvas, as gestures: one hold that moves, or two fingers that carry,
 * pinch and twist. Input arrives faster than frames; each event changes the scene, frames draw it.
 *
 * @typedef {{x: number, y: number, dx: number, dy: number, shift: boolean}} Move in CSS pixels
 * @typedef {{dx: number, dy: number, zoom: number, twist: number}} Pinch zoom: a factor; radians
 * @typedef {{
 *   begin: (x: number, y: number, event: PointerEvent) => void,
 *   move: (move: Move) => void,
 *   pinch: (pinch: Pinch) => void,
 *   end: () => void,
 *   hover: (x: number, y: number, event: PointerEvent) => void,
 *   wheel: (factor: number) => boolean,
 *   seen: (event: PointerEvent) => void,
 * }} Hand
 */

/** @param {HTMLCanvasElement} canvas @param {Hand} hand @param {AbortSignal} signal */
export function listenToPointer(canvas, hand, signal) {
  const listener = new PointerListener(canvas, hand);
  const options = { signal };
  canvas.addEventListener("pointerdown", (event) => listener.down(event), options);
  canvas.addEventListener("pointermove", (event) => listener.move(event), options);
  for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"])) {
    canvas.addEventListener(type, (event) => listener.up(event), options);
  }
  canvas.addEventListener("wheel", (event) => listener.wheel(event), { signal, passive: false });
  canvas.addEventListener("contextmenu", (event) => event.preventDefault(), options);
}

class PointerListener {
  /** @param {HTMLCanvasElement} canvas @param {Hand} hand */
  constructor(canvas, hand) {
    this.canvas = canvas;
    this.hand = hand;
    /** @type {Map<number, {x: number, y: number}>} */
    this.held = new Map();
  }

  /** @param {PointerEvent} event */
  down(event) {
    if (event.button > 0 && event.pointerType === "mouse") return;
    this.canvas.setPointerCapture(event.pointerId);
    this.held.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (this.held.size === 1) this.hand.begin(event.offsetX, event.offsetY, event);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const spot = this.held.get(event.pointerId);
    if (!spot) {
      this.hand.hover(event.offsetX, event.offsetY, event);
      return;
    }
    this.hand.seen(event);
    const before = this.pair();
    const [dx, dy] = [event.offsetX - spot.x, event.offsetY - spot.y];
    spot.x = event.offsetX;
    spot.y = event.offsetY;
    if (before) this.pinch(before);
    else this.hand.move({ x: spot.x, y: spot.y, dx, dy, shift: event.shiftKey });
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

  /** @param {PointerEvent} event */
  up(event) {
    if (!this.held.delete(event.pointerId)) return;
    if (this.held.size === 0) this.hand.end();
  }

  /** At either end of the zoom the page may scroll. @param {WheelEvent} event */
  wheel(event) {
    const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    const strength = event.ctrlKey ? 0.01 : 0.0015; // a pinch on a touchpad comes as ctrl + wheel
    if (this.hand.wheel(Math.exp(-strength * pixels)) || event.ctrlKey) event.preventDefault();
  }
}
