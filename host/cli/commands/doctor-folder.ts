/** A kiosk's folder: whether it may be written, has room, and holds a journal that can be read and that nobody else has. */
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { DiskError } from "../../storage/disk.ts";
import { fileDisk } from "../../storage/file-disk.ts";
import { namesOn } from "../../storage/journal/names.ts";
import { surveyOf } from "../../storage/journal/survey.ts";
import { JOURNAL_SET_ASIDE_COUNT_MAX, JOURNAL_SIZE_MAX } from "../../storage/limits.ts";
import { exitOfFault } from "../read-text.ts";
import { beware, type Check, failing, well } from "./doctor-check.ts";
import { journalPath } from "./own-kiosk.ts";

const MEBIBYTE = 1_048_576;
/** Logs, copies and a second generation of everything. */
const SPACE_WISHED = 512 * MEBIBYTE;

export function folderCheck(folder: string): Check {
  try {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found === undefined) {
      return beware("folder", `${folder} is not there yet`, "hardway init makes it.");
    }
    if (!found.isDirectory()) {
      return failing("folder", "failed", `${folder} is no folder`, "hardway config set kiosk.folder FOLDER");
    }
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    if ((found.mode & 0o077) !== 0) {
      return beware("folder", `${folder} is open to others of this machine`, `chmod 700 ${folder}`);
    }
    return well("folder", folder);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const next =
      code === "EROFS"
        ? "The card is read-only, mostly because it is worn: sudo dmesg says why; take another one."
        : `sudo chown -R ${userName()} ${folder}`;
    return failing("folder", exitOfFault(message), `${folder}: ${message}`, next);
  }
}

const userName = (): string => process.env.USER ?? String(process.getuid?.() ?? "");

/** Of the file system under a folder, which need not be there yet. */
export function freeSize(folder: string): number {
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  return bavail * bsize;
}

export function spaceCheck(size: number): Check {
  const mebibytes = Math.floor(size / MEBIBYTE);
  const next = "df -h shows what is full; old logs and copies of the journal go first.";
  if (size < JOURNAL_SIZE_MAX) {
    const wanted = JOURNAL_SIZE_MAX / MEBIBYTE;
    return failing("space", "failed", `${mebibytes} MiB are free, and a journal wants ${wanted}`, next);
  }
  if (size < SPACE_WISHED) return beware("space", `${mebibytes} MiB are free`, next);
  return well("space", `${mebibytes} MiB are free`);
}

/** Who has it, where somebody has. */
export interface JournalLook {
  readonly check: Check;
  readonly holder?: number;
}

export function journalLook(folder: string, root = "/"): JournalLook {
  const path = journalPath(folder);
  if (!existsSync(path)) return { check: well("journal", "none yet") };
  try {
    const disk = fileDisk(path);
    // While it is read nobody makes it shorter; whoever comes in that moment tries again.
    const holder = disk.lock();
    if (holder !== undefined) return held(holder, root);
    try {
      return { check: surveyed(path) };
    } finally {
      disk.unlock();
    }
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    const next = `sudo chown -R ${userName()} ${path}; where it is the disk itself, sudo dmesg says why.`;
    return { check: failing("journal", exitOfFault(error.message), `${path}: ${error.message}`, next) };
  }
}

function held(holder: string, root: string): JournalLook {
  const pid = Number(/^process (\d+)$/.exec(holder)?.[1]);
  const name = Number.isNaN(pid) ? "" : ` (${nameOf(pid, root)})`;
  const about = `${holder}${name} has it: the kiosk, if it runs`;
  const next = Number.isNaN(pid) ? "Look again." : `To start another one here, end it: kill ${pid}`;
  return { check: beware("journal", about, next), ...(Number.isNaN(pid) ? {} : { holder: pid }) };
}

function nameOf(pid: number, root: string): string {
  try {
    return readFileSync(`${root}proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "?";
  }
}

function surveyed(path: string): Check {
  const disk = fileDisk(path);
  const names = namesOn(disk);
  const { content, damage, isOfOtherVersion } = surveyOf(disk, names);
  if (isOfOtherVersion) {
    const next = "Use the version of hardway that wrote it, or a newer one.";
    return failing("journal", "version", `${path} was written by another version of this program`, next);
  }
  if (names.aside.length >= JOURNAL_SET_ASIDE_COUNT_MAX) {
    const about = `${names.aside.length} damaged journals lie in ${path}`;
    return failing("journal", "failed", about, "Copy them elsewhere, remove them, and take another card.");
  }
  if (damage !== undefined || content?.head.isDamaged === true) {
    const why = damage ?? "it was damaged before";
    const then = "its kiosk listens, and signs when its table is well past what it may have signed";
    return beware("journal", `${why}: ${then}`, "");
  }
  const tail = (content?.cutSize ?? 0) > 0 ? "; its end, of which nobody was told, is cut off at the next start" : "";
  return well("journal", `${content?.records.length ?? 0} records, whole${tail}`);
}
