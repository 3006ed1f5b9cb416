/**
 * Translations, rotations and strains: told apart by colour (Okabe and Ito 2008), and by shape or dash.
 *
 * @typedef {"translation" | "rotation" | "strain"} Kind
 */
import { blend } from "./theme.js";

/** @type {Kind[]} */
export const MOTION_KINDS = ["translation", "rotation", "strain"];
/** @type {Record<Kind, number[]>} */
const KIND_COLOURS = { translation: [0, 114, 178], rotation: [150, 58, 130], strain: [213, 94, 0] };

/** @param {Kind} kind @param {boolean} dark @returns {number[]} */
export function kindColour(kind, dark) {
  return dark ? blend(KIND_COLOURS[kind], [255, 255, 255], 0.35) : KIND_COLOURS[kind];
}

/** The kind that a motion is most of. @param {Record<Kind, number>} shares @returns {Kind} */
export function leadingKind(shares) {
  return MOTION_KINDS.reduce((best, kind) => (shares[kind] > shares[best] ? kind : best));
}
