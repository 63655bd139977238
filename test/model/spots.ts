/** Places in the history as pairs of numbers, and which of them lie on one line. */
import { DIGEST_SIZE } from "../../protocol/core/limits.ts";
import type { Place } from "../../protocol/message/fields.ts";
import { bytesOf, entryOf, type Notary, numberOf } from "./notary.ts";

export interface Spot {
  readonly sequence: number;
  /** The history there, as the notary numbers it. */
  readonly history: number;
}

export const spotOf = (place: Place): Spot => ({ sequence: place.sequence, history: numberOf(place.digest) });

/** The history of the same line at or below it. */
export function historyAt(of: Notary, spot: Spot, sequence: number): number {
  let history = spot.history;
  for (let at = spot.sequence; at > sequence; at--) history = before(of, history);
  return history;
}

/** What was there one sequence earlier: a history's bytes begin with it. */
function before(of: Notary, history: number): number {
  return numberOf(bytesOf(of, entryOf(of, history)).subarray(0, DIGEST_SIZE));
}

/** Whether the lower one lies on the line to the higher one. */
export function onOneLine(of: Notary, left: Spot, right: Spot): boolean {
  const common = Math.min(left.sequence, right.sequence);
  return historyAt(of, left, common) === historyAt(of, right, common);
}

/** Whether the line to `far` leads through `near`. */
export const leadsThrough = (of: Notary, far: Spot, near: Spot): boolean =>
  far.sequence >= near.sequence && historyAt(of, far, near.sequence) === near.history;
