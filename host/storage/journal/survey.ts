/** What a journal's folder holds: the newest generation, and whether anything says that there was more. Changes nothing. */
import type { Disk } from "../disk.ts";
import { JOURNAL_SIZE_MAX } from "../limits.ts";
import { fileName, type Names } from "./names.ts";
import { type FileContent, judgeFile } from "./read-file.ts";

export interface Survey {
  /** Of the newest file that says anything; undefined where none does. */
  readonly content: FileContent | undefined;
  /** Why that is not all there was. */
  readonly damage: string | undefined;
  /** Another version of this program wrote it, which is no damage. */
  readonly isOfOtherVersion: boolean;
}

export function surveyOf(disk: Disk, names: Names): Survey {
  const missing = missingGeneration(names);
  // The older ones are what a compaction had replaced: better than nothing, but behind what was promised.
  const newestFirst = [...names.finished].reverse();
  let damage: string | undefined;
  for (const generation of newestFirst) {
    const judged = judgeFile(disk.read(fileName(generation), JOURNAL_SIZE_MAX), generation);
    const isOfOtherVersion = !judged.ok && judged.isOfOtherVersion;
    if (isOfOtherVersion) return { content: undefined, damage: undefined, isOfOtherVersion };
    const why = judged.ok ? judged.damage : judged.why;
    if (why !== undefined) damage ??= `${fileName(generation)}: ${why}`;
    if (judged.ok) return { content: judged, damage: damage ?? missing, isOfOtherVersion: false };
  }
  return { content: undefined, damage: damage ?? missing, isOfOtherVersion: false };
}

/** A generation is set aside when the next is there, and begun when the one before is. */
function missingGeneration({ finished, begun, asideGenerations }: Names): string | undefined {
  const newest = Math.max(0, ...finished);
  const known = Math.max(0, ...asideGenerations, ...begun.map((each) => each - 1));
  return known > newest ? `${fileName(known)} is missing` : undefined;
}
