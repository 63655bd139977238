/**
 * A copy of a journal, taken while its kiosk goes on: the records up to some moment, and nothing that was being written then.
 *
 * A copy is behind its journal from the next vote on. Whoever signed by it could sign twice. So it is made a generation that
 * says that it is damaged: whoever starts from it asks the others first, and signs nothing until the table is far beyond
 * anything that the copy could have forgotten. It says so from its first byte on, also to somebody who unpacks it by hand.
 */
import { type Disk, DiskError, type DiskRead } from "../storage/disk.ts";
import { imageOf } from "../storage/journal/generation.ts";
import { namesOn } from "../storage/journal/names.ts";
import { type FileContent, judgeFile } from "../storage/journal/read-file.ts";
import { type Survey, surveyOf } from "../storage/journal/survey.ts";
import { COPY_TRIES_MAX } from "./limits.ts";

/** Of the copy, which is the only one in its folder. */
export const COPY_GENERATION = 1;

export interface JournalCopy {
  /** A whole file of a journal. */
  readonly bytes: Uint8Array;
  readonly recordCount: number;
  /** Why it is not all that there was; undefined where it is. */
  readonly damage: string | undefined;
}

export type CopiedJournal =
  | ({ readonly ok: true } & JournalCopy)
  | { readonly ok: false; readonly why: "none" | "other version" | "unreadable"; readonly damage: string | undefined };

/** Changes nothing and asks for no lock. */
export function copyJournal(disk: Disk, salt: number): CopiedJournal {
  const { content, damage, isOfOtherVersion } = steadySurvey(disk);
  if (isOfOtherVersion) return { ok: false, why: "other version", damage };
  if (content === undefined) return { ok: false, why: damage === undefined ? "none" : "unreadable", damage };
  const { records, next } = content;
  const image = imageOf({ generation: COPY_GENERATION, base: next, isDamaged: true, salt, records });
  const earlier = content.head.isDamaged ? "it was damaged before" : undefined;
  return { ok: true, bytes: image.bytes, recordCount: records.length, damage: damage ?? earlier };
}

export type JudgedCopy =
  | { readonly ok: true; readonly content: FileContent }
  | { readonly ok: false; readonly why: string };

/** Whether these bytes are a copy, whole and marked as one. */
export function judgeCopy(bytes: Uint8Array): JudgedCopy {
  const judged = judgeFile({ bytes, isWhole: true }, COPY_GENERATION);
  if (!judged.ok) return judged;
  if (judged.damage !== undefined || judged.cutSize > 0)
    return { ok: false, why: judged.damage ?? "its end is missing" };
  // A kiosk that started from one without the mark would trust it.
  return judged.head.isDamaged
    ? { ok: true, content: judged }
    : { ok: false, why: "it is a journal, and no copy of one" };
}

/** A generation may be replaced by the next between the look at its name and the look into it. Of a disk nothing but its names
 * and its files is asked here. */
export function steadySurvey(disk: Disk): Survey {
  const growing: Disk = { ...disk, list: () => disk.list(), read: (name, sizeMax) => readGrowing(disk, name, sizeMax) };
  for (let tries = 1; ; tries++) {
    try {
      return surveyOf(growing, namesOn(growing));
    } catch (error) {
      const isReplaced = error instanceof DiskError && error.code === "ENOENT";
      if (!isReplaced || tries === COPY_TRIES_MAX) throw error;
    }
  }
}

/** A file that has more bytes than a moment ago is whole all the same: what was appended since is of a later moment. One that
 * does not grow, and of which there is more than the disk gives, is not. */
function readGrowing(disk: Disk, name: string, sizeMax: number): DiskRead {
  let read = disk.read(name, sizeMax);
  for (let tries = 1; tries < COPY_TRIES_MAX && !read.isWhole; tries++) {
    const again = disk.read(name, sizeMax);
    if (again.isWhole || again.bytes.length > read.bytes.length) return { bytes: again.bytes, isWhole: true };
    read = again;
  }
  return read;
}
