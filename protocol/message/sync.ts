/** How a kiosk that is behind catches up: compare, ask, check every chunk, apply, confirm. */
import { blob } from "../bytes/blobs.ts";
import { about, type ValueOf } from "../bytes/codec.ts";
import { choice, list, optional, struct, union } from "../bytes/compound.ts";
import { bool, byteUpTo, u8, varint } from "../bytes/numbers.ts";
import { CHUNK_BYTES_MAX, CHUNK_COUNT_MAX, CHUNK_PATH_MAX, RECALLED_SIZE_MAX } from "../core/limits.ts";
import { Digest, Epoch, ObjectName, OwnTime, Place, Sequence, View } from "./fields.ts";

export const ObjectSubject = choice("ObjectSubject", {
  snapshot: 1,
  batches: 2,
  batch: 3,
  certificates: 4,
  viewChange: 5,
  evidence: 6,
});

export const SyncStep = union("SyncStep", {
  /** Where the sender stands, so that whoever is further can help. */
  status: [
    0x01,
    struct("SyncStatus", {
      epoch: Epoch,
      view: View,
      changing: about(optional(View), "the view that it wants to enter"),
      stable: Sequence,
      executed: Place,
      known: about(Sequence, "up to where it knows what is proposed in its view: what is beyond was lost on the way"),
      prepared: about(Sequence, "how far it voted"),
      committed: Sequence,
      attempt: about(u8, "rises while nothing helps: other members answer then"),
      time: OwnTime,
      recall: about(bool, "it has just started, and asks what it signed before"),
    }),
  ],
  /** Which object brings one from `from` to `to`. */
  requestObject: [0x02, struct("SyncRequestObject", { subject: ObjectSubject, from: Sequence, to: Sequence })],
  offer: [0x03, struct("SyncOffer", { subject: ObjectSubject, from: Sequence, to: Sequence, object: ObjectName })],
  requestChunks: [
    0x04,
    struct("SyncRequestChunks", {
      object: ObjectName,
      index: byteUpTo(CHUNK_COUNT_MAX - 1),
      count: varint(CHUNK_COUNT_MAX),
    }),
  ],
  /** Checked alone, before it is kept: the path leads from the chunk's digest to the object's. */
  chunk: [
    0x05,
    struct("SyncChunk", {
      object: ObjectName,
      index: byteUpTo(CHUNK_COUNT_MAX - 1),
      path: list(Digest, CHUNK_PATH_MAX),
      bytes: blob(CHUNK_BYTES_MAX),
    }),
  ],
  refuse: [
    0x06,
    struct("SyncRefuse", {
      object: ObjectName,
      reason: choice("SyncRefusal", { unknown: 1, collected: 2, busy: 3, notAllowed: 4 }),
    }),
  ],
  confirm: [0x07, struct("SyncConfirm", { executed: Place })],
  /** What the sender last heard signed by the one who asks: a vote and a wish for a view, as they were said. */
  recalled: [
    0x08,
    struct("SyncRecalled", {
      stable: about(Sequence, "the sender's stable checkpoint"),
      ballot: about(optional(blob(RECALLED_SIZE_MAX)), "a SignedBallot, with every history in it"),
      change: about(optional(blob(RECALLED_SIZE_MAX)), "a SignedViewChange"),
    }),
  ],
});
export type SyncStep = ValueOf<typeof SyncStep>;

export const StateSync = struct("StateSync", { step: SyncStep });
export type StateSync = ValueOf<typeof StateSync>;
