/** An application or a bootloader of an ESP32, as its ROM reads it: a header, segments, a checksum and, where the header says
 * so, a digest. Espressif's "Firmware Image Format" has the layout; the ROM starts nothing that fails these checks. */
import { createHash } from "node:crypto";
import { type Checked, hexOf } from "./result.ts";

const MAGIC = 0xe9;
const HEADER_SIZE = 24;
const SEGMENT_HEADER_SIZE = 8;
const SEGMENTS_MAX = 16;
const CHECKSUM_START = 0xef;
const DIGEST_SIZE = 32;

const CHIP_NAMES: { readonly [id: number]: string } = {
  0: "ESP32",
  2: "ESP32-S2",
  5: "ESP32-C3",
  9: "ESP32-S3",
  12: "ESP32-C2",
  13: "ESP32-C6",
  16: "ESP32-H2",
};

export const chipName = (id: number): string => CHIP_NAMES[id] ?? `chip ${id}`;

/** Undefined where the bytes are no such image. */
export function chipIdOf(bytes: Uint8Array): number | undefined {
  return bytes.length >= HEADER_SIZE && bytes[0] === MAGIC ? bytes[12] | (bytes[13] << 8) : undefined;
}

/** `chipId` is not looked at: an image for another chip is whole, and refused elsewhere under another name. */
export function checkEsp32Image(bytes: Uint8Array): Checked {
  if (bytes.length < HEADER_SIZE) return refuse(`is ${bytes.length} bytes long, less than a header`);
  if (bytes[0] !== MAGIC) return refuse(`begins with ${hexOf(bytes[0])} and not ${hexOf(MAGIC)}: no ESP32 image`);
  const segments = bytes[1];
  if (segments < 1 || segments > SEGMENTS_MAX) return refuse(`claims ${segments} segments`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = HEADER_SIZE;
  let checksum = CHECKSUM_START;
  for (let index = 0; index < segments; index++) {
    const dataAt = at + SEGMENT_HEADER_SIZE;
    if (dataAt > bytes.length) return refuse(`ends before the header of segment ${index}`);
    const size = view.getUint32(at + 4, true);
    if (size > bytes.length - dataAt) return refuse(`ends within segment ${index}`);
    for (let each = dataAt; each < dataAt + size; each++) checksum ^= bytes[each];
    at = dataAt + size;
  }
  // The checksum is the last byte of a block of 16, and at least one byte behind the data.
  const checksumAt = at | 15;
  if (checksumAt >= bytes.length) return refuse("ends before its checksum");
  if (bytes[checksumAt] !== checksum) {
    return refuse(`has the checksum ${hexOf(bytes[checksumAt])} where its segments add up to ${hexOf(checksum)}`);
  }
  if (bytes[HEADER_SIZE - 1] !== 1) return { ok: true };
  const digestAt = checksumAt + 1;
  if (digestAt + DIGEST_SIZE > bytes.length) return refuse("ends before its digest");
  const digest = createHash("sha256").update(bytes.subarray(0, digestAt)).digest();
  const same = digest.every((byte, index) => byte === bytes[digestAt + index]);
  return same ? { ok: true } : refuse("has another SHA-256 than the one behind its last segment");
}

const refuse = (why: string): Checked => ({ ok: false, why });
