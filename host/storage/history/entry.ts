/** What a history tells of a table: in order what was decided, what fell, who did wrong, and that no chip was lost. Keys and
 * digests are hexadecimal text, times the table's own, in milliseconds since 1970. */

export type Entry = BatchEntry | RollEntry | EvidenceEntry | AuditEntry | SessionEntry;

export interface BatchEntry {
  readonly type: "batch";
  readonly sequence: number;
  /** Whose members are counted in `primary` and in the operations. */
  readonly epoch: number;
  readonly view: number;
  readonly primary: number;
  readonly time: number;
  /** By the prepares of everyone, or by a quorum of commits. */
  readonly way: "unanimous" | "committed";
  readonly operations: readonly OperationNote[];
}

export interface OperationNote {
  /** Place among the members. */
  readonly member: number;
  readonly seat: number;
  readonly number: number;
  /** What was asked, in words. */
  readonly asks: string;
  /** What came of it; undefined where the table did not say. */
  readonly came?: string;
}

export interface RollEntry {
  readonly type: "roll";
  readonly roll: number;
  readonly sequence: number;
  readonly time: number;
  /** Undefined where every bet went back. */
  readonly fell: { readonly first: number; readonly second: number; readonly file: string } | undefined;
}

export interface EvidenceEntry {
  readonly type: "evidence";
  /** Digest of the bytes: the same evidence is one row. */
  readonly name: string;
  readonly sequence: number;
  readonly time: number;
  /** The key of whom it speaks against. */
  readonly suspect: string;
  readonly kind: string;
  /** By whom it was ordered, and what came of it, in words. */
  readonly words: string;
  readonly bytes: Uint8Array;
}

/** At a checkpoint: all chips that were found, and those that were made. */
export interface AuditEntry {
  readonly type: "audit";
  readonly sequence: number;
  readonly time: number;
  readonly minted: number;
  readonly found: number;
  /** Why they do not agree; undefined where all is well. */
  readonly why: string | undefined;
  readonly bank: number;
  readonly pool: number;
  /** Of the whole state: two kiosks that agree have the same. */
  readonly digest: string;
  readonly standings: readonly Standing[];
}

/** A kiosk before the table: what it vouches with, and what is thought of it. */
export interface Standing {
  readonly key: string;
  readonly stake: number;
  /** In millionths of a whole. */
  readonly reputation: number;
  readonly points: number;
}

/** Who sits together from that sequence on. */
export interface SessionEntry {
  readonly type: "session";
  readonly epoch: number;
  readonly sequence: number;
  readonly time: number;
  readonly members: readonly string[];
}
