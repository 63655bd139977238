/** Records in one buffer, which one write puts on the disk: what waits for a flush, or a whole new generation. */
import { crc32 } from "node:zlib";
import { Writer } from "../../../protocol/bytes/cursor.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { JOURNAL_BUFFER_SIZE, JOURNAL_RECORD_SIZE_MAX } from "../limits.ts";
import { FILE_HEAD_SIZE, FileHead, RECORD_HEAD_SIZE, RecordHead, writeChecked } from "./layout.ts";

/** From which the checksums of records start: of their heads throughout a file, of what they hold since the last opening. */
export interface Seeds {
  readonly heads: number;
  readonly records: number;
}

export class Group {
  private readonly out: Writer;

  constructor(buffer: Uint8Array) {
    this.out = new Writer(buffer);
  }

  get size(): number {
    return this.out.offset;
  }

  /** A view: what is put later may be elsewhere. */
  get bytes(): Uint8Array {
    return this.out.bytes.subarray(0, this.out.offset);
  }

  /** With all its room, to be used again when the bytes are written. */
  get buffer(): Uint8Array {
    return this.out.bytes;
  }

  put(record: Uint8Array, number: number, durable: number, seeds: Seeds): void {
    const { length } = record;
    assert(length <= JOURNAL_RECORD_SIZE_MAX, "a record keeps its bound");
    this.reserve(RECORD_HEAD_SIZE + length);
    const check = crc32(record, seeds.records);
    writeChecked(this.out, RecordHead, { kind: "record", length, number, durable, check }, seeds.heads);
    this.out.put(record);
  }

  putSeed(number: number, seeds: Seeds): void {
    this.reserve(RECORD_HEAD_SIZE);
    const head = { kind: "seed", length: 0, number, durable: number, check: seeds.records } as const;
    writeChecked(this.out, RecordHead, head, seeds.heads);
  }

  /** Answers the seeds of what follows. */
  putFileHead(head: FileHead): Seeds {
    this.reserve(FILE_HEAD_SIZE);
    const seed = writeChecked(this.out, FileHead, head, 0);
    return { heads: seed, records: seed };
  }

  private reserve(size: number): void {
    const { out } = this;
    const needed = out.offset + size;
    if (needed <= out.bytes.length) return;
    const bytes = new Uint8Array(Math.max(needed, 2 * out.bytes.length, JOURNAL_BUFFER_SIZE));
    bytes.set(out.bytes.subarray(0, out.offset));
    out.bytes = bytes;
  }
}

/** What records take in a file. */
export function sizeOf(records: readonly Uint8Array[]): number {
  return records.reduce((sum, record) => sum + RECORD_HEAD_SIZE + record.length, 0);
}
