/** What a visitor takes away: a file, or the views as one picture, at the camera one sees. */
import { css } from "./theme.js";

const MARGIN = 16;

/** @param {HTMLElement} board @param {import("./theme.js").Theme} theme
 * @returns {Promise<Blob>} a PNG */
export async function pictureOf(board, theme) {
  const frame = board.getBoundingClientRect();
  const ratio = Math.max(2, globalThis.devicePixelRatio || 1);
  const size = [frame.width, frame.height].map((side) => Math.round((side + 2 * MARGIN) * ratio));
  const sheet = new OffscreenCanvas(size[0], size[1]);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (sheet.getContext("2d"));
  pen.fillStyle = css(theme.background);
  pen.fillRect(0, 0, size[0], size[1]);
  pen.scale(ratio, ratio);
  pen.translate(MARGIN - frame.left, MARGIN - frame.top);
  for (const canvas of board.querySelectorAll("canvas")) {
    const at = canvas.getBoundingClientRect();
    pen.drawImage(canvas, at.left, at.top, at.width, at.height);
    pen.strokeStyle = css(theme.text, 0.14);
    pen.strokeRect(at.left, at.top, at.width, at.height);
  }
  pen.fillStyle = theme.ink(1);
  pen.textBaseline = "top";
  for (const heading of board.querySelectorAll("h2, .value")) {
    const at = heading.getBoundingClientRect();
    pen.font = theme.type(Number.parseFloat(getComputedStyle(heading).fontSize), 600);
    pen.fillText(heading.textContent ?? "", at.left, at.top, at.width);
  }
  return sheet.convertToBlob({ type: "image/png" });
}

/** @param {Blob} blob @param {string} name */
export function offer(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
