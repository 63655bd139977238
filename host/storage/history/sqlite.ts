/** SQLite, by whichever binding is there: Node's own where it has one, else one in WebAssembly, which nothing needs to compile or to
 * fetch. Both write the same files. */
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";

export type Value = number | string | Uint8Array | null;
export type Row = { readonly [column: string]: Value };

export interface Sqlite {
  readonly exec: (sql: string) => void;
  readonly run: (sql: string, values: readonly Value[]) => void;
  readonly all: (sql: string, values?: readonly Value[]) => Row[];
  readonly close: () => void;
}

interface OwnDatabase {
  exec(sql: string): void;
  prepare(sql: string): { run(...values: Value[]): unknown; all(...values: Value[]): Row[] };
  close(): void;
}
interface OwnModule {
  readonly DatabaseSync: new (path: string) => OwnDatabase;
}

interface WasmStatement {
  run(values: readonly Value[]): unknown;
  all(values: readonly Value[]): Row[];
  finalize(): void;
}
interface WasmDatabase {
  exec(sql: string): void;
  prepare(sql: string): WasmStatement;
  close(): void;
}
interface WasmModule {
  readonly Database: new (path: string) => WasmDatabase;
}

/** Throws where the file is none of a database, where it cannot be opened, and where there is no binding. Nobody else may have
 * it open to write. */
export function openSqlite(path: string): Sqlite {
  const own = ownModule();
  return own === undefined ? openWasm(path) : openOwn(path, own);
}

/** Undefined before Node 22.13, and where it was built without. */
function ownModule(): OwnModule | undefined {
  const { getBuiltinModule } = process as { readonly getBuiltinModule?: (name: string) => unknown };
  return getBuiltinModule?.("node:sqlite") as OwnModule | undefined;
}

function openOwn(path: string, { DatabaseSync }: OwnModule): Sqlite {
  const database = new DatabaseSync(path);
  const prepared = keeper((sql) => database.prepare(sql));
  return {
    exec: (sql) => database.exec(sql),
    run: (sql, values) => void prepared(sql).run(...values),
    all: (sql, values = []) => prepared(sql).all(...values),
    close: () => database.close(),
  };
}

const require = createRequire(import.meta.url);

function openWasm(path: string): Sqlite {
  // Its lock is a folder, which outlives a process that was killed; whoever opens to write has a better one.
  rmSync(`${path}.lock`, { recursive: true, force: true });
  const database = asBaseline(() => {
    const { Database } = require("node-sqlite3-wasm") as WasmModule;
    return new Database(path);
  });
  const statements: WasmStatement[] = [];
  const prepared = keeper((sql) => {
    const statement = database.prepare(sql);
    statements.push(statement);
    return statement;
  });
  return {
    exec: (sql) => database.exec(sql),
    run: (sql, values) => void prepared(sql).run(values),
    all: (sql, values = []) => prepared(sql).all(values),
    close() {
      for (const statement of statements) statement.finalize();
      database.close();
    },
  };
}

/** Compiled once and not again for speed, which takes 40 MB and gains nothing where the disk is what one waits for. What is
 * compiled afterwards is as ever. */
function asBaseline<T>(load: () => T): T {
  // Flags are not meant to change while a program runs: no other version was tried, and later ones have a binding of their own.
  if (!process.versions.node.startsWith("20.")) return load();
  setFlagsFromString("--liftoff-only");
  try {
    return load();
  } finally {
    setFlagsFromString("--no-liftoff-only");
  }
}

/** Each statement is prepared once. */
function keeper<T>(prepare: (sql: string) => T): (sql: string) => T {
  const kept = new Map<string, T>();
  return (sql) => {
    let statement = kept.get(sql);
    if (statement === undefined) {
      statement = prepare(sql);
      kept.set(sql, statement);
    }
    return statement;
  };
}
