/** Averages that a few outliers do not move: the median, and how far from it is usual. For what people are shown. */
import { assert } from "../../../protocol/core/assert.ts";

export function median(values: readonly number[]): number {
  assert(values.length > 0, "a median is of something");
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median deviation from the median, as a standard deviation of a normal law. */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  return NORMAL * median(values.map((value) => Math.abs(value - middle)));
}

/** How far `value` is from what is usual, in usual deviations; `least` is what is taken for one where nothing varies. */
export const robustScore = (value: number, usual: readonly number[], least: number): number =>
  (value - median(usual)) / Math.max(least, spread(usual));

/** 1 / Φ⁻¹(3/4). */
const NORMAL = 1.4826;
