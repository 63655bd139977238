/** What a kiosk's journal holds: the engine's records, and what the process itself must not forget. */
import { Certificate, CheckpointProof } from "../../protocol/agreement/certificate.ts";
import { blob } from "../../protocol/bytes/blobs.ts";
import { about, type ValueOf } from "../../protocol/bytes/codec.ts";
import { struct, union } from "../../protocol/bytes/compound.ts";
import { Counter, Place } from "../../protocol/message/fields.ts";
import { Record } from "../engine/consensus/records.ts";

const PROOF_SIZE_MAX = Math.max(Certificate.sizeMax, CheckpointProof.sizeMax);

const Proved = struct("ProvedPlace", {
  place: Place,
  proof: about(blob(PROOF_SIZE_MAX), "a Certificate, or a CheckpointProof"),
});

export const NodeRecord = union("NodeRecord", {
  engine: [0x01, struct("EngineRecord", { record: Record })],
  /** Sealed envelopes below this number may have been sent: the next start begins there. */
  counters: [0x02, struct("CountersReserved", { below: Counter })],
  /** Two histories are certified, and nothing is agreed on any more. */
  stopped: [0x03, struct("Stopped", { first: Proved, second: Proved })],
});
export type NodeRecord = ValueOf<typeof NodeRecord>;
