/** One dispute: what it is about, who has said what, and what comes of it. Part of the agreed state; whole numbers and bytes. */
import { encode } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { AgreedMillis } from "../../../protocol/core/units.ts";
import { type DisputeClaim, DisputeKind, type DisputeVote } from "../../../protocol/message/dispute.ts";
import { Digest, PublicKey, Sequence, TableId } from "../../../protocol/message/fields.ts";
import { quorum } from "../consensus/quorum.ts";
import type { Ports } from "../ports.ts";
import { DISPUTE_LONG_MS, DISPUTE_SHORT_MS } from "./limits.ts";

export type DisputeAnswer = DisputeVote["answer"];

export interface Ballot {
  readonly key: Uint8Array;
  readonly answer: DisputeAnswer;
}

export interface Dispute {
  /** Of what it is about, whoever claims it and whenever: the same is not argued twice. */
  readonly id: Uint8Array;
  readonly kind: DisputeClaim["kind"];
  readonly claimant: Uint8Array;
  readonly suspect: Uint8Array;
  /** Of the evidence. */
  readonly evidence: Uint8Array;
  readonly deadline: AgreedMillis;
  /** One a member, in the order in which they came. */
  readonly votes: Ballot[];
}

/** What the log says when what was disputed is executed again. */
export type Reexecuted = "upheld" | "rejected" | "undecidable";

export interface Resolution {
  readonly dispute: Dispute;
  readonly outcome: "upheld" | "rejected" | "undecided";
  /** The log; a quorum of members; every member, without a quorum for anything; nobody, in time. */
  readonly by: "log" | "quorum" | "tie" | "time";
  /** A quorum would like to see more: with other evidence it may be brought again. */
  readonly moreEvidence: boolean;
}

const DisputeNamed = struct("DisputeNamed", {
  table: TableId,
  kind: DisputeKind,
  suspect: PublicKey,
  sequence: Sequence,
  evidence: Digest,
});

export function disputeId(ports: Ports, table: Uint8Array, claim: DisputeClaim, suspect: Uint8Array): Uint8Array {
  const { kind, sequence, digest } = claim;
  return ports.digest("hardway dispute", encode(DisputeNamed, { table, kind, suspect, sequence, evidence: digest }));
}

/** What the log decides is decided at once; a minute is for what members have seen themselves, an hour for what people look at. */
const SHORT: readonly DisputeClaim["kind"][] = Object.freeze(["timeout", "failedReveal", "invalidSignature"]);
export const spanOfDispute = (kind: DisputeClaim["kind"]): number =>
  SHORT.includes(kind) ? DISPUTE_SHORT_MS : DISPUTE_LONG_MS;

/** What the votes of these members come to; undefined while it is open. The votes of who has left count no more. */
export function countVotes(dispute: Dispute, members: readonly Uint8Array[]): Resolution | undefined {
  const tally = { uphold: 0, reject: 0, abstain: 0, needMoreEvidence: 0 };
  let voted = 0;
  for (const { key, answer } of dispute.votes) {
    if (!members.some((member) => bytesEqual(member, key))) continue;
    tally[answer] += 1;
    voted += 1;
  }
  // ⌈2n/3⌉ is the same number at every table.
  const needed = quorum(members.length);
  if (tally.uphold >= needed) return resolution(dispute, "upheld", "quorum");
  if (tally.reject >= needed) return resolution(dispute, "rejected", "quorum");
  if (tally.needMoreEvidence >= needed) return resolution(dispute, "undecided", "quorum", true);
  return voted >= members.length ? resolution(dispute, "undecided", "tie") : undefined;
}

export const resolution = (
  dispute: Dispute,
  outcome: Resolution["outcome"],
  by: Resolution["by"],
  moreEvidence = false,
): Resolution => ({ dispute, outcome, by, moreEvidence });
