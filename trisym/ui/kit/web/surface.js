/** Device pixels for a CSS pixel: the screen's, and at least so many, which a print asks for. */
const MOST_RATIO = 3;
const asked = { least: 1 };

/** @param {() => void} draw what draws everything anew, and ends before it returns */
export function drawnForPrint(draw) {
  asked.least = MOST_RATIO;
  try {
    draw();
  } finally {
    asked.least = 1;
  }
}

/** A canvas that stays crisp: sized in device pixels, drawn on in CSS pixels. */
export class Surface {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.width = 0;
    this.height = 0;
    this.ratio = 1;
  }

  /** Follow the layout. @returns {boolean} whether the size changed */
  fit() {
    const ratio = Math.min(Math.max(globalThis.devicePixelRatio || 1, asked.least), MOST_RATIO);
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === this.width && height === this.height && ratio === this.ratio) return false;
    Object.assign(this, { width, height, ratio });
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    return true;
  }

  /** An empty canvas, in CSS pixels. @returns {CanvasRenderingContext2D} */
  clear() {
    this.pen.setTransform(1, 0, 0, 1, 0, 0);
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    return this.pen;
  }

  get empty() {
    return this.canvas.width === 0 || this.canvas.height === 0;
  }
}
