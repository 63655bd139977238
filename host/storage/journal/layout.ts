/**
 * The bytes of a journal's file: a head, then records, each behind a head of its own. Every head ends in a checksum of itself
 * and holds one of what follows it, so that a length that has rotted leads nowhere and the next record is still found.
 *
 * Checksums start from a seed, for bytes that are right are not yet ours. A file's heads start from the checksum of its own
 * head, which holds a number drawn by chance: what another file left on the disk is never taken for this one's, and no
 * peer can make bytes that look like a record. What the records hold starts from a seed that each opening draws anew: what is
 * left of a tail that was cut off is never taken for what was written there later.
 */
import { crc32 } from "node:zlib";
import type { Codec, ValueOf } from "../../../protocol/bytes/codec.ts";
import { choice, struct } from "../../../protocol/bytes/compound.ts";
import type { Reader, Writer } from "../../../protocol/bytes/cursor.ts";
import { bool, u16, u32 } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";

/** Places of records, counted since the journal began: at a thousand a second, nine thousand years. */
const u48: Codec<number> = {
  text: "u48",
  sizeMin: 6,
  sizeMax: 6,
  write(out: Writer, value: number): void {
    assert(Number.isInteger(value) && value >= 0 && value < 2 ** 48, "a number fits its layout");
    out.u16(Math.floor(value / 2 ** 32));
    out.u32(value % 2 ** 32);
  },
  read: (from: Reader): number => from.u16() * 2 ** 32 + from.u32(),
};

export const FileHead = struct("FileHead", {
  magic: u32,
  version: u16,
  generation: u32,
  /** The number of the first record. */
  base: u48,
  /** Records that were there and durable before the file had its name. */
  count: u32,
  /** This journal was damaged, in this generation or an earlier one, and nobody has said that it is healed. */
  isDamaged: bool,
  /** Drawn by chance. */
  salt: u32,
});
export type FileHead = ValueOf<typeof FileHead>;

export const RecordHead = struct("RecordHead", {
  kind: choice("RecordKind", { record: 0, seed: 1 }),
  length: u32,
  number: u48,
  /** All records below this number were durable before this one was written. */
  durable: u48,
  /** Of the bytes that follow. Of a seed, which has none, it is the seed. */
  check: u32,
});
export type RecordHead = ValueOf<typeof RecordHead>;

const CHECK_SIZE = 4;
export const FILE_HEAD_SIZE = FileHead.sizeMax + CHECK_SIZE;
export const RECORD_HEAD_SIZE = RecordHead.sizeMax + CHECK_SIZE;

export const MAGIC = 0x48574a4c;
export const VERSION = 1;

assert(FileHead.sizeMin === FileHead.sizeMax && RecordHead.sizeMin === RecordHead.sizeMax, "heads are of one size");

/** Answers the checksum, behind the value: of a file's head it is the seed of all its records' heads. */
export function writeChecked<T>(out: Writer, layout: Codec<T>, value: T, seed: number): number {
  const from = out.offset;
  layout.write(out, value);
  const check = crc32(out.bytes.subarray(from, out.offset), seed);
  out.u32(check);
  return check;
}

/** Undefined where these bytes are no such thing. The reader stands behind it, or where it stood. What is not plausible is
 * not worth a checksum. */
export function readChecked<T>(
  from: Reader,
  layout: Codec<T>,
  seed: number,
  isPlausible: (value: T) => boolean = () => true,
): { readonly value: T; readonly check: number } | undefined {
  const start = from.offset;
  const value = layout.read(from);
  const end = from.offset;
  const check = from.u32();
  if (from.fault === undefined && isPlausible(value) && crc32(from.bytes.subarray(start, end), seed) === check) {
    return { value, check };
  }
  from.fault = undefined;
  from.offset = start;
  return undefined;
}
