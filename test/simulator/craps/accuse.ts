/** What an honest kiosk finds against another it orders, where the table wants that: the consensus removes, the table fines. */
import { TableOperation } from "../../../host/engine/consensus/table.ts";
import { Evidence } from "../../../protocol/agreement/evidence.ts";
import { encode, measure } from "../../../protocol/bytes/codec.ts";
import { OPERATION_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { KIOSK_SEAT } from "../../../protocol/message/fields.ts";
import { submit } from "../load.ts";
import { isHonest, type Kiosk, type Sim } from "../sim.ts";

/** Beside the evidence an operation has its tag and a length. */
const ROOM_SIZE = OPERATION_SIZE_MAX - 8;

export function accuse(sim: Sim, kiosk: Kiosk): void {
  if (!sim.plan.accuses || !isHonest(kiosk)) return;
  // Nothing is fed meanwhile, which would put other effects in the place of these.
  const found = kiosk.effects.flatMap((effect) => (effect.type === "evidence" ? [effect.evidence] : []));
  for (const evidence of found) {
    // What does not fit costs nobody anything.
    if (measure(Evidence, evidence) > ROOM_SIZE) continue;
    submit(sim, kiosk, KIOSK_SEAT, encode(TableOperation, { type: "accuse", evidence: encode(Evidence, evidence) }));
  }
}
