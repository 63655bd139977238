/** A bucket of tokens: what may come at once, and how fast it may come on and on. Fractions count. */
import type { Millis } from "../../protocol/core/units.ts";

export interface Bucket {
  tokens: number;
  filledAt: Millis;
}

export const bucket = (at: Millis, burstMax: number): Bucket => ({ tokens: burstMax, filledAt: at });

/** Whether there was one to take. */
export function take(from: Bucket, now: Millis, perSecond: number, burstMax: number): boolean {
  fill(from, now, perSecond, burstMax);
  if (from.tokens < 1) return false;
  from.tokens -= 1;
  return true;
}

/** When there will be one. */
export const takeAt = (from: Bucket, perSecond: number): number =>
  from.tokens >= 1 ? from.filledAt : from.filledAt + ((1 - from.tokens) * 1000) / perSecond;

function fill(of: Bucket, now: Millis, perSecond: number, burstMax: number): void {
  // A wait that was computed may end a rounding short of a whole token.
  of.tokens = Math.min(burstMax, of.tokens + ((now - of.filledAt) * perSecond) / 1000 + 1e-9);
  of.filledAt = now;
}
