/** Between any two kiosks a link of its own, with its own bad luck. */
import type { Chance } from "../../protocol/core/chance.ts";
import type { Air } from "./air.ts";

export interface Network {
  readonly chance: Chance;
  air: Air;
  readonly kiosks: number;
  /** Where links have a model of their own, how long what leaves now is on its way. */
  travelMs: ((from: number, to: number, at: number) => number) | undefined;
  /** By from × kiosks + to: how many partitions lie between. */
  readonly blocked: Uint8Array;
  /** Nothing passes before. */
  readonly cloggedUntil: Float64Array;
  readonly lastAt: Float64Array;
  /** What was on its way by then, by order, does not arrive. */
  lostUpTo: number;
  /** Ballots of this view and those below do not arrive any more. */
  lostView: number;
  /** A radio that sleeps answers late. */
  readonly sleepyUntil: Float64Array;
}

export const network = (from: Chance, air: Air, kiosks: number): Network => ({
  chance: from,
  air,
  kiosks,
  travelMs: undefined,
  lostUpTo: 0,
  lostView: -1,
  blocked: new Uint8Array(kiosks * kiosks),
  cloggedUntil: new Float64Array(kiosks * kiosks),
  lastAt: new Float64Array(kiosks * kiosks),
  sleepyUntil: new Float64Array(kiosks),
});

/** From here on only delay. */
export function calm(network: Network): void {
  network.air = { ...network.air, loss: 0, duplication: 0, corruption: 0, truncation: 0 };
  network.lostView = -1;
  network.blocked.fill(0);
  network.cloggedUntil.fill(0);
  network.sleepyUntil.fill(0);
}
