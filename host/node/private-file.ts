/** Files that nobody but this user reads, and that are there whole or not at all. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** Undefined where there is none. */
export function readPrivate(path: string): Uint8Array | undefined {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}

/** It has its name when it is durable: what was signed by a key must not be of another one after a power cut. */
export function writePrivate(path: string, bytes: Uint8Array): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeWhole(path, bytes, 0o600);
}

/** The same for a file that others may read. */
export function writeWhole(path: string, bytes: Uint8Array, mode: number): void {
  const fresh = `${path}.new`;
  const file = openSync(fresh, "w", mode);
  try {
    // A disk that is nearly full takes a part of it, and says no to the next.
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
  const directory = openSync(dirname(path), "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
