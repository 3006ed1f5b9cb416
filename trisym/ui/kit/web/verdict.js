/** What a drift means: whether a latent point stayed where it was. */

/** Drift in spreads of the cloud: below the first the latent stayed put, above the second it moved.
 * 0.05 is 5 % of the typical distance of a shape from the mean; the best network shipped stays
 * near 0.01, a network that has not learned the symmetry is near 1. */
export const STAYED = 0.05;
export const MOVED = 0.25;

/** @param {number | null} drift @param {number | null} largest so far
 * @returns {{word: string, sign: string, level: string}} in words, as a sign, as a style */
export function verdict(drift, largest) {
  if (drift === null) return { word: "new shape", sign: "△", level: "none" };
  if (!(largest && largest > 1e-9)) return { word: "not moved yet", sign: "○", level: "none" };
  // A network that wandered and is back by chance has not learned to stay.
  if (drift < STAYED && largest > MOVED) return { word: "came back", sign: "↩", level: "drifted" };
  if (drift < STAYED) return { word: "stayed put", sign: "◉", level: "stayed" };
  if (drift < MOVED) return { word: "drifted", sign: "≈", level: "drifted" };
  return { word: "moved", sign: "➜", level: "moved" };
}
