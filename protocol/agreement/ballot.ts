/**
 * Votes. A ballot holds all that a member has to say of one view, under one signature: how far it proposes or has prepared, how
 * far it commits, and its last checkpoint.
 *
 * Votes are cumulative: whoever prepares (commits) a sequence prepares (commits) all up to it, in order. What is signed is
 * the *history* there, a digest over the names of all batches from the first, so that one certificate proves the whole prefix.
 */
import { bytes } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { optional, struct } from "../bytes/compound.ts";
import { Digest, MemberIndex, Place, Sequence, Signature, View } from "../message/fields.ts";
import { Proposals } from "./request.ts";

/** What is signed: every history whole. */
export const Ballot = struct("Ballot", {
  view: View,
  proposed: about(optional(Place), "the primary's pre-prepare, which is its prepare: how far, and the history there"),
  prepared: about(optional(Place), "a backup's prepare"),
  committed: about(optional(Place), "a commit"),
  checkpoint: about(optional(Place), "the last checkpoint, and the digest of its header"),
});
export type Ballot = ValueOf<typeof Ballot>;

export const Position = struct("Position", {
  sequence: Sequence,
  history: about(optional(Digest), "left out where the receiver can compute it"),
});
export type Position = ValueOf<typeof Position>;

export const SignedBallot = struct("SignedBallot", {
  sender: MemberIndex,
  signature: about(Signature, "of the statement, every history whole"),
  view: View,
  proposed: optional(Position),
  prepared: optional(Position),
  committed: optional(Position),
  checkpoint: optional(Place),
});
export type SignedBallot = ValueOf<typeof SignedBallot>;

export const HINT_SIZE = 4;

/** A ballot on its way. */
export const BallotSaid = struct("BallotSaid", {
  ballot: SignedBallot,
  hint: about(
    bytes(HINT_SIZE),
    "mixed from the histories left out: a receiver whose own give another need not try the signature",
  ),
  proposals: about(optional(Proposals), "of a primary: what its proposed position stands on"),
});
export type BallotSaid = ValueOf<typeof BallotSaid>;
