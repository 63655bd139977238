/** A store that fills evenly up to its brim and pays for work. */
import { assert } from "../../../protocol/core/assert.ts";
import type { Millis } from "../../../protocol/core/units.ts";

export interface Allowance {
  /** At that moment; fractions count. */
  stored: number;
  filledAt: Millis;
  readonly perSecond: number;
  readonly storedMax: number;
}

export const allowance = (perSecond: number, storedMax: number, at: Millis): Allowance => ({
  stored: storedMax,
  filledAt: at,
  perSecond,
  storedMax,
});

export function storedAt({ stored, filledAt, perSecond, storedMax }: Allowance, at: Millis): number {
  assert(at >= filledAt, "time runs forward");
  return Math.min(storedMax, stored + ((at - filledAt) * perSecond) / 1000);
}

export function pay(from: Allowance, cost: number, at: Millis): void {
  const stored = storedAt(from, at);
  assert(stored >= cost, "nothing is paid that is not there");
  from.stored = stored - cost;
  from.filledAt = at;
}

/** The first whole millisecond at which it can pay so much. */
export function readyAt(from: Allowance, cost: number): number {
  const lacking = Math.max(0, cost - from.stored);
  return from.filledAt + Math.ceil((lacking * 1000) / from.perSecond);
}
