/** What a visitor takes away: a file, or the views as one picture, at the camera one sees. */
import { css } from "./theme.js";

const MARGIN = 16;
const PRINT = 3;

/** At three pixels for each of the screen's: 300 a inch where a board of 1200 is 30 cm wide.
 * @param {HTMLElement} board @param {import("./theme.js").Theme} theme
 * @returns {Promise<Blob>} a PNG; the board is painted before this returns */
export async function pictureOf(board, theme) {
  const ratio = Math.max(PRINT, globalThis.devicePixelRatio || 1);
  const sheet = new OffscreenCanvas(...sizeOfPicture(board, ratio));
  paintPicture(/** @type {OffscreenCanvasRenderingContext2D} */ (sheet.getContext("2d")), board, theme, ratio);
  return sheet.convertToBlob({ type: "image/png" });
}

const PARTS = "canvas, h2, .value, dt, dd";

/** Where a board's parts lie: on a phone it may have no box of its own. @param {HTMLElement} board */
function extentOf(board) {
  const own = board.getBoundingClientRect();
  if (own.width && own.height) return own;
  const boxes = [...board.querySelectorAll(PARTS)].map((part) => part.getBoundingClientRect())
    .filter(({ width, height }) => width && height);
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
  const [right, bottom] = [Math.max(...boxes.map((box) => box.right)), Math.max(...boxes.map((box) => box.bottom))];
  return { left, top, width: right - left, height: bottom - top };
}

/** @param {HTMLElement} board @param {number} ratio @returns {[number, number]} in pixels */
export function sizeOfPicture(board, ratio) {
  const { width, height } = extentOf(board);
  return [Math.round((width + 2 * MARGIN) * ratio), Math.round((height + 2 * MARGIN) * ratio)];
}

/** The canvases of a board, its headings and its large numbers, where one sees them.
 * @param {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} pen @param {HTMLElement} board
 * @param {import("./theme.js").Theme} theme @param {number} ratio */
export function paintPicture(pen, board, theme, ratio) {
  const frame = extentOf(board);
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.fillStyle = css(theme.background);
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
  pen.scale(ratio, ratio);
  pen.translate(MARGIN - frame.left, MARGIN - frame.top);
  for (const canvas of board.querySelectorAll("canvas")) {
    const at = canvas.getBoundingClientRect();
    if (!canvas.width || !canvas.height || !at.width) continue;
    pen.drawImage(canvas, at.left, at.top, at.width, at.height);
    pen.strokeStyle = css(theme.text, 0.14);
    pen.strokeRect(at.left, at.top, at.width, at.height);
  }
  pen.textBaseline = "top";
  for (const element of board.querySelectorAll("h2, .value, dt, dd")) {
    const at = element.getBoundingClientRect();
    if (!at.width) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    pen.fillStyle = color;
    pen.font = theme.type(Number.parseFloat(fontSize), Number(fontWeight));
    pen.fillText(element.textContent ?? "", at.left, at.top, at.width);
  }
}

/** @param {Blob} blob @param {string} name */
export function offer(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
