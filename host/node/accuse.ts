/** What somebody's own signatures prove against it is ordered at once: the members judge it by the bytes alone, take its seat, and
 * let what they agree about answer for it. Each member orders what it found, and one of them does it. */
import { Evidence } from "../../protocol/agreement/evidence.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import { OPERATION_SIZE_MAX } from "../../protocol/core/limits.ts";
import type { Millis } from "../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../protocol/message/fields.ts";
import type { Effect } from "../engine/consensus/events.ts";
import type { Replica, World } from "../engine/consensus/state.ts";
import { step } from "../engine/consensus/step.ts";
import { TableOperation } from "../engine/consensus/table.ts";

/** What these effects prove. Their evidence comes once a member and epoch. */
export function accuse<S>(of: Replica<S>, at: Millis, effects: Effect[], world: World<S>): void {
  for (const operation of effects.flatMap(accusationIn)) {
    step(of, { type: "submit", at, seat: KIOSK_SEAT, operation }, effects, world);
  }
}

/** A proof that is longer than an operation may be is shown, and costs nothing: a new view of many members that is false. */
function accusationIn(effect: Effect): Uint8Array[] {
  if (effect.type !== "evidence") return [];
  const evidence = encode(Evidence, effect.evidence);
  if (evidence.length > EVIDENCE_SIZE_MAX) return [];
  return [encode(TableOperation, { type: "accuse", evidence })];
}

/** An operation's tag, and the evidence's length. */
const EVIDENCE_SIZE_MAX = OPERATION_SIZE_MAX - 8;
