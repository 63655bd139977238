/** What a seat asks for, signed by its kiosk, and the batch in which the primary puts such requests in order. */
import { blob } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { list, optional, struct, union } from "../bytes/compound.ts";
import { varint } from "../bytes/numbers.ts";
import { BATCH_LENGTH_MAX, OPERATION_SIZE_MAX, SLOTS_MAX } from "../core/limits.ts";
import {
  AgreedTime,
  Counter,
  Digest,
  MemberIndex,
  ObjectName,
  SeatOrKiosk,
  Sequence,
  Signature,
  View,
} from "../message/fields.ts";

/** It has no view and no sequence: the primary gives those, and the client signs only what is its own. */
export const Request = struct("Request", {
  seat: SeatOrKiosk,
  number: about(Counter, "rises by one with each request of this kiosk, so that one is executed once"),
  operation: blob(OPERATION_SIZE_MAX),
});
export type Request = ValueOf<typeof Request>;

export const SignedRequest = struct("SignedRequest", { sender: MemberIndex, signature: Signature, request: Request });
export type SignedRequest = ValueOf<typeof SignedRequest>;

export const RequestsSaid = struct("RequestsSaid", { requests: list(SignedRequest, BATCH_LENGTH_MAX) });
export type RequestsSaid = ValueOf<typeof RequestsSaid>;

/** What ends a stretch of history: nothing above it is voted on before its checkpoint is stable. */
export const Barrier = union("Barrier", {
  /** The view that all enter, and with it the next primary. */
  rotate: [0x01, struct("Rotate", { view: View })],
  /** A change of the table that is due: of its members, or of its rules. */
  enact: [0x02, struct("Enact", { change: Digest, view: View })],
});
export type Barrier = ValueOf<typeof Barrier>;

/** What a sequence decides. It is known by the name of these bytes. */
export const Batch = struct("Batch", {
  time: AgreedTime,
  barrier: optional(Barrier),
  requests: list(SignedRequest, BATCH_LENGTH_MAX),
});
export type Batch = ValueOf<typeof Batch>;

/** The requests of one kiosk with consecutive numbers. Which bytes they have, the name says. */
export const RequestRun = struct("RequestRun", {
  sender: MemberIndex,
  first: Counter,
  count: varint(BATCH_LENGTH_MAX),
});
export type RequestRun = ValueOf<typeof RequestRun>;

/** A batch by what is in it: everyone heard the requests, so that saying them again would double every byte. */
export const Outline = struct("Outline", {
  time: AgreedTime,
  barrier: optional(Barrier),
  runs: list(RequestRun, BATCH_LENGTH_MAX),
});
export type Outline = ValueOf<typeof Outline>;

/** What a slot is proposed to hold: by outline from whoever leads, by name where it was proposed before. */
export const Proposal = union("SlotProposal", {
  outline: [0x01, Outline],
  name: [0x02, struct("SlotName", { name: ObjectName })],
});
export type Proposal = ValueOf<typeof Proposal>;

/** Consecutive slots, from `first`. */
export const Proposals = struct("Proposals", { first: Sequence, slots: list(Proposal, 2 * SLOTS_MAX) });
export type Proposals = ValueOf<typeof Proposals>;
