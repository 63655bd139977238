/** What a journal looks like from outside, for people who help: how long it is and of what, and nothing of what it says. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { Reader } from "../../protocol/bytes/cursor.ts";
import { type Disk, DiskError } from "../storage/disk.ts";
import { fileDisk } from "../storage/file-disk.ts";
import { FILE_HEAD_SIZE, RecordHead, readChecked } from "../storage/journal/layout.ts";
import { fileName } from "../storage/journal/names.ts";
import { JOURNAL_SIZE_MAX } from "../storage/limits.ts";
import { steadySurvey } from "./copy-journal.ts";

export interface JournalFacts {
  readonly files: readonly { readonly name: string; readonly size: number }[];
  readonly generation: number | undefined;
  readonly records: number;
  readonly sizeOfRecords: number;
  /** By what its reader calls them. */
  readonly kinds: { readonly [kind: string]: { readonly count: number; readonly size: number } };
  readonly damage: string | undefined;
}

/** `kindOf`: what a record is called. */
export function journalFacts(folder: string, kindOf: (record: Uint8Array) => string): JournalFacts {
  const files = readdirSync(folder)
    .filter((name) => !name.startsWith("lock-"))
    .sort()
    .map((name) => ({ name, size: statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0 }));
  const none = { files, generation: undefined, records: 0, sizeOfRecords: 0, kinds: {} } as const;
  try {
    const { content, damage, isOfOtherVersion } = steadySurvey(fileDisk(folder));
    if (content === undefined) return { ...none, damage: isOfOtherVersion ? "of another version" : damage };
    const kinds: { [kind: string]: { count: number; size: number } } = {};
    let sizeOfRecords = 0;
    for (const record of content.records) {
      const kind = (kinds[kindOf(record)] ??= { count: 0, size: 0 });
      kind.count += 1;
      kind.size += record.length;
      sizeOfRecords += record.length;
    }
    const { generation, isDamaged } = content.head;
    const earlier = isDamaged ? "it was damaged before" : undefined;
    return { files, generation, records: content.records.length, sizeOfRecords, kinds, damage: damage ?? earlier };
  } catch (error) {
    if (error instanceof DiskError) return { ...none, damage: error.message };
    throw error;
  }
}

/** How many times somebody waited for the disk: records of one flush know the same ones before them as durable. */
export function flushesIn(folder: string): number {
  return orZero(() => {
    const disk: Disk = fileDisk(folder);
    const { content } = steadySurvey(disk);
    if (content === undefined) return 0;
    const from = new Reader(disk.read(fileName(content.head.generation), JOURNAL_SIZE_MAX).bytes);
    let [flushes, durable] = [0, -1];
    for (from.offset = FILE_HEAD_SIZE; ; ) {
      const head = readChecked(from, RecordHead, content.seeds.heads)?.value;
      if (head === undefined || head.length > from.end - from.offset) return flushes;
      from.view(head.length);
      if (head.kind === "record" && head.durable !== durable) flushes += 1;
      durable = head.durable;
    }
  });
}

function orZero(count: () => number): number {
  try {
    return count();
  } catch (error) {
    if (error instanceof DiskError) return 0;
    throw error;
  }
}
