/**
 * Files as one zip, compressed by the browser's own deflate.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16
 */

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const NEEDED = 20; // 2.0: deflate
const UTF8 = 0x0800;
const DEFLATE = 8;

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32. @param {Uint8Array} bytes @returns {number} */
export function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ CRC[(value ^ byte) & 255];
  return (value ^ 0xffffffff) >>> 0;
}

/** @param {Date} now @returns {[number, number]} time and date as MS-DOS had them: two seconds, since 1980 */
function stamp(now) {
  const time = (now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1);
  return [time, ((now.getFullYear() - 1980) << 9) | ((now.getMonth() + 1) << 5) | now.getDate()];
}

/** Little-endian numbers. @param {...[number, number]} fields each with its size, 2 or 4 bytes
 * @returns {Uint8Array<ArrayBuffer>} */
function packed(...fields) {
  const bytes = new Uint8Array(fields.reduce((sum, [, size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [value, size] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += size;
  }
  return bytes;
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function deflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** @param {Map<string, string | Blob>} files by their names in the zip @param {Date} now
 * @returns {Promise<Blob>} */
export async function zipped(files, now = new Date()) {
  const [time, date] = stamp(now);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const directory = [];
  let offset = 0;
  for (const [name, content] of files) {
    const bytes = new Uint8Array(await new Blob([content]).arrayBuffer());
    const small = await deflated(bytes);
    const title = new TextEncoder().encode(name);
    /** @type {[number, number][]} */
    const about = [
      [NEEDED, 2], [UTF8, 2], [DEFLATE, 2], [time, 2], [date, 2], [checksum(bytes), 4],
      [small.length, 4], [bytes.length, 4], [title.length, 2], [0, 2],
    ];
    const head = packed([LOCAL, 4], ...about);
    parts.push(head, title, small);
    directory.push(packed([CENTRAL, 4], [NEEDED, 2], ...about, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]), title);
    offset += head.length + title.length + small.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = packed([END, 4], [0, 2], [0, 2], [files.size, 2], [files.size, 2], [size, 4], [offset, 4], [0, 2]);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
