/** Both sides of objects: what is on its way here, and what is here for others. */
import type { Millis } from "../../../protocol/core/units.ts";
import { type Fetches, fetches } from "./fetch-state.ts";
import { type Holdings, holdings } from "./serve.ts";

export interface Objects {
  readonly fetches: Fetches;
  readonly holdings: Holdings;
}

/** `own`: our own place, or −1 of a spectator. */
export const objects = (at: Millis, memberCount: number, own: number, patienceShare: number): Objects => ({
  fetches: fetches(at, memberCount, own, patienceShare),
  holdings: holdings(at, memberCount),
});
