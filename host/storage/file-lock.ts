/**
 * One process at a time in a folder, and whoever died there is followed at once.
 *
 * The lock is a symbolic link, whose making is one step that fails where the name exists, and whose target names the owner: no
 * moment and no power cut leaves a lock without one. An owner is its process, when that started and the boot of the machine,
 * because process numbers return. Node offers no lock of the kernel's that ends with its holder.
 *
 * Links are numbered and the highest holds. A dead owner is not removed, which two successors could do to each other, but
 * outbid; the highest number never falls. This is for processes of one machine, not for a folder on a network.
 */
import { readdirSync, readFileSync, readlinkSync, symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { assert } from "../../protocol/core/assert.ts";
import { LOCK_TRIES_MAX } from "./limits.ts";

/** Undefined: it is ours. Else who has it, in words. */
export function takeLock(folder: string): string | undefined {
  const me = textOf(process.pid);
  assert(me !== undefined, "this process lives");
  for (let tries = 0; tries < LOCK_TRIES_MAX; tries++) {
    const highest = highestOf(folder);
    const owner = highest === 0 ? NOBODY : readOwner(folder, highest);
    if (owner === undefined) continue;
    if (isAlive(owner)) return `process ${owner.split(" ")[0]}`;
    if (outbid(folder, highest + 1, me)) return undefined;
  }
  return "others that come and go";
}

/** The highest stays, in nobody's name: the number must not fall. */
export function releaseLock(folder: string): void {
  outbid(folder, highestOf(folder) + 1, NOBODY);
}

const PREFIX = "lock-";
const NOBODY = "nobody";

function outbid(folder: string, number: number, owner: string): boolean {
  const path = join(folder, `${PREFIX}${number}`);
  try {
    symlinkSync(owner, path);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
  // Whoever looked long ago may take a number that others have been through.
  const isOurs = highestOf(folder) === number;
  if (!isOurs) remove(path);
  for (const lower of numbersIn(folder)) if (isOurs && lower < number) remove(join(folder, `${PREFIX}${lower}`));
  return isOurs;
}

const highestOf = (folder: string): number => Math.max(0, ...numbersIn(folder));

function numbersIn(folder: string): number[] {
  const names = readdirSync(folder).filter((name) => /^lock-[1-9]\d{0,14}$/.test(name));
  return names.map((name) => Number(name.slice(PREFIX.length)));
}

function readOwner(folder: string, number: number): string | undefined {
  try {
    return readlinkSync(join(folder, `${PREFIX}${number}`));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
}

/** A later process of the same number has another text. */
function isAlive(owner: string): boolean {
  const pid = Number(owner.split(" ")[0]);
  return Number.isInteger(pid) && pid > 0 && textOf(pid) === owner;
}

/** Number, start and boot of a process that lives; undefined where none does. Without /proc the number alone must do. */
function textOf(pid: number): string | undefined {
  const boot = readText("/proc/sys/kernel/random/boot_id");
  if (boot === undefined) return answers(pid) ? `${pid}` : undefined;
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field is a name in parentheses, which may hold anything (proc(5)): state is what follows it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const isGone = fields[0] === "Z" || fields[0] === "X";
  return isGone ? undefined : `${pid} ${fields[STARTED]} ${boot.trim()}`;
}

/** Field 22 of proc(5), counted from the third. */
const STARTED = 19;

function answers(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? "";
