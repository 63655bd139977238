/** How members agree on the order of batches (Castro and Liskov 1999, §4): who said it is the envelope's business, so no
 * body names its sender. */
import { blob } from "../bytes/blobs.ts";
import type { ValueOf } from "../bytes/codec.ts";
import { list, optional, struct } from "../bytes/compound.ts";
import {
  BATCH_INLINE_SIZE_MAX,
  BATCH_LENGTH_MAX,
  MEMBERS_MAX,
  OPERATION_SIZE_MAX,
  RESULT_SIZE_MAX,
  SLOTS_MAX,
} from "../core/limits.ts";
import {
  AgreedTime,
  ascending,
  Counter,
  Digest,
  MemberIndex,
  ObjectName,
  Place,
  Seat,
  Sequence,
  Signature,
  View,
} from "./fields.ts";

/** What a seat asks for. It has no view and no sequence: the primary gives those, and the client signs only what is its own. */
export const Request = struct("Request", {
  seat: Seat,
  /** Rises by one with each request of this seat, so that one is executed once. */
  number: Counter,
  operation: blob(OPERATION_SIZE_MAX),
});
export type Request = ValueOf<typeof Request>;

/** A request as its kiosk signed it, without the hop fields: the bytes that were signed can be built again from it. */
export const SignedRequest = struct("SignedRequest", {
  sender: MemberIndex,
  counter: Counter,
  signature: Signature,
  request: Request,
});
export type SignedRequest = ValueOf<typeof SignedRequest>;

/** What a sequence decides. Its digest is what everyone votes on. */
export const Batch = struct("Batch", {
  time: AgreedTime,
  /** The history up to one window before this batch: one certificate so proves the whole prefix. */
  history: Digest,
  requests: list(SignedRequest, BATCH_LENGTH_MAX),
});
export type Batch = ValueOf<typeof Batch>;

/** The primary's prepare, with the canonical bytes of the batch; without them, the batch is an object of this digest. */
export const PrePrepare = struct("PrePrepare", {
  view: View,
  sequence: Sequence,
  digest: Digest,
  batch: optional(blob(BATCH_INLINE_SIZE_MAX)),
});
export type PrePrepare = ValueOf<typeof PrePrepare>;

export const Prepare = struct("Prepare", { view: View, sequence: Sequence, digest: Digest });
export type Prepare = ValueOf<typeof Prepare>;

export const Commit = struct("Commit", { view: View, sequence: Sequence, digest: Digest });
export type Commit = ValueOf<typeof Commit>;

/** What a request came to; the client believes f + 1 that are equal. */
export const Reply = struct("Reply", {
  view: View,
  sequence: Sequence,
  /** Of the request. */
  digest: Digest,
  client: MemberIndex,
  seat: Seat,
  number: Counter,
  result: blob(RESULT_SIZE_MAX),
});
export type Reply = ValueOf<typeof Reply>;

/** Which digest, in which view. */
export const Ballot = struct("Ballot", { view: View, digest: Digest });
export type Ballot = ValueOf<typeof Ballot>;

/** What the sender knows of one open sequence: the highest certificate it holds, and its own last prepare vote. */
export const OpenSlot = struct("OpenSlot", {
  sequence: Sequence,
  prepared: optional(Ballot),
  claim: optional(Ballot),
});
export type OpenSlot = ValueOf<typeof OpenSlot>;

export const ViewChange = struct("ViewChange", {
  view: View,
  /** The proven prefix. */
  sequence: Sequence,
  digest: Digest,
  /** The last stable checkpoint. */
  checkpoint: Place,
  slots: ascending(OpenSlot, SLOTS_MAX, (left, right) => left.sequence < right.sequence),
  /** The certificates of all the above: at ten members they outgrow a packet. */
  proof: ObjectName,
});
export type ViewChange = ValueOf<typeof ViewChange>;

/** A view change by who signed it and the digest of what was signed. */
export const ViewChangeName = struct("ViewChangeName", { sender: MemberIndex, digest: Digest });
export type ViewChangeName = ValueOf<typeof ViewChangeName>;

/** What the new primary proposes again. Without a digest it is a null request. */
export const ReissuedSlot = struct("ReissuedSlot", { sequence: Sequence, digest: optional(Digest) });
export type ReissuedSlot = ValueOf<typeof ReissuedSlot>;

export const NewView = struct("NewView", {
  view: View,
  /** Where the view starts: the highest proven prefix. */
  sequence: Sequence,
  digest: Digest,
  viewChanges: ascending(ViewChangeName, MEMBERS_MAX, (left, right) => left.sender < right.sender),
  slots: ascending(ReissuedSlot, SLOTS_MAX, (left, right) => left.sequence < right.sequence),
});
export type NewView = ValueOf<typeof NewView>;

/** Sequence and state only: a view or a clock in it would keep equal states from having equal digests. */
export const Checkpoint = struct("Checkpoint", { sequence: Sequence, digest: Digest });
export type Checkpoint = ValueOf<typeof Checkpoint>;
