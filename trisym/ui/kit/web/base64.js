/** Arrays arrive from Python as base64 text: JSON has no arrays of float32. */

/** @param {string} text base64 @returns {Uint8Array<ArrayBuffer>} */
export function bytesFromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

/** @param {string} text base64 of little-endian float32 @returns {Float32Array} */
export function float32FromBase64(text) {
  return new Float32Array(bytesFromBase64(text).buffer);
}

/** @param {Uint8Array[]} parts one behind the other @returns {string} base64 */
export function base64FromBytes(parts) {
  const letters = parts.map((part) => Array.from(part, (byte) => String.fromCharCode(byte)).join(""));
  return btoa(letters.join(""));
}
