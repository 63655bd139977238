/** What is durable before it is said. The journal's records applied in order rebuild all that a member has promised. */
import { SignedBallot } from "../../../protocol/agreement/ballot.ts";
import {
  Certificate,
  CheckpointProof,
  SignedNewView,
  SignedViewChange,
} from "../../../protocol/agreement/certificate.ts";
import { Batch, SignedRequest } from "../../../protocol/agreement/request.ts";
import { blob } from "../../../protocol/bytes/blobs.ts";
import type { ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, optional, struct, union } from "../../../protocol/bytes/compound.ts";
import { bool } from "../../../protocol/bytes/numbers.ts";
import { MEMBERS_MAX, OBJECT_SIZE_MAX, REASON_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { Epoch, ObjectName, Place, PublicKey, Sequence, View } from "../../../protocol/message/fields.ts";
import { ARCHIVE_LENGTH_MAX, LINEAGE_LENGTH_MAX } from "./limits.ts";

export const Record = union("Record", {
  /** A table as its members made it: where every journal begins. */
  founded: [0x01, struct("Founded", { table: blob(64), members: list(PublicKey, MEMBERS_MAX) })],
  /** What a slot may hold, before it is voted on. */
  batch: [0x02, struct("BatchKept", { sequence: Sequence, name: ObjectName, batch: Batch })],
  /** Own words: which names the votes reach, from the one after `first`. */
  voted: [0x03, struct("Voted", { ballot: SignedBallot, base: Place, names: list(ObjectName, ARCHIVE_LENGTH_MAX) })],
  /** Before a commit is said: what shows that others cannot have prepared anything else. */
  certificate: [0x04, struct("CertificateKept", { certificate: Certificate })],
  /** Own wish for a view, which ends all votes in those below. */
  changing: [0x05, struct("Changing", { change: SignedViewChange, body: blob(OBJECT_SIZE_MAX) })],
  /** A view was entered: by a new view, or by the checkpoint of a barrier. */
  entered: [
    0x06,
    struct("Entered", {
      epoch: Epoch,
      view: View,
      start: Place,
      newView: optional(SignedNewView),
      names: list(ObjectName, ARCHIVE_LENGTH_MAX),
    }),
  ],
  /** Decided, by this certificate: executed in order. */
  decided: [0x07, struct("Decided", { certificate: Certificate })],
  stable: [0x08, struct("Stable", { proof: CheckpointProof, state: blob(OBJECT_SIZE_MAX) })],
  /** A request of this kiosk: its number is used up. */
  request: [0x09, struct("RequestKept", { signed: SignedRequest })],
  muted: [0x0a, struct("Muted", { why: blob(REASON_SIZE_MAX), until: Sequence })],
  /** Votes in this view may lie on another history than what was decided. */
  viewOver: [0x0e, struct("ViewOver", { view: View })],
  unmuted: [0x0b, struct("Unmuted", { whole: bool })],
  /** An epoch was entered without its state. */
  passed: [0x0d, struct("Passed", { proof: CheckpointProof })],
  lineage: [0x0c, struct("Lineage", { proofs: list(CheckpointProof, LINEAGE_LENGTH_MAX) })],
});
export type Record = ValueOf<typeof Record>;
