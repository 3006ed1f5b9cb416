/** Records a live view as a video: what its board shows, frame by frame, as one sees it. */
import { elementsOf, imagesOf } from "./elements_image.js";
import { extentOf, paintCanvases, paintElements, sizeOfPicture } from "./downloads.js";

const KINDS = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];
const FRAMES = 30; // a second
const BITS = 6_000_000; // a second
const MOST_PIXELS = 1920; // of a side
const SLICE_MS = 250; // of the video, until it is heard of
const LATE_MS = 3000; // a recorder that is not heard of by then has begun all the same

/** What this browser records; none where it does not. @returns {string | undefined} */
export function videoKind() {
  if (!("MediaRecorder" in globalThis)) return undefined;
  return KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
}

/** @param {number} pixels @returns {number} an even number: half a pixel has no colour in a video */
const even = (pixels) => 2 * Math.round(pixels / 2);

/**
 * @param {HTMLElement} board @param {() => import("./theme.js").Theme} theme
 * @param {number} seconds @param {AbortSignal} signal ends it early
 * @returns {Promise<Blob>} a video of the board
 */
export function recorded(board, theme, seconds, signal) {
  const sheet = document.createElement("canvas");
  const [wide, high] = sizeOfPicture(board, 1);
  const ratio = Math.min(globalThis.devicePixelRatio || 1, MOST_PIXELS / Math.max(wide, high));
  [sheet.width, sheet.height] = sizeOfPicture(board, ratio).map(even);
  const pen = /** @type {CanvasRenderingContext2D} */ (sheet.getContext("2d", { alpha: false }));
  const recorder = new MediaRecorder(sheet.captureStream(FRAMES), {
    mimeType: videoKind(), videoBitsPerSecond: BITS,
  });
  /** @type {Blob[]} */
  const parts = [];
  recorder.ondataavailable = ({ data }) => void (data.size && parts.push(data));
  return new Promise((resolve, reject) => {
    let asked = 0;
    let began = 0; // once there is something of it: a busy machine begins to record a second late
    /** The elements as last drawn: a frame or two behind the canvases. @type {HTMLImageElement[]} */
    let images = [];
    const follow = async () => {
      images = await imagesOf(elementsOf(board, extentOf(board)));
      if (recorder.state === "recording") requestAnimationFrame(() => void follow().catch(reject));
    };
    const paint = (/** @type {number} */ now) => {
      asked ||= now;
      if (parts.length || now - asked > LATE_MS) began ||= now;
      paintElements(pen, images, theme(), ratio);
      paintCanvases(pen, board, ratio);
      const isLongEnough = began && now - began >= 1000 * seconds;
      if (!isLongEnough && !signal.aborted) requestAnimationFrame(paint);
      else recorder.stop();
    };
    recorder.onstop = () => resolve(new Blob(parts, { type: recorder.mimeType }));
    recorder.onerror = () => reject(new Error("The recording failed."));
    recorder.start(SLICE_MS);
    follow().then(() => requestAnimationFrame(paint), reject);
  });
}
