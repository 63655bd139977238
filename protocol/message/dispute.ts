/** How a member contests what happened, and how the others judge it. */
import { blob } from "../bytes/blobs.ts";
import type { ValueOf } from "../bytes/codec.ts";
import { choice, struct } from "../bytes/compound.ts";
import { EVIDENCE_SIZE_MAX } from "../core/limits.ts";
import { AgreedTime, Digest, MemberIndex, Reason, Sequence } from "./fields.ts";

export const DisputeKind = choice("DisputeKind", {
  invalidBet: 1,
  invalidRoll: 2,
  invalidPayout: 3,
  doubleSpending: 4,
  consensusViolation: 5,
  failedReveal: 6,
  invalidSignature: 7,
  timeout: 8,
});

export const DisputeClaim = struct("DisputeClaim", {
  kind: DisputeKind,
  suspect: MemberIndex,
  /** Where in the history it happened: from there it is executed again. */
  sequence: Sequence,
  opened: AgreedTime,
  /** Of the whole evidence; `evidence` is the whole where it is short, and else empty. */
  digest: Digest,
  evidence: blob(EVIDENCE_SIZE_MAX),
});
export type DisputeClaim = ValueOf<typeof DisputeClaim>;

export const DisputeVote = struct("DisputeVote", {
  /** The digest of what the claimant signed. */
  dispute: Digest,
  answer: choice("DisputeAnswer", { uphold: 1, reject: 2, abstain: 3, needMoreEvidence: 4 }),
  reason: Reason,
});
export type DisputeVote = ValueOf<typeof DisputeVote>;
