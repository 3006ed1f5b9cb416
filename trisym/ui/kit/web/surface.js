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
    const ratio = Math.min(globalThis.devicePixelRatio || 1, 3);
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
