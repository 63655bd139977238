/** The tables of a history, and how its rows are written and read. Whatever is written twice is one row. */
import type { AuditEntry, BatchEntry, Entry, EvidenceEntry, RollEntry, SessionEntry } from "./entry.ts";
import { AUDITS_MAX, BATCHES_MAX, EVIDENCE_MAX, ROLLS_MAX, SESSIONS_MAX } from "./limits.ts";
import type { Row, Value } from "./sqlite.ts";

export const SCHEMA_VERSION = 1;

export const SCHEMA = `
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE batch (sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, view INTEGER NOT NULL, leader INTEGER NOT NULL,
  time INTEGER NOT NULL, way TEXT NOT NULL, operations TEXT NOT NULL);
CREATE TABLE roll (roll INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, time INTEGER NOT NULL, first INTEGER, second INTEGER,
  file TEXT);
CREATE TABLE evidence (row INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sequence INTEGER NOT NULL, time INTEGER NOT NULL,
  suspect TEXT NOT NULL, kind TEXT NOT NULL, words TEXT NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE audit (sequence INTEGER PRIMARY KEY, time INTEGER NOT NULL, minted INTEGER NOT NULL, found INTEGER NOT NULL,
  why TEXT, bank INTEGER NOT NULL, pool INTEGER NOT NULL, digest TEXT NOT NULL, standings TEXT NOT NULL);
CREATE TABLE session (epoch INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, time INTEGER NOT NULL, members TEXT NOT NULL);
`;

/** By which column a table's rows are in order, and how many stay. */
export const TABLES = Object.freeze([
  { name: "batch", key: "sequence", rowsMax: BATCHES_MAX },
  { name: "roll", key: "roll", rowsMax: ROLLS_MAX },
  { name: "evidence", key: "row", rowsMax: EVIDENCE_MAX },
  { name: "audit", key: "sequence", rowsMax: AUDITS_MAX },
  { name: "session", key: "epoch", rowsMax: SESSIONS_MAX },
]);

/** Those that grow with play. */
export const GROWING = TABLES.filter(({ name }) => name === "batch" || name === "roll");

export function insertOf(entry: Entry): { readonly sql: string; readonly values: readonly Value[] } {
  switch (entry.type) {
    case "batch": {
      const { sequence, epoch, view, primary, time, way, operations } = entry;
      const values = [sequence, epoch, view, primary, time, way, JSON.stringify(operations)];
      return { sql: "INSERT OR IGNORE INTO batch VALUES (?, ?, ?, ?, ?, ?, ?)", values };
    }
    case "roll": {
      const { roll, sequence, time, fell } = entry;
      const values = [roll, sequence, time, fell?.first ?? null, fell?.second ?? null, fell?.file ?? null];
      return { sql: "INSERT OR IGNORE INTO roll VALUES (?, ?, ?, ?, ?, ?)", values };
    }
    case "evidence": {
      const { name, sequence, time, suspect, kind, words, bytes } = entry;
      const values = [name, sequence, time, suspect, kind, words, bytes];
      return { sql: "INSERT OR IGNORE INTO evidence VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", values };
    }
    case "audit": {
      const { sequence, time, minted, found, why, bank, pool, digest, standings } = entry;
      const values = [sequence, time, minted, found, why ?? null, bank, pool, digest, JSON.stringify(standings)];
      return { sql: "INSERT OR IGNORE INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values };
    }
    case "session": {
      const { epoch, sequence, time, members } = entry;
      const values = [epoch, sequence, time, JSON.stringify(members)];
      return { sql: "INSERT OR IGNORE INTO session VALUES (?, ?, ?, ?)", values };
    }
  }
}

export const batchOf = (row: Row): BatchEntry => ({
  ...{ type: "batch", sequence: row.sequence as number, epoch: row.epoch as number, view: row.view as number },
  ...{ primary: row.leader as number, time: row.time as number, way: row.way as BatchEntry["way"] },
  operations: JSON.parse(row.operations as string),
});

export const rollOf = (row: Row): RollEntry => ({
  ...{ type: "roll", roll: row.roll as number, sequence: row.sequence as number, time: row.time as number },
  fell:
    row.file === null
      ? undefined
      : { first: row.first as number, second: row.second as number, file: row.file as string },
});

export const evidenceOf = (row: Row): EvidenceEntry => ({
  ...{ type: "evidence", name: row.name as string, sequence: row.sequence as number, time: row.time as number },
  ...{ suspect: row.suspect as string, kind: row.kind as string, words: row.words as string },
  bytes: new Uint8Array(row.bytes as Uint8Array),
});

export const auditOf = (row: Row): AuditEntry => ({
  ...{ type: "audit", sequence: row.sequence as number, time: row.time as number },
  ...{ minted: row.minted as number, found: row.found as number, why: (row.why as string | null) ?? undefined },
  ...{ bank: row.bank as number, pool: row.pool as number, digest: row.digest as string },
  standings: JSON.parse(row.standings as string),
});

export const sessionOf = (row: Row): SessionEntry => ({
  ...{ type: "session", epoch: row.epoch as number, sequence: row.sequence as number, time: row.time as number },
  members: JSON.parse(row.members as string),
});
