/** What a kiosk's journal holds: the engine's records, and what the process itself must not forget. */
import type { ValueOf } from "../../protocol/bytes/codec.ts";
import { struct, union } from "../../protocol/bytes/compound.ts";
import { Counter } from "../../protocol/message/fields.ts";
import { Record } from "../engine/consensus/records.ts";

export const NodeRecord = union("NodeRecord", {
  engine: [0x01, struct("EngineRecord", { record: Record })],
  /** Sealed envelopes below this number may have been sent: the next start begins there. */
  counters: [0x02, struct("CountersReserved", { below: Counter })],
});
export type NodeRecord = ValueOf<typeof NodeRecord>;
