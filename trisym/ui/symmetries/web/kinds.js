/** Translations, rotations and strains are told apart by shape and by colour (Okabe and Ito 2008). */
import { blend, css } from "../../kit/web/theme.js";
import { MOTION_KINDS } from "./motions.js";

/** @type {Record<import("./motions.js").Kind, number[]>} */
const KIND_COLOURS = { translation: [0, 114, 178], rotation: [150, 58, 130], strain: [213, 94, 0] };

/** @param {import("./motions.js").Kind} kind @param {boolean} dark @returns {number[]} */
export function kindColour(kind, dark) {
  return dark ? blend(KIND_COLOURS[kind], [255, 255, 255], 0.35) : KIND_COLOURS[kind];
}

/** The kind that a motion is most of. @param {Record<import("./motions.js").Kind, number>} shares
 * @returns {import("./motions.js").Kind} */
export function leadingKind(shares) {
  return MOTION_KINDS.reduce((best, kind) => (shares[kind] > shares[best] ? kind : best));
}

/** The colours of a motion as upright stripes, as wide as its shares.
 * @param {Record<import("./motions.js").Kind, number>} shares @param {boolean} dark
 * @returns {string} a CSS background */
export function stripes(shares, dark) {
  let from = 0;
  const stops = MOTION_KINDS.map((kind) => {
    const to = from + 100 * shares[kind];
    const stop = `${css(kindColour(kind, dark))} ${from.toFixed(1)}% ${to.toFixed(1)}%`;
    from = to;
    return stop;
  });
  return `linear-gradient(90deg, ${stops.join(", ")})`;
}
