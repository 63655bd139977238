/** What a history can be asked. The newest rows come first; `before` is the key of the last that was answered. */
import type { AuditEntry, BatchEntry, EvidenceEntry, RollEntry, SessionEntry } from "./entry.ts";
import { ANSWER_LENGTH_MAX } from "./limits.ts";
import { auditOf, batchOf, evidenceOf, rollOf, sessionOf } from "./schema.ts";
import type { Row, Sqlite } from "./sqlite.ts";

export interface Answers {
  readonly rolls: (limit: number, before?: number) => RollEntry[];
  readonly batches: (limit: number, before?: number) => BatchEntry[];
  /** What a sequence decided; undefined where it is not known, or was nothing. */
  readonly operations: (sequence: number) => BatchEntry | undefined;
  readonly audits: (limit: number, before?: number) => AuditEntry[];
  /** By sequence. */
  readonly evidence: (limit: number, before?: number) => EvidenceEntry[];
  readonly sessions: () => SessionEntry[];
  /** The last sequence that is known. */
  readonly newest: () => number | undefined;
}

export type Question = keyof Answers;

export function answersOf(database: Sqlite): Answers {
  const page = (table: string, key: string, limit: number, before = Number.MAX_SAFE_INTEGER): Row[] =>
    database.all(`SELECT * FROM ${table} WHERE ${key} < ? ORDER BY ${key} DESC LIMIT ?`, [
      before,
      Math.max(0, Math.min(limit, ANSWER_LENGTH_MAX)),
    ]);
  return {
    rolls: (limit, before) => page("roll", "roll", limit, before).map(rollOf),
    batches: (limit, before) => page("batch", "sequence", limit, before).map(batchOf),
    operations: (sequence) => database.all("SELECT * FROM batch WHERE sequence = ?", [sequence]).map(batchOf)[0],
    audits: (limit, before) => page("audit", "sequence", limit, before).map(auditOf),
    evidence: (limit, before) => page("evidence", "sequence", limit, before).map(evidenceOf),
    sessions: () => database.all("SELECT * FROM session ORDER BY epoch").map(sessionOf),
    newest: () => (database.all("SELECT max(sequence) AS newest FROM batch")[0]?.newest as number | null) ?? undefined,
  };
}
