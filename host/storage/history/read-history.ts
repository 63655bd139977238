/** A history as another process reads it, whether its kiosk runs or not: from a copy, so that a reader never stands in the way of
 * whoever writes. */
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COPY_AGAIN_MS, COPY_TRIES_MAX } from "./limits.ts";
import { type Answers, answersOf } from "./questions.ts";
import { SCHEMA_VERSION } from "./schema.ts";
import { openSqlite } from "./sqlite.ts";
import { ENDINGS } from "./store.ts";

export type HistoryRead<T> =
  | { readonly ok: true; readonly value: T }
  /** There is none; or why it cannot be read, in words. */
  | { readonly ok: false; readonly why: "missing" | (string & {}) };

export async function readHistory<T>(path: string, read: (answers: Answers) => T): Promise<HistoryRead<T>> {
  if (!existsSync(path)) return { ok: false, why: "missing" };
  const folder = mkdtempSync(join(tmpdir(), "hardway-history-"));
  let why = "it is written all the time";
  try {
    for (let tries = 0; tries < COPY_TRIES_MAX; tries++) {
      if (tries > 0) await new Promise((resolve) => setTimeout(resolve, COPY_AGAIN_MS));
      const copy = join(folder, `${tries}.db`);
      // Written meanwhile, it may be of two times.
      if (!copied(path, copy)) continue;
      const asked = askedOf(copy, read);
      if (asked.ok) return asked;
      why = asked.why;
    }
    return { ok: false, why };
  } finally {
    rmSync(folder, { recursive: true, force: true });
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

function askedOf<T>(copy: string, read: (answers: Answers) => T): HistoryRead<T> {
  try {
    const database = openSqlite(copy);
    try {
      // Its log is read without the memory that processes share.
      database.exec("PRAGMA locking_mode = EXCLUSIVE");
      if (database.all("PRAGMA user_version")[0]?.user_version !== SCHEMA_VERSION) {
        return { ok: false, why: "another version of this program wrote it" };
      }
      return { ok: true, value: read(answersOf(database)) };
    } finally {
      database.close();
    }
  } catch (error) {
    return { ok: false, why: (error as Error).message };
  }
}
