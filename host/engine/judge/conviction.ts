/**
 * Evidence that was ordered: what follows from it, on every replica alike. An offence is entered once, costs what its reason costs,
 * and may cost the seat. Neither suspicion nor the number of those who accuse has any part in it: one proof is enough, and a
 * thousand words are nothing. Whole numbers alone.
 */
import { decode } from "../../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { AgreedMillis, Chips } from "../../../protocol/core/units.ts";
import { chips } from "../../../protocol/core/units.ts";
import type { AccountIndex, Ledger } from "../ledger/ledger.ts";
import { type Refused, refused } from "../ledger/refusal.ts";
import type { Ports } from "../ports.ts";
import type { SlashReason } from "../stakes/rules.ts";
import { recordEvidence } from "../stakes/slashing.ts";
import type { Stakes } from "../stakes/stakes.ts";
import { withinClaimTolerance } from "./behaviour.ts";
import { breaksAgreement, type CheatKind, slashReasonOf } from "./cheat.ts";
import { CheatEvidence, type EvidenceFault, verifyEvidence } from "./evidence.ts";
import { type BookRefusal, type EvidenceBook, enterOffence, findOffence, offencesOf } from "./evidence-book.ts";
import { EXCLUDING_OFFENCES_COUNT } from "./limits.ts";
import type { Offence } from "./offence.ts";
import { credit, type Deed, type Points } from "./points.ts";
import { type Bench, type OperationLaw, type Proof, verdictOf } from "./proof.ts";

export type ConvictionRefusal = "no evidence" | "from the future" | EvidenceFault | BookRefusal;

export interface Convicted {
  readonly ok: true;
  readonly offence: Offence;
  /** Under which the stake answers; nothing where none ever does. */
  readonly reason: SlashReason | undefined;
  readonly slashed: boolean;
  /** To the pool. */
  readonly chips: Chips;
  /** The seat is lost: the members change at the next barrier. */
  readonly excluded: boolean;
}

export interface Court {
  readonly book: EvidenceBook;
  readonly points: Points;
  readonly stakes: Stakes;
  readonly ledger: Ledger;
}

export interface CourtPorts {
  readonly ports: Ports;
  readonly law: OperationLaw;
  /** Of an epoch whose offences can still be brought; undefined of any other. */
  benchOf(epoch: number): Bench | undefined;
  /** Of the kiosk that has this key: wherever its stake lies, it answers. */
  accountsOf(key: Uint8Array): readonly AccountIndex[];
}

/** Cheap things first: what is known already costs nobody a signature. */
export function convict(
  court: Court,
  of: CourtPorts,
  bytes: Uint8Array,
  time: AgreedMillis,
): Convicted | Refused<ConvictionRefusal> {
  const decoded = decode(CheatEvidence, bytes);
  if (!decoded.ok) return refused("no evidence");
  const evidence = decoded.value;
  // What was seen long ago may be told today, but nothing is seen tomorrow.
  if (evidence.time > time && !withinClaimTolerance(evidence.time, time)) return refused("from the future");
  if (findOffence(court.book, evidence.id) !== undefined) return refused("known evidence");
  const bench = of.benchOf(evidence.epoch);
  if (bench === undefined) return refused("another epoch");
  const verdict = verifyEvidence(bench, of.ports, of.law, evidence);
  return verdict.ok ? sentence(court, of, verdict.offence, time) : verdict;
}

/** The proof alone, where no witness is heard: of agreement itself, or brought in parts, under the name that it was given. */
export function convictBy(
  court: Court,
  of: CourtPorts,
  bench: Bench,
  proof: Proof,
  time: AgreedMillis,
  name?: Uint8Array,
): Convicted | Refused<ConvictionRefusal> {
  const found = verdictOf(bench, of.ports, of.law, proof);
  if (found === undefined) return refused("proves nothing");
  if (name !== undefined && !bytesEqual(name, found.id)) return refused("another name");
  return sentence(court, of, found, time);
}

function sentence(
  { book, points, stakes, ledger }: Court,
  { accountsOf }: CourtPorts,
  offence: Offence,
  time: AgreedMillis,
): Convicted | Refused<BookRefusal> {
  const entered = enterOffence(book, offence, time);
  if (!entered.ok) return entered;
  credit(points, offence.key, deedOf(offence.kind), time);
  const excluded = isExcluded(book, offence.key);
  const reason = slashReasonOf(offence.kind);
  let slashed = false;
  let taken = 0;
  for (const account of reason === undefined ? [] : accountsOf(offence.key)) {
    const recorded = recordEvidence(
      stakes,
      ledger,
      { account, reason: reason as SlashReason, digest: offence.id },
      time,
    );
    // Without a stake, or with more evidence on it than a stake remembers, there is nothing left to take.
    if (!recorded.ok) continue;
    slashed ||= recorded.slashed;
    taken += recorded.chips;
  }
  return { ok: true, offence, reason, slashed, chips: chips(taken), excluded };
}

const deedOf = (kind: CheatKind): Deed => (kind === "forgedSignature" ? "badSignature" : "cheat");

/** By what is proved alone. Nobody is voted out. */
export function isExcluded(book: EvidenceBook, key: Uint8Array): boolean {
  const proved = offencesOf(book, key);
  return proved.length >= EXCLUDING_OFFENCES_COUNT || proved.some(({ kind }) => breaksAgreement(kind));
}
