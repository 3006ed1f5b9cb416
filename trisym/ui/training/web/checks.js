/**
 * What a configuration may hold, in Python's words: the bounds are trisym.bounds, sent with the page.
 *
 * @typedef {Record<string, {low: number, high: number, whole: boolean}>} Bounds
 */

/** A sentence where a value may not be; empty where it may. @param {string} name of the bound
 * @param {number} value @param {Bounds} bounds @param {string} [typed] @returns {string} */
export function faultOf(name, value, bounds, typed = String(value)) {
  const { low, high, whole } = bounds[name];
  if (value >= low && value <= high && (!whole || Number.isInteger(value))) return "";
  const shown = Number.isFinite(value) ? String(value) : `'${typed.slice(0, 40)}'`;
  const kind = whole ? "a whole number" : "a number";
  const text = (/** @type {number} */ end) => (whole ? end.toLocaleString("en") : asPython(end));
  return `${name} must be ${kind} from ${text(low)} to ${text(high)}, not ${shown}.`;
}

/** As Python's :g writes it: six digits, an exponent of two. @param {number} value */
function asPython(value) {
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  if (exponent >= -4 && exponent < 6) return String(Number(value.toPrecision(6)));
  const [digits, power] = value.toExponential(5).split("e");
  return `${Number(digits)}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}
