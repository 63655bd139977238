/** A file that somebody named, as text. A pipe without a writer would be waited for without an end, and a device has none. */
import { statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { InputError } from "./command.ts";
import type { Exit } from "./exit-codes.ts";

export async function readText(path: string, sizeMax: number): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile()) {
      throw new InputError("failed", `reading ${path}: it is no plain file.`, "Name a file of text.");
    }
    if (found.size > sizeMax) {
      const why = `reading ${path}: it has ${found.size} bytes, of at most ${sizeMax}.`;
      throw new InputError("failed", why, "See whether it is the file that you mean.");
    }
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof InputError) throw error;
    const { message } = error as Error;
    throw new InputError(exitOfFault(message), `reading ${path}: ${message}.`, "Name a file that you may read.");
  }
}

/** A recording is renamed when it is full: with a device's or a pipe's name that would take it from whoever uses it. */
export function checkRecording(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined || there.isFile()) return;
  throw new InputError("failed", `writing ${path}: it is there, and no plain file.`, "Choose another name.");
}

/** `message`: as the system has it, beginning with its code. */
export function exitOfFault(message: string): Exit {
  if (/^(?:ENOENT|ENOTDIR)\b/.test(message)) return "missing";
  return /^(?:EACCES|EPERM|EROFS)\b/.test(message) ? "forbidden" : "failed";
}
