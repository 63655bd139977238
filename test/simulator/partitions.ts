/** Kiosks that do not hear each other for a while. */
import { endLater } from "./later.ts";
import type { Mishap, PartitionKind } from "./mishaps.ts";
import type { Sim } from "./sim.ts";

type Partition = Extract<Mishap, { readonly kind: PartitionKind }>;

const FLAPS_COUNT = 6;

export function part(sim: Sim, partition: Partition): void {
  const links = cut(sim, partition);
  const { kind, ms } = partition;
  if (kind !== "flappingPartition") {
    during(sim, links, 0, ms);
    return;
  }
  for (let flap = 0; flap < FLAPS_COUNT; flap++) during(sim, links, (ms * flap) / FLAPS_COUNT, ms / FLAPS_COUNT / 2);
}

function during(sim: Sim, links: readonly number[], fromMs: number, ms: number): void {
  const { blocked } = sim.network;
  endLater(sim, fromMs, () => {
    if (!sim.healed) for (const link of links) blocked[link] += 1;
  });
  endLater(sim, fromMs + ms, () => {
    if (!sim.healed) for (const link of links) if (blocked[link] > 0) blocked[link] -= 1;
  });
}

/** The links that break, each one way. */
function cut(sim: Sim, { kind, mask, bridge }: Partition): number[] {
  const links: number[] = [];
  const { kiosks } = sim;
  for (const from of kiosks) {
    for (const to of kiosks) {
      const left = (mask >> (from.place % 10)) & 1;
      const right = (mask >> (to.place % 10)) & 1;
      if (left === right || from === to) continue;
      // Who stands between both hears both.
      if (kind === "bridgePartition" && (from.place === bridge || to.place === bridge)) continue;
      if (kind === "oneWayPartition" && left === 0) continue;
      links.push(from.id * kiosks.length + to.id);
    }
  }
  return links;
}
