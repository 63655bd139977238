/** What lasts a while ends by itself. */
import { schedule } from "./heap.ts";
import type { Sim } from "./sim.ts";

export function endLater(sim: Sim, ms: number, end: () => void): void {
  sim.order += 1;
  schedule(sim.heap, {
    at: sim.now + ms,
    order: sim.order,
    kind: "ends",
    kiosk: 0,
    boot: 0,
    packet: undefined,
    what: end,
  });
}
