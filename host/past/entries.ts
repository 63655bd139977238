/** From what was decided, and from the records that prove it, to the rows of a history. A restart that reads the same journal
 * makes the same rows. */
import { Evidence } from "../../protocol/agreement/evidence.ts";
import { decode, encode } from "../../protocol/bytes/codec.ts";
import { agreedMillis } from "../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../protocol/message/fields.ts";
import { accusedBy } from "../engine/consensus/evidence.ts";
import { primaryOf } from "../engine/consensus/quorums.ts";
import type { Record } from "../engine/consensus/records.ts";
import { decodeTable, TableOperation as OwnOperation, TableResult } from "../engine/consensus/table.ts";
import { CheatEvidence } from "../engine/judge/evidence.ts";
import { pointsOf } from "../engine/judge/points.ts";
import { audit } from "../engine/ledger/audit.ts";
import { worthOf } from "../engine/ledger/ledger.ts";
import type { Machine } from "../engine/machine.ts";
import { TableAnswer } from "../engine/table/answer.ts";
import { TableOperation } from "../engine/table/operation.ts";
import type { TableState } from "../engine/table/state.ts";
import type {
  AuditEntry,
  BatchEntry,
  EvidenceEntry,
  OperationNote,
  RollEntry,
  SessionEntry,
  Standing,
} from "../storage/history/entry.ts";
import { asked } from "./asked.ts";
import { came } from "./came.ts";
import { hex } from "./text.ts";
import type { Done, Told } from "./told.ts";

type Digest = (domain: string, bytes: Uint8Array) => Uint8Array;

export function batchEntry(told: Told, members: readonly Uint8Array[]): BatchEntry {
  const { sequence, epoch, view, way, time, done } = told;
  return {
    ...{ type: "batch", sequence, epoch, view, way, time, primary: primaryOf({ members }, view) },
    operations: done.map(noteOf),
  };
}

function noteOf({ sender, seat, number, operation, result }: Done): OperationNote {
  const note = { member: sender, seat, number, asks: asked(seat, operation) };
  // A kiosk's own affairs show in its sessions and in evidence; what was answered to them a journal does not tell.
  return result === undefined || seat === KIOSK_SEAT ? note : { ...note, came: came(seat, result) };
}

/** Rolls that ended in it. `fileOf`: a roll's proof with its keys, as a file. */
export function rollEntries({ sequence, time, done }: Told, fileOf: (roll: number) => string | undefined): RollEntry[] {
  return done.flatMap(({ seat, result }): RollEntry[] => {
    const answer = result === undefined || seat === KIOSK_SEAT ? undefined : decode(TableAnswer, result);
    if (!answer?.ok || (answer.value.type !== "rolled" && answer.value.type !== "voided")) return [];
    const { roll } = answer.value;
    const row = { type: "roll", roll, sequence, time } as const;
    if (answer.value.type === "voided") return [{ ...row, fell: undefined }];
    const { first, second } = answer.value;
    return [{ ...row, fell: { first, second, file: fileOf(roll) ?? "" } }];
  });
}

/** Accusations that held. */
export function evidenceEntries(told: Told, members: readonly Uint8Array[], digest: Digest): EvidenceEntry[] {
  return told.done.flatMap((done): EvidenceEntry[] => {
    const shown = done.seat === KIOSK_SEAT ? shownToTable(done) : shownAtTable(done);
    if (shown === undefined) return [];
    const { suspect, kind, bytes, words } = shown;
    const name = hex(digest("hardway history evidence", bytes));
    const key = members[suspect];
    return [
      {
        ...{ type: "evidence", name, sequence: told.sequence, time: told.time, kind, words, bytes },
        suspect: key === undefined ? "" : hex(key),
      },
    ];
  });
}

interface Shown {
  readonly suspect: number;
  readonly kind: string;
  readonly words: string;
  readonly bytes: Uint8Array;
}

/** What this kiosk has seen that is ordered in parts, or not at all: it is kept here whole, to be shown. */
export function seenEvidence(
  evidence: Evidence,
  at: { readonly sequence: number; readonly time: number },
  members: readonly Uint8Array[],
  digest: Digest,
): EvidenceEntry | undefined {
  if (evidence.type === "contradiction") return undefined;
  const bytes = encode(Evidence, evidence).slice();
  const key = members[accusedBy(evidence)];
  return {
    ...{ type: "evidence", name: hex(digest("hardway history evidence", bytes)), sequence: at.sequence, time: at.time },
    ...{ suspect: key === undefined ? "" : hex(key), kind: KINDS[evidence.type], bytes },
    words: "this kiosk saw it, and shows it in parts",
  };
}

