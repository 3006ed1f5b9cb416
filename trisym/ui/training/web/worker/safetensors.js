/** A model in one .safetensors file, its card in the header: what trisym/storage/checkpoints.py reads. */

const ALIGNMENT = 8; // bytes that the header is filled up to with blanks

/** @param {import("./network.js").Shape[]} shapes @param {Float32Array[]} parts in the shapes' order
 * @param {unknown} card @returns {Uint8Array<ArrayBuffer>} */
export function modelFile(shapes, parts, card) {
  /** @type {Record<string, unknown>} */
  const header = { __metadata__: { card: JSON.stringify(card) } };
  let end = 0;
  shapes.forEach(({ name, rows, columns }, i) => {
    const start = end;
    end += parts[i].byteLength;
    const shape = name.endsWith(".bias") ? [columns] : [rows, columns];
    header[name] = { dtype: "F32", shape, data_offsets: [start, end] };
  });
  const text = new TextEncoder().encode(JSON.stringify(header));
  const size = ALIGNMENT * Math.ceil(text.length / ALIGNMENT);
  const file = new Uint8Array(8 + size + end).fill(0x20, 8, 8 + size);
  new DataView(file.buffer).setBigUint64(0, BigInt(size), true);
  file.set(text, 8);
  let at = 8 + size;
  for (const part of parts) {
    file.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return file;
}
