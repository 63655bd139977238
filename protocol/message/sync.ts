/** How a kiosk that is behind catches up: compare, ask, check every chunk, apply, confirm. */
import { blob } from "../bytes/blobs.ts";
import type { ValueOf } from "../bytes/codec.ts";
import { choice, list, struct, union } from "../bytes/compound.ts";
import { byteUpTo, varint } from "../bytes/numbers.ts";
import { CHUNK_BYTES_MAX, CHUNK_COUNT_MAX, CHUNK_PATH_MAX } from "../core/limits.ts";
import { Digest, ObjectName, Place, Sequence, View } from "./fields.ts";

export const ObjectSubject = choice("ObjectSubject", {
  snapshot: 1,
  batches: 2,
  batch: 3,
  certificates: 4,
  viewChange: 5,
  evidence: 6,
});

export const SyncStep = union("SyncStep", {
  /** Where the sender stands: equal sequences with unequal digests are a divergence. */
  status: [0x01, struct("SyncStatus", { view: View, stable: Place, executed: Place })],
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
});
export type SyncStep = ValueOf<typeof SyncStep>;

export const StateSync = struct("StateSync", { step: SyncStep });
export type StateSync = ValueOf<typeof StateSync>;
