/** How often a thing took how long: counts by fixed bounds, as Prometheus reads them. */
import { assert } from "../../../protocol/core/assert.ts";

export interface Histogram {
  /** Ascending. What is above the last of them is counted beside. */
  readonly bounds: readonly number[];
  /** One for each of the bounds, and one for what is above: none counts what another does. */
  readonly counts: number[];
  sum: number;
}

/** Of an own request, in seconds: over BLE 0.3 to 2 where all is well, and ten through a change of leaders. */
export const LATENCY_BOUNDS_S: readonly number[] = Object.freeze([
  0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30,
]);
/** Between two neighbours. */
export const ROUND_TRIP_BOUNDS_S: readonly number[] = Object.freeze([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]);
export const SHARE_BOUNDS: readonly number[] = Object.freeze([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);

export function histogram(bounds: readonly number[]): Histogram {
  assert(
    bounds.every((bound, i) => i === 0 || bounds[i - 1] < bound),
    "bounds ascend",
  );
  return { bounds, counts: [...bounds, 0].map(() => 0), sum: 0 };
}

export function observe(of: Histogram, value: number): void {
  const at = of.bounds.findIndex((bound) => value <= bound);
  of.counts[at < 0 ? of.bounds.length : at] += 1;
  of.sum += value;
}

export const countOf = ({ counts }: Histogram): number => counts.reduce((sum, count) => sum + count, 0);
