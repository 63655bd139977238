/** Proofs that anyone can check who knows the members' keys. */
import { about, type ValueOf } from "../bytes/codec.ts";
import { choice, list, optional, struct } from "../bytes/compound.ts";
import { varint } from "../bytes/numbers.ts";
import { CERTIFICATE_NAMES_MAX, MEMBERS_MAX, SLOTS_MAX } from "../core/limits.ts";
import {
  AgreedTime,
  ascending,
  Digest,
  Epoch,
  MemberIndex,
  ObjectName,
  Place,
  PublicKey,
  Sequence,
  Signature,
  View,
} from "../message/fields.ts";
import { SignedBallot } from "./ballot.ts";

const bySender = (left: { sender: number }, right: { sender: number }): boolean => left.sender < right.sender;

export const CertificatePhase = about(
  choice("CertificatePhase", { prepared: 1, committed: 2, unanimous: 3 }),
  "by a quorum; by a quorum; prepared by everyone, which is committed by the fast path",
);

/** Each ballot's histories follow from the base and the names. */
export const Certificate = struct("Certificate", {
  phase: CertificatePhase,
  view: View,
  sequence: about(Sequence, "the last that the quorum stands for; single ballots may reach further"),
  base: about(Place, "in the history"),
  names: about(list(ObjectName, CERTIFICATE_NAMES_MAX), "of the batches after the base"),
  ballots: ascending(SignedBallot, MEMBERS_MAX, bySender),
});
export type Certificate = ValueOf<typeof Certificate>;

/** What a checkpoint's digest covers: all that a member needs to go on from there. */
export const CheckpointHeader = struct("CheckpointHeader", {
  sequence: Sequence,
  history: Digest,
  time: AgreedTime,
  epoch: Epoch,
  view: about(View, "what the last barrier said: no view below this one comes after the checkpoint"),
  barrier: about(varint(1), "1: it is a barrier's own, and all enter that view as soon as it is stable"),
  rules: varint(0xffff),
  members: list(PublicKey, MEMBERS_MAX),
  state: about(ObjectName, "application, replies and the table's own affairs"),
});
export type CheckpointHeader = ValueOf<typeof CheckpointHeader>;

export const CheckpointProof = struct("CheckpointProof", {
  header: CheckpointHeader,
  epoch: about(Epoch, "whose members vote for it: a change of members is voted on by those before it"),
  ballots: ascending(SignedBallot, MEMBERS_MAX, bySender),
});
export type CheckpointProof = ValueOf<typeof CheckpointProof>;

/** The digest that the sender last prepared at a sequence, and in which view: no proof, and none is needed. */
export const Claim = struct("Claim", { sequence: Sequence, view: View, name: ObjectName });
export type Claim = ValueOf<typeof Claim>;

/** What a member brings into a new view. */
export const ViewChangeBody = struct("ViewChangeBody", {
  view: View,
  prefix: about(Place, "committed: where the epoch began, or what the checkpoint or the decision proves"),
  checkpoint: optional(CheckpointProof),
  decision: optional(Certificate),
  certificates: about(list(Certificate, 2 * SLOTS_MAX), "of what was prepared above the prefix"),
  claims: ascending(Claim, 2 * SLOTS_MAX, (left, right) => left.sequence < right.sequence),
});
export type ViewChangeBody = ValueOf<typeof ViewChangeBody>;

/** Signed: the view and the name of the body, which travels as an object where it is longer than a packet. */
export const ViewChangeName = struct("ViewChangeName", { view: View, body: ObjectName });
export type ViewChangeName = ValueOf<typeof ViewChangeName>;

export const SignedViewChange = struct("SignedViewChange", {
  sender: MemberIndex,
  signature: Signature,
  view: View,
  body: ObjectName,
});
export type SignedViewChange = ValueOf<typeof SignedViewChange>;

/** A new view says which view changes it rests on and what follows from them; everything else is recomputed by everyone. */
export const NewView = struct("NewView", {
  view: View,
  viewChanges: ascending(SignedViewChange, MEMBERS_MAX, bySender),
  result: about(Place, "the last slot that is proposed again, and the history there"),
});
export type NewView = ValueOf<typeof NewView>;

export const SignedNewView = struct("SignedNewView", { sender: MemberIndex, signature: Signature, newView: NewView });
export type SignedNewView = ValueOf<typeof SignedNewView>;
