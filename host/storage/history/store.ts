/** A history's database, open to write. Everything here waits for the disk; `history.ts` is for those who must not. */
import { existsSync, renameSync, rmSync } from "node:fs";
import type { Entry } from "./entry.ts";
import {
  CACHE_KIBIBYTES,
  HISTORY_PAGE_SIZE,
  HISTORY_SIZE_MAX,
  HISTORY_SPARE_SIZE,
  LOG_SIZE_MAX,
  TRIM_EVERY_ROWS,
  TRIM_PARTS,
} from "./limits.ts";
import { type Answers, answersOf } from "./questions.ts";
import { GROWING, insertOf, SCHEMA, SCHEMA_VERSION, TABLES } from "./schema.ts";
import { openSqlite, type Sqlite } from "./sqlite.ts";

export interface Store extends Answers {
  /** All of them or none: it throws then, and can be asked again. */
  readonly write: (entries: readonly Entry[]) => void;
  readonly close: () => void;
}

export interface Bounds {
  readonly sizeMax: number;
  /** Of each table; where there is none, those of the schema. */
  readonly rowsMax?: number;
}

export interface OpenedStore {
  readonly store: Store;
  /** Why what lay there was set aside; undefined where it was not. */
  readonly aside: string | undefined;
  /** There was none, or none that could be used. */
  readonly isNew: boolean;
}

/** Of that table. What lies there and is damaged, of another version or of another table is set aside, under a name that the next
 * one to be set aside takes; it throws where the disk does not let it write. */
export function openStore(path: string, table: string, bounds: Bounds = { sizeMax: HISTORY_SIZE_MAX }): OpenedStore {
  const wasThere = existsSync(path);
  try {
    const opened = tryOpen(path, table, bounds);
    if (opened.ok) return { store: opened.store, aside: undefined, isNew: !wasThere };
    return afresh(path, table, bounds, opened.why);
  } catch (error) {
    if (!wasThere || !isDamage(error)) throw error;
    return afresh(path, table, bounds, `it is damaged: ${(error as Error).message}`);
  }
}

/** What the file itself is to blame for, whichever binding says so. */
export const isDamage = (error: unknown): boolean =>
  /malformed|not a database|corrupt|no such (?:table|column)/i.test((error as Error).message);

/** Where a database that could not be used lies. */
export const asidePath = (path: string): string => `${path}.damaged`;

function afresh(path: string, table: string, bounds: Bounds, why: string): OpenedStore {
  for (const ending of ENDINGS) {
    rmSync(`${asidePath(path)}${ending}`, { force: true });
    if (existsSync(`${path}${ending}`)) renameSync(`${path}${ending}`, `${asidePath(path)}${ending}`);
  }
  const opened = tryOpen(path, table, bounds);
  if (!opened.ok) throw new Error(opened.why);
  return { store: opened.store, aside: why, isNew: true };
}

/** The database and its log. */
export const ENDINGS: readonly string[] = Object.freeze(["", "-wal"]);

type Tried = { readonly ok: true; readonly store: Store } | { readonly ok: false; readonly why: string };

function tryOpen(path: string, table: string, bounds: Bounds): Tried {
  const database = openSqlite(path);
  try {
    prepare(database, bounds);
    const why = examine(database, table);
    if (why === undefined) return { ok: true, store: storeOf(database, bounds) };
    database.close();
    return { ok: false, why };
  } catch (error) {
    quietly(() => database.close());
    throw error;
  }
}

/** With a log, so that a row is written once and then again with many others; exclusive, because there is no shared memory in
 * WebAssembly. A power cut takes the last transactions and leaves the rest whole. */
