/**
 * Many points as small shaded balls, written pixel by pixel into ImageData with a depth buffer:
 * without a GPU this is several times quicker than WebGL or a fillRect a point.
 */

const DEPTHS = 16; // steps of fading into the background
const SHADES = 4; // light on a ball: from its lit side to its rim

/** Ball pixels: flat offsets dx, dy, shade. @param {number} radius in device pixels */
function ballPixels(radius) {
  const pixels = [];
  const reach = Math.ceil(radius);
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      const r = Math.hypot(dx, dy) / (radius + 0.3);
      if (r > 1) continue;
      // Lambert light from the upper left on a sphere: the normal's share towards it.
      const light = Math.sqrt(1 - r * r) * 0.75 - ((dx + dy) / (radius + 0.3)) * 0.35;
      pixels.push(dx, dy, Math.min(SHADES - 1, Math.max(0, Math.round((0.75 - light) * SHADES))));
    }
  }
  return Int16Array.from(pixels);
}

export class BallPainter {
  constructor() {
    this.width = 0;
    this.height = 0;
    /** @type {ImageData | null} */
    this.image = null;
    this.pixels = new Uint32Array(0);
    this.depths = new Float32Array(0);
    this.lut = new Uint32Array(0);
    this.colours = 0;
    /** @type {import("./paint.js").Paint | null} */
    this.colouring = null;
  }

  /** @param {import("./paint.js").Paint} paint */
  takeColours(paint) {
    if (paint === this.colouring) return;
    this.colouring = paint;
    const { palette, background, dark } = paint;
    this.colours = palette.length;
    this.lut = new Uint32Array(SHADES * palette.length * DEPTHS);
    for (let shade = 0, k = 0; shade < SHADES; shade += 1) {
      const light = 1.12 - (dark ? 0.16 : 0.12) * shade;
      for (const rgb of palette) {
        for (let depth = 0; depth < DEPTHS; depth += 1, k += 1) {
          const fog = 0.62 * (depth / (DEPTHS - 1)) ** 1.3;
          const [r, g, b] = rgb.map((c, i) =>
            Math.round(Math.min(255, c * light) * (1 - fog) + background[i] * fog),
          );
          this.lut[k] = (255 << 24) | (b << 16) | (g << 8) | r; // little-endian RGBA
        }
      }
    }
  }

  /** @param {number} width @param {number} height in device pixels */
  resize(width, height) {
    if (width === this.width && height === this.height) return;
    this.width = width;
    this.height = height;
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.depths = new Float32Array(width * height);
  }

  /**
   * @param {Float32Array} points x y z after each other @param {Uint8Array} colours one a point
   * @param {number} count @param {import("./camera.js").Projection} view in device pixels
   * @param {number} radius of a ball in device pixels @param {number} reach depth of full fading
   * @returns {ImageData | null} */
  paint(points, colours, count, view, radius, reach) {
    this.pixels.fill(0);
    this.depths.fill(Infinity);
    const ball = ballPixels(radius);
    const { right: r, up: u, forward: f, target: t, focal, distance } = view;
    const edge = Math.ceil(radius);
    for (let i = 0, j = 0; i < count; i += 1, j += 3) {
      const a = points[j] - t[0];
      const b = points[j + 1] - t[1];
      const c = points[j + 2] - t[2];
      const depth = a * f[0] + b * f[1] + c * f[2];
      if (depth < -0.95 * distance) continue;
      const scale = focal / (distance + depth);
      const x = Math.round(view.centreX + scale * (a * r[0] + b * r[1] + c * r[2]));
      const y = Math.round(view.centreY - scale * (a * u[0] + b * u[1] + c * u[2]));
      if (x < edge || y < edge || x >= this.width - edge || y >= this.height - edge) continue;
      const step = Math.min(DEPTHS - 1, Math.max(0, ((depth / reach + 1) / 2) * DEPTHS)) | 0;
      this.stamp(ball, y * this.width + x, depth, colours[i] * DEPTHS + step);
    }
    return this.image;
  }

  /** @param {Int16Array} ball @param {number} at @param {number} depth @param {number} colour */
  stamp(ball, at, depth, colour) {
    const { pixels, depths, lut, width } = this;
    const layer = this.colours * DEPTHS;
    for (let k = 0; k < ball.length; k += 3) {
      const pixel = at + ball[k + 1] * width + ball[k];
      if (depth < depths[pixel]) {
        depths[pixel] = depth;
        pixels[pixel] = lut[ball[k + 2] * layer + colour];
      }
    }
  }
}
