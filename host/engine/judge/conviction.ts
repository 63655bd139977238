/**
 * Evidence that was ordered: what follows from it, on every replica alike. An offence is entered once, costs what its reason costs,
 * and may cost the seat. Neither suspicion nor the number of those who accuse has any part in it: one proof is enough, and a
 * thousand words are nothing. Whole numbers alone.
 */
import { decode } from "../../../protocol/bytes/codec.ts";
import type { AgreedMillis, Chips } from "../../../protocol/core/units.ts";
import { chips } from "../../../protocol/core/units.ts";
import type { AccountIndex, Ledger } from "../ledger/ledger.ts";
import { type Refused, refused } from "../ledger/refusal.ts";
import type { Ports } from "../ports.ts";
import { recordEvidence } from "../stakes/slashing.ts";
import type { Stakes } from "../stakes/stakes.ts";
import { withinClaimTolerance } from "./behaviour.ts";
import { slashReasonOf } from "./cheat.ts";
import { CheatEvidence, type EvidenceFault, verifyEvidence } from "./evidence.ts";
import { type BookRefusal, type EvidenceBook, enterOffence, offencesOf } from "./evidence-book.ts";
import { EXCLUDING_OFFENCES_COUNT } from "./limits.ts";
import type { Offence } from "./offence.ts";
import type { Bench, OperationLaw } from "./proof.ts";

export type ConvictionRefusal = "no evidence" | "from the future" | EvidenceFault | BookRefusal;

export interface Convicted {
  readonly ok: true;
  readonly offence: Offence;
  readonly slashed: boolean;
  /** To the pool. */
  readonly chips: Chips;
  /** The seat is lost: the members change at the next barrier. */
  readonly excluded: boolean;
}

export interface Court {
  readonly book: EvidenceBook;
  readonly stakes: Stakes;
  readonly ledger: Ledger;
}

export interface CourtPorts {
  readonly bench: Bench;
  readonly ports: Ports;
  readonly law: OperationLaw;
  /** Of the kiosk that has this key; undefined where it has none. */
  accountOf(key: Uint8Array): AccountIndex | undefined;
}

export function convict(
  { book, stakes, ledger }: Court,
  { bench, ports, law, accountOf }: CourtPorts,
  bytes: Uint8Array,
  time: AgreedMillis,
): Convicted | Refused<ConvictionRefusal> {
  const decoded = decode(CheatEvidence, bytes);
  if (!decoded.ok) return refused("no evidence");
  // What was seen long ago may be told today, but nothing is seen tomorrow.
  if (decoded.value.time > time && !withinClaimTolerance(decoded.value.time, time)) return refused("from the future");
  const verdict = verifyEvidence(bench, ports, law, decoded.value);
  if (!verdict.ok) return verdict;
  const { offence } = verdict;
  const entered = enterOffence(book, offence, time);
  if (!entered.ok) return entered;
  const excluded = isExcluded(book, offence.key);
  const reason = slashReasonOf(offence.kind);
  const account = accountOf(offence.key);
  const paid = { ok: true, offence, slashed: false, chips: chips(0), excluded } as const;
  if (reason === undefined || account === undefined) return paid;
  const recorded = recordEvidence(stakes, ledger, { account, reason, digest: offence.id }, time);
  // Without a stake, or with more evidence on it than a stake remembers, there is nothing left to take.
  return recorded.ok ? { ...paid, slashed: recorded.slashed, chips: recorded.chips } : paid;
}

/** By what is proved alone. Nobody is voted out. */
export function isExcluded(book: EvidenceBook, key: Uint8Array): boolean {
  const proved = offencesOf(book, key);
  return proved.length >= EXCLUDING_OFFENCES_COUNT || proved.some(({ kind }) => kind === "doubleVote");
}