function prepare(database: Sqlite, { sizeMax }: Bounds): void {
  const pages = Math.ceil((sizeMax + HISTORY_SPARE_SIZE) / HISTORY_PAGE_SIZE);
  database.exec(`PRAGMA page_size = ${HISTORY_PAGE_SIZE}`);
  database.exec("PRAGMA locking_mode = EXCLUSIVE");
  database.exec("PRAGMA journal_mode = WAL");
  database.exec("PRAGMA synchronous = NORMAL");
  database.exec(`PRAGMA cache_size = -${CACHE_KIBIBYTES}`);
  database.exec(`PRAGMA journal_size_limit = ${LOG_SIZE_MAX}`);
  database.exec(`PRAGMA max_page_count = ${pages}`);
}

/** Makes what is empty; else why it is not to be used. */
function examine(database: Sqlite, table: string): string | undefined {
  const version = database.all("PRAGMA user_version")[0]?.user_version;
  if (version === 0 && database.all("SELECT name FROM sqlite_master LIMIT 1").length === 0) {
    database.exec("BEGIN");
    database.exec(SCHEMA);
    database.run("INSERT INTO about VALUES ('table', ?)", [table]);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    database.exec("COMMIT");
    return undefined;
  }
  if (version !== SCHEMA_VERSION) return "another version of this program wrote it";
  const fault = Object.values(database.all("PRAGMA quick_check(1)")[0] ?? {})[0];
  if (fault !== "ok") return `it is damaged: ${String(fault)}`;
  const whose = database.all("SELECT value FROM about WHERE name = 'table'")[0]?.value;
  return whose === table ? undefined : "it is of another table";
}

function storeOf(database: Sqlite, bounds: Bounds): Store {
  let untrimmed = TRIM_EVERY_ROWS;
  return {
    ...answersOf(database),
    write(entries) {
      const write = (): void =>
        within(database, () => {
          for (const entry of entries) {
            const { sql, values } = insertOf(entry);
            database.run(sql, values);
          }
        });
      try {
        write();
      } catch (error) {
        // It may be its own bound that is reached, and not the disk's.
        if (!/full/i.test((error as Error).message) || sizeOf(database) < bounds.sizeMax) throw error;
        shrink(database);
        write();
      }
      untrimmed += entries.length;
      if (untrimmed < TRIM_EVERY_ROWS) return;
      untrimmed = 0;
      trim(database, bounds);
    },
    close: () => database.close(),
  };
}

function trim(database: Sqlite, { sizeMax, rowsMax }: Bounds): void {
  within(database, () => {
    for (const { name, key, rowsMax: usual } of TABLES) {
      const last = `SELECT ${key} FROM ${name} ORDER BY ${key} DESC LIMIT 1 OFFSET ?`;
      database.run(`DELETE FROM ${name} WHERE ${key} <= (${last})`, [rowsMax ?? usual]);
    }
  });
  for (let part = 0; part < TRIM_PARTS && sizeOf(database) > sizeMax; part++) shrink(database);
}

/** The oldest part of what grows; its pages are used again. */
function shrink(database: Sqlite): void {
  within(database, () => {
    for (const { name, key } of GROWING) {
      const rows = database.all(`SELECT count(*) AS rows FROM ${name}`)[0]?.rows as number;
      const last = `SELECT ${key} FROM ${name} ORDER BY ${key} LIMIT 1 OFFSET ?`;
      database.run(`DELETE FROM ${name} WHERE ${key} <= (${last})`, [Math.ceil(rows / TRIM_PARTS)]);
    }
  });
}

/** Of the pages that hold something. */
function sizeOf(database: Sqlite): number {
  const pages = database.all("PRAGMA page_count")[0]?.page_count as number;
  const free = database.all("PRAGMA freelist_count")[0]?.freelist_count as number;
  return (pages - free) * HISTORY_PAGE_SIZE;
}

function within(database: Sqlite, act: () => void): void {
  database.exec("BEGIN");
  try {
    act();
    database.exec("COMMIT");
  } catch (error) {
    // Some faults have ended the transaction already.
    quietly(() => database.exec("ROLLBACK"));
    throw error;
  }
}

function quietly(act: () => void): void {
  try {
    act();
  } catch {
    // What went wrong before says more.
  }
}
