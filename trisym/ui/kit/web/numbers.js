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

/** Epochs, as everywhere: two decimals at most, none where whole. @param {number} value
 * @returns {string} */
export function epochs(value) {
  return (Math.floor(100 * value + 0.5) / 100).toLocaleString("en", { maximumFractionDigits: 2 });
}

/** What a visitor typed, with a point or a comma. @param {string} text @returns {number} or NaN */
export function numberFrom(text) {
  return Number(text.trim().replace(",", ".") || NaN);
}

/** A node as it is read: N₁ for the first. @param {number} node from 0 on */
export function nodeName(node) {
  return `N${String(node + 1).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)])}`;
}