/** Evidence of the consensus' own, which it proved by itself. */
function shownToTable({ sender, operation, result, isProved }: Done): Shown | undefined {
  const decoded = decode(OwnOperation, operation);
  if (!decoded.ok || decoded.value.type !== "accuse") return undefined;
  const answer = result === undefined ? undefined : decode(TableResult, result);
  if (!isProved && (!answer?.ok || answer.value.type === "refused")) return undefined;
  const bytes = new Uint8Array(decoded.value.evidence);
  const evidence = decode(Evidence, bytes);
  if (!evidence.ok) return undefined;
  const { type } = evidence.value;
  const words = `member ${sender} shows it to the table`;
  return { suspect: accusedBy(evidence.value), kind: KINDS[type], words, bytes };
}

const KINDS: { readonly [type in Evidence["type"]]: string } = Object.freeze({
  contradiction: "double vote",
  amnesia: "a vote forgotten",
  falseNewView: "a false new view",
});

function shownAtTable({ sender, operation, result }: Done): Shown | undefined {
  const decoded = decode(TableOperation, operation);
  if (!decoded.ok || decoded.value.type !== "accuse" || result === undefined) return undefined;
  const answer = decode(TableAnswer, result);
  if (!answer.ok || answer.value.type !== "convicted") return undefined;
  const bytes = new Uint8Array(decoded.value.evidence);
  const evidence = decode(CheatEvidence, bytes);
  if (!evidence.ok) return undefined;
  const words = `member ${sender} shows it: ${came(0, result)}`;
  return { suspect: evidence.value.suspect, kind: answer.value.kind, words, bytes };
}

/** Of a stable checkpoint: its chips are counted in the state that the members have signed. */
export function auditEntry<S extends TableState<unknown>>(
  { proof, state }: Extract<Record, { type: "stable" }>,
  machine: Machine<S>,
  ownerOf: (key: Uint8Array, seat: number) => Uint8Array,
): AuditEntry {
  const { header } = proof;
  const at = { type: "audit", sequence: header.sequence, time: header.time, digest: hex(header.state.digest) } as const;
  const table = decodeTable(state);
  // Bytes in which a chip is missing are none of a table.
  const restored = table === undefined ? undefined : machine.restore(table.machine);
  if (restored === undefined) {
    return { ...at, minted: 0, found: 0, bank: 0, pool: 0, why: "the state is none of a table", standings: [] };
  }
  const { ledger } = restored;
  const verdict = audit(ledger);
  const found = ledger.accounts.reduce(
    (sum, account) => sum + worthOf(account),
    ledger.bank + ledger.pool + ledger.burned,
  );
  return {
    ...{ ...at, minted: ledger.minted, found, bank: ledger.bank, pool: ledger.pool },
    why: verdict.ok ? undefined : verdict.why,
    standings: standingsOf(restored, header.time, ownerOf),
  };
}

function standingsOf(
  { ledger, stakes, judge, dice }: TableState<unknown>,
  time: number,
  ownerOf: (key: Uint8Array, seat: number) => Uint8Array,
): Standing[] {
  return dice.members.map(({ key }) => {
    const owners = SEATS.map((seat) => hex(ownerOf(key, seat)));
    const staking = stakes.stakers.filter(({ account }) => owners.includes(hex(ledger.accounts[account].owner)));
    return {
      key: hex(key),
      stake: staking.reduce((sum, { account }) => sum + ledger.accounts[account].stake, 0),
      reputation: Math.min(WHOLE_PPM, ...staking.map(({ reputationPpm }) => reputationPpm)),
      points: pointsOf(judge.points, key, agreedMillis(time)),
    };
  });
}

const SEATS: readonly number[] = Object.freeze([0, 1, 2, 3, 4, 5, 6, 7]);
const WHOLE_PPM = 1_000_000;

/** Who sits there from that checkpoint on. */
export const sessionEntry = ({ header }: Extract<Record, { type: "stable" }>["proof"]): SessionEntry => ({
  ...{ type: "session", epoch: header.epoch, sequence: header.sequence, time: header.time },
  members: header.members.map(hex),
});
