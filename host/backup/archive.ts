/** An archive on the disk: packed, there whole or not at all, and read by nobody but its owner. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { ARCHIVE_FILE_SIZE_MAX, ARCHIVE_SIZE_MAX } from "./limits.ts";
import { type Entry, type ReadTar, readTar, writeTar } from "./tar.ts";

/** `atMs`: of a clock that shows the date. Answers its size. */
export async function writeArchive(path: string, entries: readonly Entry[], atMs: number): Promise<number> {
  const packed = await promisify(gzip)(writeTar(entries, Math.max(0, Math.floor(atMs / 1000))));
  const fresh = `${path}.part`;
  // Of a process that was killed in the middle.
  rmSync(fresh, { force: true });
  const file = openSync(fresh, "wx", 0o600);
  try {
    try {
      for (let at = 0; at < packed.length; ) at += writeSync(file, packed, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
  return packed.length;
}

/** Fails as the system does where there is no such file. */
export async function readArchive(path: string): Promise<ReadTar> {
  const { size } = await stat(path);
  if (size > ARCHIVE_FILE_SIZE_MAX) return { ok: false, why: `it has ${size} bytes, more than an archive of ours` };
  let unpacked: Uint8Array;
  const packed = await readFile(path);
  try {
    unpacked = await promisify(gunzip)(packed, { maxOutputLength: ARCHIVE_SIZE_MAX });
  } catch {
    return { ok: false, why: "it does not unpack: it is damaged, or no archive" };
  }
  return readTar(unpacked);
}

/** Names in it are so for good. */
export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
