/** Rows of a history that is made up: what a number says of each. */
import type {
  AuditEntry,
  BatchEntry,
  Entry,
  EvidenceEntry,
  RollEntry,
  SessionEntry,
} from "../../../../host/storage/history/entry.ts";

export const TABLE = "7ab1e0".padEnd(32, "0");
const NOON_MS = 1_795_262_400_000;

export const batchAt = (sequence: number): BatchEntry => ({
  ...{ type: "batch", sequence, epoch: 0, view: 2, primary: sequence % 4, time: NOON_MS + 100 * sequence },
  way: sequence % 3 === 0 ? "committed" : "unanimous",
  operations: [
    { member: sequence % 4, seat: 0, number: sequence, asks: `bets ${sequence} on place-6`, came: "done" },
    { member: 1, seat: 255, number: 1 + sequence, asks: "leaves the table" },
  ],
});

export const rollAt = (roll: number): RollEntry => ({
  ...{ type: "roll", roll, sequence: 10 * roll, time: NOON_MS + 1000 * roll },
  fell: roll % 5 === 0 ? undefined : { first: 1 + (roll % 6), second: 3, file: `{"rollProof":1,"proof":"${roll}"}` },
});

export const evidenceAt = (sequence: number): EvidenceEntry => ({
  ...{ type: "evidence", name: sequence.toString(16).padStart(64, "0"), sequence, time: NOON_MS + sequence },
  ...{ suspect: "ab".repeat(32), kind: "double vote", words: "member 2 shows it" },
  bytes: new Uint8Array([sequence & 0xff, 0, 255]),
});

export const auditAt = (sequence: number): AuditEntry => ({
  ...{ type: "audit", sequence, time: NOON_MS + sequence, minted: 1_001_000_000, found: 1_001_000_000, why: undefined },
  ...{ bank: 999_990_000, pool: 1_000_000, digest: "cd".repeat(32) },
  standings: [{ key: "ab".repeat(32), stake: 5000, reputation: 1_000_000, points: 100 }],
});

export const sessionAt = (epoch: number): SessionEntry => ({
  ...{ type: "session", epoch, sequence: 100 * epoch, time: NOON_MS, members: ["aa".repeat(32), "bb".repeat(32)] },
});

export const batches = (from: number, to: number): Entry[] => {
  const all: Entry[] = [];
  for (let sequence = from; sequence <= to; sequence++) all.push(batchAt(sequence));
  return all;
};
