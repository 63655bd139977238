/** What is put to the members outside the order of batches, and their answers. */
import { blob } from "../bytes/blobs.ts";
import type { ValueOf } from "../bytes/codec.ts";
import { choice, struct } from "../bytes/compound.ts";
import { PROPOSAL_SIZE_MAX } from "../core/limits.ts";
import { AgreedTime, Digest, Reason } from "./fields.ts";

export const ProposalSubject = choice("ProposalSubject", {
  game: 1,
  members: 2,
  rules: 3,
  settings: 4,
});

export const Proposal = struct("Proposal", {
  subject: ProposalSubject,
  /** The state that it starts from: a proposal about another state is about nothing. */
  state: Digest,
  /** After this it cannot be accepted any more. */
  expires: AgreedTime,
  content: blob(PROPOSAL_SIZE_MAX),
});
export type Proposal = ValueOf<typeof Proposal>;

export const Vote = struct("Vote", {
  /** The digest of what the proposer signed. */
  proposal: Digest,
  answer: choice("VoteAnswer", { accept: 1, reject: 2 }),
  reason: Reason,
});
export type Vote = ValueOf<typeof Vote>;
