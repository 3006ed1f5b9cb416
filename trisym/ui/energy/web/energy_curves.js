/**
 * The energy along the line, as it is for the molecule in this pose: exact and predicted; and where
 * the predictors were never trained.
 *
 * @typedef {{t: number[], exact: number[], predicted: number[][], short: boolean[],
 *   outside: boolean[], minSide: number}} Curves predicted: one list a predictor
 */
import { isInsideCube, sideLengths } from "../../kit/web/geometry.js";
import { moleculeEnergy } from "./potential.js";

const CURVE_STEPS = 121;

/** @param {import("./line.js").HingeLine | import("./line.js").PrintedLine} line
 * @param {number[]} vertices @param {import("./predictor.js").EnergyPredictor[]} predictors
 * @param {{edge: number, minSide: number, sigma: number}} setting @returns {Curves} */
export function curvesAlong(line, vertices, predictors, setting) {
  const [low, high] = line.range(vertices);
  const t = Array.from({ length: CURVE_STEPS }, (_, i) => low + ((high - low) * i) / (CURVE_STEPS - 1));
  const poses = t.map((value) => line.at(vertices, value));
  const atoms = poses.map((pose) => pose.map((c) => c * setting.edge));
  const sides = atoms.map(sideLengths);
  return {
    t,
    exact: sides.map((s) => moleculeEnergy(s, setting.sigma)),
    predicted: predictors.map((predictor) => atoms.map((v) => predictor.energy(v))),
    short: sides.map((s) => Math.min(...s) <= setting.minSide),
    outside: poses.map((pose) => !isInsideCube(pose)),
    minSide: setting.minSide,
  };
}

/** Runs of true, as pairs of t: each run reaches halfway to its neighbours.
 * @param {number[]} t @param {boolean[]} flags @returns {[number, number][]} */
export function runsOf(t, flags) {
  /** @type {[number, number][]} */
  const runs = [];
  const half = (t[1] - t[0]) / 2;
  flags.forEach((flag, i) => {
    if (!flag) return;
    const [from, to] = [Math.max(t[i] - half, t[0]), Math.min(t[i] + half, t[t.length - 1])];
    if (i > 0 && flags[i - 1]) runs[runs.length - 1][1] = to;
    else runs.push([from, to]);
  });
  return runs;
}

/** What is drawn, as a table to take away. @param {Curves} curves @param {string} name of t
 * @param {string[]} kinds @param {import("./bands.js").Bands} bands @returns {string} CSV */
export function tableOf(curves, name, kinds, bands) {
  const head = [name, "exact", ...kinds, ...kinds.flatMap((k) => [`${k}_low`, `${k}_high`]),
    "short_side", "outside_box"];
  /** @returns {(number | string)[]} nothing where no pose fits */
  const ends = (/** @type {number} */ kind, /** @type {number} */ t, /** @type {number} */ i) =>
    bands.offsetsAt(t, kind, curves.exact[i])?.map((off) => curves.exact[i] + off) ?? ["", ""];
  const rows = curves.t.map((t, i) => [
    t, curves.exact[i], ...kinds.map((_, k) => curves.predicted[k][i]),
    ...kinds.flatMap((_, k) => ends(k, t, i)),
    Number(curves.short[i]), Number(curves.outside[i]),
  ]);
  const text = (/** @type {number | string} */ value) =>
    (typeof value === "number" ? String(Number(value.toPrecision(7))) : value);
  return [head, ...rows.map((row) => row.map(text))].map((row) => row.join(",")).join("\n") + "\n";
}
