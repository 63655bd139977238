/** What an honest kiosk finds against another it orders, where the table wants that: the consensus removes, the table fines. */
import { accusationsOf } from "../../../host/node/accuse.ts";
import { submit } from "../load.ts";
import { isHonest, type Kiosk, type Sim } from "../sim.ts";

export function accuse(sim: Sim, kiosk: Kiosk): void {
  const { replica, world } = kiosk;
  if (!sim.plan.accuses || !isHonest(kiosk) || replica === undefined) return;
  // Nothing is fed meanwhile, which would put other effects in the place of these.
  const found = kiosk.effects.flatMap((effect) => (effect.type === "evidence" ? [effect.evidence] : []));
  for (const { seat, operation } of found.flatMap((evidence) => accusationsOf(replica, evidence, world))) {
    submit(sim, kiosk, seat, operation);
  }
}
