/** How a seat behaves: how fast it asks, and what time it says it is. To be too fast is refused where it happens, before anything
 * is ordered, and is never an offence by itself: a finger slips. */
import { assert } from "../../../protocol/core/assert.ts";
import { SEATS_MAX } from "../../../protocol/core/limits.ts";
import { type AgreedMillis, type Millis, millis } from "../../../protocol/core/units.ts";
import { BET_INTERVAL_MIN_MS, CLAIMED_TIME_TOLERANCE_MS, OPERATION_INTERVAL_MIN_MS } from "./limits.ts";

/** Either way, the bound included. */
export const withinClaimTolerance = (claimed: AgreedMillis, agreed: AgreedMillis): boolean =>
  Math.abs(claimed - agreed) <= CLAIMED_TIME_TOLERANCE_MS;

export interface Pace {
  /** Of each seat's last operation and last bet that were let through, by this kiosk's clock. */
  readonly operations: Millis[];
  readonly bets: Millis[];
}

const NEVER = millis(Number.NEGATIVE_INFINITY);

/** Of every seat, and of the kiosk itself. */
export const pace = (): Pace => ({
  operations: new Array<Millis>(SEATS_MAX + 1).fill(NEVER),
  bets: new Array<Millis>(SEATS_MAX + 1).fill(NEVER),
});

export type Tap = "bet" | "other";

/** Lets it through and remembers it, or refuses it and forgets it: waiting is counted from what was done. */
export function keepPace(state: Pace, seat: number, tap: Tap, at: Millis): boolean {
  assert(seat >= 0 && seat <= SEATS_MAX, "a seat is one of the kiosk's");
  const [last, interval] =
    tap === "bet" ? [state.bets[seat], BET_INTERVAL_MIN_MS] : [state.operations[seat], OPERATION_INTERVAL_MIN_MS];
  if (at - last < interval) return false;
  (tap === "bet" ? state.bets : state.operations)[seat] = at;
  return true;
}
