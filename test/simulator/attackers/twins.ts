/** Twins: the same key run twice. Each of the others hears one of the two, and now and then it is the other one. */
import { draw, drawBelow } from "../../../protocol/core/chance.ts";
import { type Means, passive } from "./attacker.ts";
import type { Attacker } from "./role.ts";

/** Bits by place: whom the elder speaks with. The same for both, for they are one. */
const sides = new WeakMap<object, number[]>();

export function twins(means: Means): Attacker {
  const { sim, kiosk, chance } = means;
  const shared = sides.get(sim) ?? [];
  sides.set(sim, shared);
  const isElder = kiosk.id === kiosk.place;
  shared[kiosk.place] ??= drawBelow(chance, 1 << sim.identities.length);
  return {
    ...passive(means, "twins"),
    says: (packet, to) => {
      sim.attacks["twins"] = (sim.attacks["twins"] ?? 0) + 1;
      passive(means, "twins").says(packet, to);
    },
    reaches: (place) => ((shared[kiosk.place] >> place) & 1) === (isElder ? 0 : 1),
    turn: () => {
      if (draw(chance) < 0.004) shared[kiosk.place] = drawBelow(chance, 1 << sim.identities.length);
    },
  };
}
