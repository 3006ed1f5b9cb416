/** What a visitor takes away: a file, or the views as one picture, at the camera one sees. */
import { css } from "./theme.js";
import { elementsOf, imagesOf } from "./elements_image.js";

const MARGIN = 16;
const PRINT = 3;

/** At three pixels for each of the screen's: 300 a inch where a board of 1200 is 30 cm wide.
 * @param {HTMLElement} board @param {import("./theme.js").Theme} theme
 * @returns {Promise<Blob>} a PNG of the board as it is now */
export async function pictureOf(board, theme) {
  const ratio = Math.max(PRINT, globalThis.devicePixelRatio || 1);
  const canvases = new OffscreenCanvas(...sizeOfPicture(board, ratio));
  paintCanvases(penOf(canvases), board, ratio);
  const images = await imagesOf(elementsOf(board, extentOf(board)));
  const sheet = new OffscreenCanvas(canvases.width, canvases.height);
  paintElements(penOf(sheet), images, theme, ratio);
  penOf(sheet).resetTransform();
  penOf(sheet).drawImage(canvases, 0, 0);
  return sheet.convertToBlob({ type: "image/png" });
}

/** @param {OffscreenCanvas} sheet */
function penOf(sheet) {
  return /** @type {OffscreenCanvasRenderingContext2D} */ (sheet.getContext("2d"));
}

/** What is shown of a page: the board, which on a phone has no box of its own but those of its parts,
 * and what else of the view is marked as printed. @param {HTMLElement} board */
export function extentOf(board) {
  const shown = board.getBoundingClientRect().width ? [board] : board.querySelectorAll("*");
  const others = board.parentElement?.querySelectorAll("[data-printed]") ?? [];
  const boxes = [...shown, ...others].map((part) => part.getBoundingClientRect())
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

/** @typedef {OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D} Pen */

/** A board's elements, from their images. @param {Pen} pen @param {HTMLImageElement[]} images
 * @param {import("./theme.js").Theme} theme @param {number} ratio */
export function paintElements(pen, images, theme, ratio) {
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = css(theme.background);
  pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
  images.forEach((image, i) => {
    pen.drawImage(image, MARGIN, MARGIN + i * image.height, image.width, image.height);
  });
}

/** A board's canvases, where one sees them. @param {Pen} pen @param {HTMLElement} board
 * @param {number} ratio */
export function paintCanvases(pen, board, ratio) {
  const { left, top } = extentOf(board);
  pen.setTransform(ratio, 0, 0, ratio, (MARGIN - left) * ratio, (MARGIN - top) * ratio);
  for (const canvas of board.querySelectorAll("canvas")) {
    const at = canvas.getBoundingClientRect();
    if (canvas.width && canvas.height && at.width) pen.drawImage(canvas, at.left, at.top, at.width, at.height);
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
