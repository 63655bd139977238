/** How often pairings are begun: each is one guess for whoever stands between, so that an hour has few. */
import type { Millis } from "../../protocol/core/units.ts";
import { PAIRINGS_MAX, PAIRINGS_WINDOW_MS } from "./limits.ts";

export interface PairingDoor {
  /** Of the last hour's. */
  readonly begunAt: Millis[];
}

export const pairingDoor = (): PairingDoor => ({ begunAt: [] });

/** A person wants to begin one; false where there were too many. */
export function beginPairing({ begunAt }: PairingDoor, at: Millis): boolean {
  while (begunAt.length > 0 && at >= begunAt[0] + PAIRINGS_WINDOW_MS) begunAt.shift();
  if (begunAt.length === PAIRINGS_MAX) return false;
  begunAt.push(at);
  return true;
}
