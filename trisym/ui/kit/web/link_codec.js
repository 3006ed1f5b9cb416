/**
 * A scene as one value in a link, as trisym/ui/kit/link_codec.py writes and reads it: "v1." and base64url
 * of the numbers as float32, a byte for each choice, words joined by commas, two bytes of CRC-32; "v2."
 * where it has numbers that came with version 2.
 *
 * @typedef {{name: string, kind: "numbers", count: number, since?: number}
 *   | {name: string, kind: "choice", options: string[]} | {name: string, kind: "words"}} Field
 * @typedef {Field[]} Layout
 * @typedef {Record<string, any>} SceneValues numbers as arrays, a choice as text, words as texts
 */

/** @param {Layout} layout @param {SceneValues} values @returns {string} */
export function encodeScene(layout, values) {
  const version = Math.max(...layout.filter(({ name }) => values[name] !== undefined).map(since), 1);
  const fields = layout.filter((field) => since(field) <= version);
  const bytes = fields.flatMap((field) => [...bytesOf(field, values[field.name])]);
  const crc = crc32(bytes) & 0xffff;
  const binary = String.fromCharCode(...bytes, crc & 0xff, crc >> 8);
  return `v${version}.${btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** @param {Field} field @returns {number} the version of links that it came with */
function since(field) {
  return (field.kind === "numbers" && field.since) || 1;
}

/** What a scene leaves out is zeros, or the first choice: the place of a field that older links have.
 * @param {Field} field @param {any} value @returns {Uint8Array | number[]} */
function bytesOf(field, value) {
  if (field.kind === "choice") return [Math.max(0, field.options.indexOf(value))];
  if (field.kind === "words") return new TextEncoder().encode((value ?? []).join(","));
  return new Uint8Array(Float32Array.from(value ?? new Array(field.count).fill(0)).buffer);
}

/** Python has checked the text. @param {Layout} layout @param {string} text
 * @returns {SceneValues} */
export function decodeScene(layout, text) {
  const binary = atob(text.slice(3).replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0)).slice(0, -2);
  /** @type {SceneValues} */
  const values = {};
  let at = 0;
  const version = Number(text[1]);
  for (const field of layout) {
    if (since(field) > version) continue;
    const size = sizeOf(field, bytes.length - at);
    values[field.name] = valueOf(field, bytes.slice(at, at + size));
    at += size;
  }
  return values;
}

/** @param {Field} field @param {number} rest @returns {number} of bytes */
function sizeOf(field, rest) {
  if (field.kind === "words") return rest;
  return field.kind === "choice" ? 1 : 4 * field.count;
}

/** @param {Field} field @param {Uint8Array} bytes */
function valueOf(field, bytes) {
  if (field.kind === "choice") return field.options[bytes[0]];
  if (field.kind === "numbers") return Array.from(new Float32Array(bytes.buffer));
  const words = new TextDecoder().decode(bytes);
  return words ? words.split(",") : [];
}

/** @param {number[]} bytes @returns {number} CRC-32 as in zlib */
function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
