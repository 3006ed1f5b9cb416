/** Arrays arrive from Python as base64 text: JSON has no arrays of float32. */

/** @param {string} text base64 of little-endian float32 @returns {Float32Array} */
export function float32FromBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return new Float32Array(bytes.buffer);
}
