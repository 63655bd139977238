/** A history copied while its kiosk writes it. The binding in WebAssembly lacks SQLite's own way to copy, and its lock outlives
 * whoever is killed: a copy is one of a moment in which none of its files has changed, and is looked at before it is believed. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COPY_AGAIN_MS, COPY_TRIES_MAX } from "./limits.ts";
import { openSqlite } from "./sqlite.ts";
import { ENDINGS } from "./store.ts";

export type Copied<T> =
  | { readonly ok: true; readonly value: T }
  /** There is none; or why there is no copy, in words. */
  | { readonly ok: false; readonly why: "missing" | (string & {}) };

/** What `use` makes of a copy, which is gone afterwards. Where it cannot use one, another one is made. */
export async function withCopy<T>(path: string, use: (copy: string) => Copied<T>): Promise<Copied<T>> {
  if (!existsSync(path)) return { ok: false, why: "missing" };
  const folder = mkdtempSync(join(tmpdir(), "hardway-history-"));
  let why = "it is written all the time";
  try {
    for (let tries = 0; tries < COPY_TRIES_MAX; tries++) {
      if (tries > 0) await new Promise((resolve) => setTimeout(resolve, COPY_AGAIN_MS));
      const copy = join(folder, `${tries}.db`);
      // Written meanwhile, it may be of two times.
      if (!copied(path, copy)) continue;
      const used = use(copy);
      if (used.ok) return used;
      why = used.why;
    }
    return { ok: false, why };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One whole file, its log brought into it. */
export const copyHistory = (path: string): Promise<Copied<Uint8Array>> => withCopy(path, wholeFile);

function wholeFile(copy: string): Copied<Uint8Array> {
  try {
    const database = openSqlite(copy);
    try {
      // Its log is read without the memory that processes share.
      database.exec("PRAGMA locking_mode = EXCLUSIVE");
      const [found] = database.all("PRAGMA quick_check(1)");
      if (found?.quick_check !== "ok") return { ok: false, why: `it is damaged: ${found?.quick_check}` };
      database.exec("PRAGMA journal_mode = DELETE");
    } finally {
      database.close();
    }
    return { ok: true, value: new Uint8Array(readFileSync(copy)) };
  } catch (error) {
    return { ok: false, why: (error as Error).message };
  }
}

function copied(path: string, copy: string): boolean {
  const before = stateOf(path);
  for (const ending of ENDINGS) {
    if (existsSync(`${path}${ending}`)) copyFileSync(`${path}${ending}`, `${copy}${ending}`);
  }
  return stateOf(path) === before;
}

/** When each of its files was changed last, and how long it is. */
function stateOf(path: string): string {
  return ENDINGS.map((ending) => {
    const found = statSync(`${path}${ending}`, { throwIfNoEntry: false });
    return `${found?.mtimeMs} ${found?.size}`;
  }).join();
}
