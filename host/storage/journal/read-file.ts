/**
 * What a journal's file holds, and where it stops holding it.
 *
 * After a power cut the last group, which was being written, may lack any of its parts: good records may follow bad ones in
 * it, and all of that is a torn tail. Every record says which ones were durable before it was written. So a record that
 * follows the bad one and knew it as durable proves that the disk has lost what it had promised to keep: that is damage.
 */
import { crc32 } from "node:zlib";
import { Reader } from "../../../protocol/bytes/cursor.ts";
import type { DiskRead } from "../disk.ts";
import { JOURNAL_GROUP_SIZE_MAX } from "../limits.ts";
import type { Seeds } from "./group.ts";
import { FILE_HEAD_SIZE, FileHead, MAGIC, RECORD_HEAD_SIZE, RecordHead, readChecked, VERSION } from "./layout.ts";

export interface FileContent {
  readonly head: FileHead;
  readonly seeds: Seeds;
  /** Views of what was read, up to the first that is bad. */
  readonly records: readonly Uint8Array[];
  /** The number of the next record. */
  readonly next: number;
  /** Up to the end of the last good one. */
  readonly size: number;
  /** Of a torn tail. */
  readonly cutSize: number;
  /** Why what follows is no torn tail; undefined where it is, or where nothing follows. */
  readonly damage: string | undefined;
}

export type FileJudged =
  | ({ readonly ok: true } & FileContent)
  | { readonly ok: false; readonly why: string; readonly isOfOtherVersion: boolean };

export function judgeFile(file: DiskRead, generation: number): FileJudged {
  const from = new Reader(file.bytes);
  const checked = readChecked(from, FileHead, 0);
  if (checked === undefined || checked.value.magic !== MAGIC) return bad("its head is damaged");
  const { value: head, check } = checked;
  if (head.version !== VERSION) return { ...bad(`it is of version ${head.version}`), isOfOtherVersion: true };
  if (head.generation !== generation) return bad("it has the name of another generation");

  const records: Uint8Array[] = [];
  let seeds: Seeds = { heads: check, records: check };
  let next = head.base;
  let size = FILE_HEAD_SIZE;
  for (let found = readRecord(from, next, seeds); found !== undefined; found = readRecord(from, next, seeds)) {
    if (found.kind === "seed") seeds = { heads: check, records: found.seed };
    else records.push(found.bytes);
    next += 1;
    size = from.offset;
  }
  const damage = damageOf(file, { head, seeds, next, size });
  return { ok: true, head, seeds, records, next, size, cutSize: file.bytes.length - size, damage };
}

const bad = (why: string) => ({ ok: false, why, isOfOtherVersion: false }) as const;

type Found = { readonly kind: "record"; readonly bytes: Uint8Array } | { readonly kind: "seed"; readonly seed: number };

/** Undefined where no good record of this number stands next. */
function readRecord(from: Reader, number: number, seeds: Seeds): Found | undefined {
  const head = readChecked(from, RecordHead, seeds.heads)?.value;
  if (head === undefined || head.number !== number) return undefined;
  if (head.kind === "seed") return { kind: "seed", seed: head.check };
  if (head.length > from.end - from.offset) return undefined;
  const bytes = from.view(head.length);
  return crc32(bytes, seeds.records) === head.check ? { kind: "record", bytes } : undefined;
}

/** Why what is bad from `size` on is no torn tail. */
function damageOf(file: DiskRead, read: Pick<FileContent, "head" | "seeds" | "next" | "size">): string | undefined {
  const { head, seeds, next, size } = read;
  const badSize = file.bytes.length - size;
  if (!file.isWhole) return `the disk gives no more than ${file.bytes.length} bytes of it`;
  if (next < head.base + head.count) return `record ${next} is bad, which came with the file`;
  if (badSize > JOURNAL_GROUP_SIZE_MAX) return `${badSize} bytes are bad, more than one flush writes`;
  const from = new Reader(file.bytes);
  for (from.offset = size; from.offset + RECORD_HEAD_SIZE <= from.end; ) {
    const at = from.offset;
    const later = readChecked(from, RecordHead, seeds.heads, ({ number }) => number > next)?.value;
    if (later === undefined) from.offset += 1;
    // A tear changes bytes and moves none.
    else if (at === size) return `record ${later.number} stands in the place of record ${next}`;
    else if (later.durable > next) return `record ${next} is bad, which record ${later.number} knew as durable`;
  }
  return undefined;
}
