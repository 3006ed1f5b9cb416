/** Numbers as text: a true minus, and none before a zero. */

/** @param {number} value @param {number} [digits] after the point */
export function fixed(value, digits = 3) {
  const text = value.toFixed(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replaceAll("-", "−");
}

/** With a sign: + where it is not negative. @param {number} value @param {number} [digits] */
export function signed(value, digits = 3) {
  const text = fixed(value, digits);
  return text.startsWith("−") ? text : `+${text}`;
}

/** @param {number} value @returns {string} two significant digits, without an exponent */
export function significant(value) {
  if (value === 0) return "0";
  const digits = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(Math.abs(value)))));
  return fixed(value, digits);
}

/** What a visitor typed, with a point or a comma. @param {string} text @returns {number} or NaN */
export function numberFrom(text) {
  return Number(text.trim().replace(",", ".") || NaN);
}

/**
 * The one way in which epochs are written, as `film.epochs_shown` does: two decimals at most.
 * @param {number} epochs */
export function epochsShown(epochs) {
  return epochs.toLocaleString("en", { maximumFractionDigits: 2 });
}
