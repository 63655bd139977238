/**
 * A kiosk's folder out of a backup, there whole or not at all, and never in the place of one that is there.
 *
 * Its journal says that it is a copy: a kiosk that starts from it asks the others first, and signs nothing until the table is
 * far beyond anything that was signed after the copy was made.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { secretText } from "../secure/secret-text.ts";
import { fileName } from "../storage/journal/names.ts";
import { syncFolder } from "./archive.ts";
import { COPY_GENERATION } from "./copy-journal.ts";
import {
  CONFIG_COPY_FILE,
  HISTORY_FILE,
  IDENTITY_FILE,
  JOURNAL_FOLDER,
  KEY_FILE,
  LEFT_OUT,
  SECRET_FILE,
  TABLE_FILE,
} from "./kiosk-folder.ts";
import type { Backup } from "./read-backup.ts";

export type Restored =
  /** Names in the new folder. */
  | { readonly ok: true; readonly made: readonly string[] }
  | { readonly ok: false; readonly why: string; readonly next: string };

/** Throws what the disk throws. */
export function restoreBackup({ files, secret }: Backup, at: string): Restored {
  const folder = resolve(at);
  const there = namesIn(folder);
  if (there !== undefined && there.length > 0) {
    const why = `${folder} is not empty: ${there.slice(0, 3).join(", ")}${there.length > 3 ? ", …" : ""} lies there`;
    return { ok: false, why, next: "name another folder with --at, or move that one away: nothing is written over it" };
  }
  const contents: [string, Uint8Array | undefined][] = [
    [join(JOURNAL_FOLDER, fileName(COPY_GENERATION)), files.journal],
    [KEY_FILE, files.key],
    [SECRET_FILE, secret === undefined ? undefined : Buffer.from(`${secretText(secret)}\n`)],
    [TABLE_FILE, files["table.json"]],
    [IDENTITY_FILE, files.identity],
    [HISTORY_FILE, files["history.db"]],
    [CONFIG_COPY_FILE, withSecret(files["config.yaml"], secret)],
  ];
  const made = contents.flatMap(([name, bytes]) => (bytes === undefined ? [] : [{ name, bytes }]));
  const fresh = `${folder}.restoring-${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  try {
    for (const { name, bytes } of made) writeWhole(join(fresh, name), bytes);
    syncFolder(fresh);
    // Over an empty folder, or none: where somebody was faster, this fails.
    renameSync(fresh, folder);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
  syncFolder(dirname(folder));
  return { ok: true, made: made.map(({ name }) => name) };
}

/** Where the secret stood it stands again. */
function withSecret(config: Uint8Array | undefined, secret: Uint8Array | undefined): Uint8Array | undefined {
  if (config === undefined || secret === undefined) return config;
  const digits = Buffer.from(secret).toString("hex");
  return Buffer.from(Buffer.from(config).toString("utf8").replaceAll(LEFT_OUT, digits));
}

/** Undefined where there is no folder. */
function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function writeWhole(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, "wx", 0o600);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncFolder(dirname(path));
}
