/** Puts a record where people and programs find it. A file is there whole or as it was before, whatever happens meanwhile. */
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { csvOf } from "./csv.ts";
import { junitOf } from "./junit.ts";
import { type BenchRecord, recordText } from "./record.ts";

export interface OutputFiles {
  readonly json?: string;
  readonly csv?: string;
  readonly junit?: string;
}

export type Written =
  | { readonly ok: true; readonly files: readonly string[] }
  | { readonly ok: false; readonly why: string; readonly next: string };

/** The record itself first: all others can be made from it. */
export async function writeOutputs(record: BenchRecord, { json, csv, junit }: OutputFiles): Promise<Written> {
  const files: string[] = [];
  for (const [path, make] of [
    [json, recordText],
    [csv, csvOf],
    [junit, junitOf],
  ] as const) {
    if (path === undefined) continue;
    const written = await writeWhole(path, make(record));
    if (!written.ok) return written;
    files.push(path);
  }
  return { ok: true, files };
}

/** Beside its place first, flushed, and then into it in one step. */
export async function writeWhole(path: string, text: string): Promise<Written> {
  // Its name would be taken from a device or a pipe, and whoever uses that would find a file.
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) {
    return { ok: false, why: `writing ${path} failed: it is there, and no plain file`, next: "Choose another name." };
  }
  const beside = `${path}.${process.pid}.part`;
  try {
    const file = await open(beside, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(beside, { force: true });
    const why = `writing ${path} failed: ${(error as Error).message}`;
    return { ok: false, why, next: `See that the folder ${join(dirname(path), ".")} is there and takes files.` };
  }
  return { ok: true, files: [path] };
}

/** So that the new name survives a power cut; not every file system lets one do that. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
