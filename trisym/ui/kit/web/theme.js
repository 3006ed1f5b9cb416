/**
 * Colours: those of the page's theme (Streamlit's --st-* variables), the Okabe-Ito set for the three
 * vertices and the point in the hand, and viridis for perimeters: all safe for colour-blind eyes.
 *
 * @typedef {number[]} Rgb three numbers, 0 to 255
 */
import { clamp } from "./camera.js";

/** Vertices 1, 2, 3 (Okabe and Ito 2008): blue, orange, bluish green. */
export const VERTEX_COLOURS = [[0, 114, 178], [230, 159, 0], [0, 158, 115]];
/** Points 4, 5, 6 of larger sets: reddish purple, sky blue, yellow; all carry their numbers, too. */
export const MORE_COLOURS = [[204, 121, 167], [86, 180, 233], [240, 228, 66]];
/** The latent point in the hand: vermilion, which viridis does not contain. */
export const POINT_COLOUR = [213, 94, 0];
/** Reconstructions, by model: reddish purple, sky blue, grey; they differ in their dashes too. */
export const GHOST_COLOURS = [[204, 121, 167], [86, 180, 233], [140, 140, 140]];

const VIRIDIS = [
  [68, 1, 84], [72, 40, 120], [62, 73, 137], [49, 104, 142], [38, 130, 142],
  [31, 158, 137], [53, 183, 121], [110, 206, 88], [181, 222, 43], [253, 231, 37],
];
export const PALETTE_STEPS = 64;

const USUAL_TYPE = 18; // pixels of the page's type, baseFontSize in .streamlit/config.toml
const LEAST_TYPE = 14; // of any type where the page's is as usual; kit.css has it too

/** @param {Rgb} a @param {Rgb} b @param {number} part 0 to 1 @returns {Rgb} */
export function blend(a, b, part) {
  return a.map((value, i) => Math.round(value + part * (b[i] - value)));
}

/** @param {Rgb} rgb @param {number} [alpha] @returns {string} */
export function css(rgb, alpha = 1) {
  return `rgba(${rgb[0]},${rgb[1]},${rgb[2]},${alpha})`;
}

/** A palette from left to right. @param {Rgb[]} palette @returns {string} */
export function gradient(palette) {
  return `linear-gradient(to right, ${palette.map((rgb) => css(rgb)).join(", ")})`;
}

/** Relative luminance, 0 to 1 (WCAG). @param {Rgb} rgb */
export function luminance(rgb) {
  const [r, g, b] = rgb.map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Viridis in 64 steps, without the end that would vanish into the background.
 * @param {boolean} dark @returns {Rgb[]} */
export function perimeterPalette(dark) {
  const [low, high] = dark ? [0.16, 1] : [0, 0.93];
  return Array.from({ length: PALETTE_STEPS }, (_, i) => {
    const at = (low + ((high - low) * i) / (PALETTE_STEPS - 1)) * (VIRIDIS.length - 1);
    const k = Math.min(Math.floor(at), VIRIDIS.length - 2);
    return blend(VIRIDIS[k], VIRIDIS[k + 1], at - k);
  });
}

/** @param {string} text any CSS colour @param {Rgb} otherwise @returns {Rgb} */
function parseColour(text, otherwise) {
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!pen || !CSS.supports("color", text)) return otherwise;
  pen.fillStyle = text;
  pen.fillRect(0, 0, 1, 1);
  return Array.from(pen.getImageData(0, 0, 1, 1).data.slice(0, 3));
}

/** What the page looks like now. */
export class Theme {
  /** @param {Element} element inside the component */
  constructor(element) {
    const style = getComputedStyle(element);
    const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    this.background = parseColour(read("--st-background-color"), [255, 255, 255]);
    this.panel = parseColour(read("--st-secondary-background-color"), [240, 242, 246]);
    this.text = parseColour(read("--st-text-color"), [49, 51, 63]);
    this.accent = parseColour(read("--st-primary-color"), [0, 114, 178]);
    this.font = read("--st-font") || "system-ui, sans-serif";
    this.scale = 1;
    this.measure();
    this.dark = luminance(this.background) < 0.35;
    this.palette = perimeterPalette(this.dark);
    /** For what lies outside the training cube, and below 0: amber, dark enough to read on white. */
    this.warning = this.dark ? [255, 190, 90] : [176, 88, 0];
    this.vertices = VERTEX_COLOURS.map((rgb) => (this.dark ? blend(rgb, [255, 255, 255], 0.15) : rgb));
  }

  /** Colours of more than three points. */
  get points() {
    const more = MORE_COLOURS.map((rgb) => (this.dark ? blend(rgb, [255, 255, 255], 0.15) : rgb));
    return [...this.vertices, ...more];
  }

  /** Text colour fading into the background. @param {number} strength 0 to 1 */
  ink(strength) {
    return css(blend(this.background, this.text, strength));
  }

  /** Look again at what a reader may change: the size of the page's type. */
  measure() {
    this.scale = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL_TYPE;
  }

  /** Type on a canvas: as the canvas has room, between what can be read and what is plenty, all as
   * the page's own type. @param {number} room @param {number} [most] @returns {number} CSS pixels */
  typeSize(room, most = 22) {
    return this.scale * clamp(room, LEAST_TYPE, most);
  }

  /** @param {number} size in CSS pixels @param {number} [weight] */
  type(size, weight = 400) {
    return `${weight} ${size}px ${this.font}`;
  }
}
