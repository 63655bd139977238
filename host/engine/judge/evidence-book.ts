/** Which offences are proved and remembered, in the agreed order: each once. Whole numbers and digests alone; the proofs themselves
 * are kept beside, for as long as their entry is here. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { AgreedMillis, Epoch } from "../../../protocol/core/units.ts";
import { DONE, type Done, type Refused, refused } from "../ledger/refusal.ts";
import type { StakeRules } from "../stakes/rules.ts";
import type { CheatKind } from "./cheat.ts";
import {
  APPEAL_MS,
  DISPUTE_LONG_MS,
  EVIDENCE_KEPT_MS,
  OFFENCES_MAX,
  OFFENCES_PER_KEY_MAX,
  UNBONDING_MS,
} from "./limits.ts";
import type { Offence } from "./offence.ts";

export interface EvidenceBook {
  /** By the time at which each was agreed on. */
  entries: BookEntry[];
}

export interface BookEntry {
  readonly id: Uint8Array;
  readonly key: Uint8Array;
  readonly kind: CheatKind;
  readonly epoch: Epoch;
  readonly at: AgreedMillis;
}

export type BookRefusal = "known evidence" | "evidence full";

export const evidenceBook = (): EvidenceBook => ({ entries: [] });

/** How long signed evidence is kept: what anyone may still want it for decides, and a month at least. */
export function retentionMs(rules: Pick<StakeRules, "evidenceRetentionMs" | "lockMs">): number {
  const dispute = DISPUTE_LONG_MS + APPEAL_MS;
  return Math.max(EVIDENCE_KEPT_MS, dispute, UNBONDING_MS, rules.evidenceRetentionMs, rules.lockMs);
}

export function enterOffence(
  book: EvidenceBook,
  { id, key, kind, epoch }: Offence,
  time: AgreedMillis,
): Done | Refused<BookRefusal> {
  if (findOffence(book, id) !== undefined) return refused("known evidence");
  if (book.entries.length >= OFFENCES_MAX || offencesOf(book, key).length >= OFFENCES_PER_KEY_MAX) {
    return refused("evidence full");
  }
  book.entries.push({ id: new Uint8Array(id), key: new Uint8Array(key), kind, epoch, at: time });
  return DONE;
}

/** What is older than anybody may ask for. What may still be brought, or is argued about, is not forgotten: it would be punished
 * again. */
export function expireOffences(
  book: EvidenceBook,
  time: AgreedMillis,
  keptMs: number,
  isWanted: (entry: BookEntry) => boolean,
): void {
  // By time: where the first is young, all are.
  if (book.entries.length === 0 || book.entries[0].at > time - keptMs) return;
  book.entries = book.entries.filter((entry) => entry.at > time - keptMs || isWanted(entry));
}

/** The members have found that a proof proved nothing, as where a key was stolen: it is as if it had never been. */
export function exonerate(book: EvidenceBook, id: Uint8Array): boolean {
  const before = book.entries.length;
  book.entries = book.entries.filter((entry) => !bytesEqual(entry.id, id));
  return book.entries.length < before;
}

export const findOffence = ({ entries }: EvidenceBook, id: Uint8Array): BookEntry | undefined =>
  entries.find((entry) => bytesEqual(entry.id, id));

export const offencesOf = ({ entries }: EvidenceBook, key: Uint8Array): BookEntry[] =>
  entries.filter((entry) => bytesEqual(entry.key, key));

/** Of a number's own samples, that nobody signed. */
export const isStaleSample = (at: AgreedMillis, time: AgreedMillis, keptMs: number): boolean => at <= time - keptMs;
