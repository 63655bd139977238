/**
 * Reads a journal back, and brings its folder to where one good file is and appending can go on.
 *
 * Nothing is answered before it is durable: what a killed process wrote may be in the memory of the operating system alone, and
 * whoever acted on that would have forgotten it after a power cut. Nothing is wiped: a torn tail, of which nobody was ever
 * told, is cut; a damaged file is renamed and what is readable of it goes on in a new one. Each step leaves a folder from
 * which the next opening comes to the same end.
 */
import { randomBytes } from "node:crypto";
import { type Disk, DiskError } from "../disk.ts";
import { JOURNAL_SET_ASIDE_COUNT_MAX } from "../limits.ts";
import { type Generation, imageOf, writeGeneration } from "./generation.ts";
import { Group } from "./group.ts";
import { Journal, type Standing } from "./journal.ts";
import { RECORD_HEAD_SIZE } from "./layout.ts";
import { asideName, begunName, FAILED_NAME, fileName, type Names, namesOn } from "./names.ts";
import type { FileContent } from "./read-file.ts";
import { type Survey, surveyOf } from "./survey.ts";

/**
 * - new: there was nothing.
 * - clean: every byte is good.
 * - torn tail cut: the end of what was being written is gone; nobody had been told that it was durable.
 * - damaged: the disk has lost or changed what it had promised to keep, now or at an earlier opening. Whoever signs by this
 *   journal must not, until others have told it what it may have signed.
 */
export type Verdict =
  | { readonly type: "new" }
  | { readonly type: "clean" }
  | { readonly type: "torn tail cut"; readonly cutSize: number }
  | { readonly type: "damaged"; readonly why: string; readonly setAside: readonly string[] };

export type OpenedJournal =
  | {
      readonly ok: true;
      readonly journal: Journal;
      /** Views of one large buffer: whoever keeps one for long copies it. */
      readonly records: readonly Uint8Array[];
      readonly verdict: Verdict;
    }
  | { readonly ok: false; readonly why: "locked"; readonly holder: string }
  /** So many damaged files lie there that a person must look; their names. */
  | { readonly ok: false; readonly why: "too many set aside"; readonly setAside: readonly string[] }
  /** Of this program. Nothing is touched. */
  | { readonly ok: false; readonly why: "other version" }
  | { readonly ok: false; readonly why: "disk"; readonly error: DiskError };

export interface OpenOptions {
  /** 32 bits by chance, which no peer can guess. */
  readonly drawSalt?: () => number;
}

export async function openJournal(disk: Disk, options: OpenOptions = {}): Promise<OpenedJournal> {
  const { drawSalt = () => randomBytes(4).readUInt32BE() } = options;
  let isLocked = false;
  let isOpen = false;
  try {
    const holder = disk.lock();
    if (holder !== undefined) return { ok: false, why: "locked", holder };
    isLocked = true;
    const opened = await recover(disk, drawSalt);
    isOpen = opened.ok;
    return opened;
  } catch (error) {
    if (error instanceof DiskError) return { ok: false, why: "disk", error };
    throw error;
  } finally {
    if (isLocked && !isOpen) unlock(disk);
  }
}

async function recover(disk: Disk, drawSalt: () => number): Promise<OpenedJournal> {
  const names = namesOn(disk);
  const survey = surveyOf(disk, names);
  const { content, damage } = survey;
  if (survey.isOfOtherVersion) return { ok: false, why: "other version" };
  const isDamaged = damage !== undefined || content?.head.isDamaged === true;
  // After a failure what was read may be in memory alone, whatever another sync of the same file says.
  const isGoodAsItIs = content !== undefined && damage === undefined && !names.hasFailed;
  const generation = isGoodAsItIs ? content.head.generation : nextGeneration(names, damage !== undefined);

  // Whatever lay there when the journal was damaged is kept; what an interrupted compaction has left is not.
  const others = names.finished.filter((each) => each !== generation).map(fileName);
  const late = isDamaged ? [...others, ...names.begun.filter((each) => each < generation).map(begunName)] : [];
  const setAside = [...names.aside, ...late.map(asideName)];
  if (late.length > 0 && setAside.length > JOURNAL_SET_ASIDE_COUNT_MAX) {
    return { ok: false, why: "too many set aside", setAside: names.aside };
  }

  for (const name of names.begun.map(begunName)) if (!late.includes(name)) disk.remove(name);
  const standing = isGoodAsItIs
    ? await goOn(disk, content, drawSalt())
    : await writeAnew(disk, {
        ...{ generation, isDamaged, salt: drawSalt() },
        ...{ base: content?.next ?? 0, records: content?.records ?? [] },
      });
  if (names.hasFailed) disk.remove(FAILED_NAME);
  for (const name of late) disk.rename(name, asideName(name));
  if (late.length > 0) await disk.syncDirectory();
  else for (const name of others) disk.remove(name);

  const journal = new Journal(disk, standing, drawSalt);
  return { ok: true, journal, records: content?.records ?? [], verdict: verdictOf(survey, isDamaged, setAside) };
}

/** Never a number that a file has which stays. */
function nextGeneration(names: Names, keepsBegun: boolean): number {
  return 1 + Math.max(0, ...names.finished, ...names.asideGenerations, ...(keepsBegun ? names.begun : []));
}

/** Behind the last good record. From here on what records hold is summed from another seed. */
async function goOn(disk: Disk, content: FileContent, salt: number): Promise<Standing> {
  const { head, next, size } = content;
  const name = fileName(head.generation);
  if (content.cutSize > 0) disk.truncate(name, size);
  const file = disk.open(name);
  await file.sync();
  // Only now, for it says that everything before it is durable.
  const seeds = { heads: content.seeds.heads, records: salt };
  const group = new Group(new Uint8Array(RECORD_HEAD_SIZE));
  group.putSeed(next, seeds);
  await file.append(group.bytes);
  await file.sync();
  await disk.syncDirectory();
  const { generation, isDamaged } = head;
  return { file, generation, isDamaged, seeds, next: next + 1, size: size + group.size };
}

async function writeAnew(disk: Disk, generation: Generation): Promise<Standing> {
  const image = imageOf(generation);
  const file = await writeGeneration(disk, image);
  return { ...image, file, next: image.base + image.records.length, size: image.bytes.length };
}

function verdictOf({ content, damage }: Survey, isDamaged: boolean, setAside: readonly string[]): Verdict {
  if (isDamaged) return { type: "damaged", why: damage ?? "it was damaged at an earlier opening", setAside };
  if (content === undefined) return { type: "new" };
  return content.cutSize > 0 ? { type: "torn tail cut", cutSize: content.cutSize } : { type: "clean" };
}

function unlock(disk: Disk): void {
  try {
    disk.unlock();
  } catch {
    // Why the journal did not open says more, and a lock ends with its process.
  }
}
