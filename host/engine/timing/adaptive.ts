/**
 * How long a decision may take before its primary is suspected: mean + 2σ of the last latencies with a margin, never below
 * four round trips and never above the profile's longest.
 *
 * A latency is a whole number of milliseconds, so that the running sums are exact however long they run.
 */
import { assert } from "../../../protocol/core/assert.ts";
import {
  LATENCIES_MAX,
  LATENCIES_MIN,
  TIMEOUT_MARGIN_PERCENT,
  TIMEOUT_ROUND_TRIPS_MIN,
  VIEW_GROWTH_PERCENT_MAX,
} from "./limits.ts";
import { type Profile, requestMs } from "./profiles.ts";

export interface AdaptiveTimeout {
  /** A ring; `next` is the oldest once it is full. */
  readonly latencies: number[];
  next: number;
  sum: number;
  squares: number;
  /** Of this view. */
  ceilingMs: number;
}

export const adaptiveTimeout = (profile: Profile): AdaptiveTimeout => ({
  latencies: [],
  next: 0,
  sum: 0,
  squares: 0,
  ceilingMs: profile.timeoutMaxMs,
});

/** From a request seen to its execution, once a batch: a primary must not buy patience with many requests at a time. What
 * outlived a view is no measure of the next one and is left out by the caller (Karn's rule). */
export function measuredLatency(adaptive: AdaptiveTimeout, profile: Profile, latencyMs: number): void {
  assert(latencyMs >= 0, "what ends has begun");
  // One batch that a partition held for an hour would outweigh the other ninety-nine.
  const latency = Math.min(profile.timeoutMaxMs, Math.ceil(latencyMs));
  const { latencies } = adaptive;
  if (latencies.length === LATENCIES_MAX) {
    const oldest = latencies[adaptive.next];
    adaptive.sum -= oldest;
    adaptive.squares -= oldest * oldest;
  }
  latencies[adaptive.next] = latency;
  adaptive.sum += latency;
  adaptive.squares += latency * latency;
  adaptive.next = (adaptive.next + 1) % LATENCIES_MAX;
}

/** Nothing where too few were measured. */
export const usualMs = ({ latencies, sum }: AdaptiveTimeout): number | undefined =>
  latencies.length < LATENCIES_MIN ? undefined : sum / latencies.length;

/** `grantedMs` is what the view begins with, backed off. */
export function beganView(adaptive: AdaptiveTimeout, grantedMs: number): void {
  adaptive.ceilingMs = Math.ceil((grantedMs * VIEW_GROWTH_PERCENT_MAX) / 100);
}

/** Before it is backed off. */
export function timeoutMs(adaptive: AdaptiveTimeout, profile: Profile): number {
  const least = Math.min(profile.timeoutMaxMs, Math.ceil(TIMEOUT_ROUND_TRIPS_MIN * profile.roundTripMs));
  const most = Math.max(least, Math.min(profile.timeoutMaxMs, adaptive.ceilingMs));
  const count = adaptive.latencies.length;
  const due = count < LATENCIES_MIN ? requestMs(profile) : withMargin(count, adaptive.sum, adaptive.squares);
  return Math.min(most, Math.max(least, due));
}

/** n²σ² = nΣx² − (Σx)² is a whole number below 2^53, so nothing cancels. */
function withMargin(count: number, sum: number, squares: number): number {
  const spread = Math.sqrt(count * squares - sum * sum);
  return Math.ceil(((sum + 2 * spread) * (100 + TIMEOUT_MARGIN_PERCENT)) / (100 * count));
}
