/** What somebody's own signatures prove against it is ordered at once: the members judge it by the bytes alone, take its seat, and
 * let what they agree about answer for it. Each member orders what it found, and one of them does it. */
import { type Evidence, Evidence as Layout } from "../../protocol/agreement/evidence.ts";
import { encode } from "../../protocol/bytes/codec.ts";
import type { Millis } from "../../protocol/core/units.ts";
import { KIOSK_SEAT } from "../../protocol/message/fields.ts";
import type { Effect } from "../engine/consensus/events.ts";
import type { Replica, World } from "../engine/consensus/state.ts";
import { step } from "../engine/consensus/step.ts";
import { TableOperation } from "../engine/consensus/table.ts";
import { DICE_SEAT } from "./limits.ts";

/** What these effects prove. Their evidence comes once a member and epoch. */
export function accuse<S>(of: Replica<S>, at: Millis, effects: Effect[], world: World<S>): void {
  const found = effects.flatMap((effect) => (effect.type === "evidence" ? [effect.evidence] : []));
  for (const { seat, operation } of found.flatMap((evidence) => accusationsOf(of, evidence, world))) {
    step(of, { type: "submit", at, seat, operation }, effects, world);
  }
}

interface Accusation {
  readonly seat: number;
  readonly operation: Uint8Array;
}

/** Two ballots are the consensus' own to judge. What rests on more than their words is brought to what is agreed about, in parts
 * where it is long. */
export function accusationsOf<S>(
  of: Replica<S>,
  evidence: Evidence,
  { machine }: Pick<World<S>, "machine">,
): readonly Accusation[] {
  if (evidence.type === "contradiction") {
    const operation = encode(TableOperation, { type: "accuse", evidence: encode(Layout, evidence) });
    return [{ seat: KIOSK_SEAT, operation }];
  }
  const parts = machine.house?.bring(of.state.machine, evidence) ?? [];
  return parts.map((operation) => ({ seat: DICE_SEAT, operation }));
}
