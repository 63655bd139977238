/** The backups that lie in a folder, as a list for people: what each says of itself stands at its beginning, and nothing more is read. */
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { constants, gunzipSync } from "node:zlib";
import { LISTED_HEAD_SIZE_MAX } from "./limits.ts";
import { MANIFEST_NAME, type Manifest, readManifest } from "./manifest.ts";
import { entryAtStart } from "./tar.ts";

export interface ListedBackup {
  readonly name: string;
  readonly atMs: number;
  readonly sizeBytes: number;
  readonly why: Manifest["why"];
}

/** The newest last, and no more than so many. What is no backup is passed over. */
export function listBackups(folder: string, countMax: number): ListedBackup[] {
  const listed = namesIn(folder).flatMap((name) => listedAt(folder, name) ?? []);
  return listed.sort((one, other) => one.atMs - other.atMs).slice(-countMax);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".tar.gz"));
  } catch {
    // None was taken yet.
    return [];
  }
}

function listedAt(folder: string, name: string): ListedBackup | undefined {
  try {
    const path = join(folder, name);
    const sizeBytes = statSync(path).size;
    const manifest = manifestAt(path);
    return manifest && { name, atMs: Date.parse(manifest.at), sizeBytes, why: manifest.why };
  } catch {
    // It is gone meanwhile, or does not unpack.
    return undefined;
  }
}

function manifestAt(path: string): Manifest | undefined {
  const head = new Uint8Array(LISTED_HEAD_SIZE_MAX);
  const file = openSync(path, "r");
  try {
    const size = readSync(file, head);
    // What follows is cut off on purpose.
    const unpacked = gunzipSync(head.subarray(0, size), { finishFlush: constants.Z_SYNC_FLUSH });
    const first = entryAtStart(unpacked);
    return first?.name === MANIFEST_NAME ? readManifest(first.bytes) : undefined;
  } finally {
    closeSync(file);
  }
}
