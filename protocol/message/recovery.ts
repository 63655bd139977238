/** How kiosks that were cut off find each other again. Only certified history counts; a claim here moves nothing. */
import type { ValueOf } from "../bytes/codec.ts";
import { choice, struct } from "../bytes/compound.ts";
import { varint } from "../bytes/numbers.ts";
import { MEMBERS_MAX } from "../core/limits.ts";
import { Place, View } from "./fields.ts";

export const PartitionRecovery = struct("PartitionRecovery", {
  step: choice("RecoveryStep", { waiting: 1, reconnecting: 2, readOnly: 3, catchingUp: 4, whole: 5 }),
  view: View,
  stable: Place,
  executed: Place,
  /** Members on the sender's side, one bit each, the first member in the lowest. */
  reachable: varint(2 ** MEMBERS_MAX - 1),
});
export type PartitionRecovery = ValueOf<typeof PartitionRecovery>;
