/** A zip as other programs read it: sizes, checksums and places by the standard. */
import assert from "node:assert/strict";
import test from "node:test";
import { inflateRawSync } from "node:zlib";

import { checksum, zipped } from "../../trisym/ui/kit/whole_page/web/zip.js";

const NAME = "tables/größe.csv";

test("the checksum is CRC-32", () => {
  assert.equal(checksum(new TextEncoder().encode("123456789")), 0xcbf43926); // its check value
  assert.equal(checksum(new Uint8Array()), 0);
});

test("files are found by the directory at its end, and are what they were", async () => {
  const files = new Map([["README.txt", "a".repeat(10_000)], [NAME, "ä,b\n1,2\n"], ["empty", ""]]);
  const zip = await zipped(files, new Date(2026, 10, 26, 12, 30, 2));
  const bytes = Buffer.from(await zip.arrayBuffer());
  assert.ok(bytes.length < 600); // it compresses
  const end = bytes.length - 22;
  assert.equal(bytes.readUInt32LE(end), 0x06054b50);
  assert.equal(bytes.readUInt16LE(end + 10), 3);
  let at = bytes.readUInt32LE(end + 16);
  for (const [name, content] of files) {
    assert.equal(bytes.readUInt32LE(at), 0x02014b50);
    assert.equal(bytes.readUInt16LE(at + 8) & 0x0800, 0x0800); // the name is UTF-8
    assert.deepEqual([bytes.readUInt16LE(at + 12), bytes.readUInt16LE(at + 14)], [0x63c1, 0x5d7a]);
    const [sum, small, size] = [16, 20, 24].map((place) => bytes.readUInt32LE(at + place));
    const length = bytes.readUInt16LE(at + 28);
    assert.equal(bytes.toString("utf-8", at + 46, at + 46 + length), name);
    const local = bytes.readUInt32LE(at + 42);
    assert.equal(bytes.readUInt32LE(local), 0x04034b50);
    const start = local + 30 + bytes.readUInt16LE(local + 26);
    const found = inflateRawSync(bytes.subarray(start, start + small));
    assert.deepEqual([found.toString("utf-8"), found.length], [content, size]);
    assert.equal(checksum(found), sum);
    at += 46 + length;
  }
  assert.equal(at, end);
});
