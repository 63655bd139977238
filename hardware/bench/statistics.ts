/** How much a figure is worth: quantiles, means and shares, each with the interval in which the true one lies in 95 of 100
 * cases, if samples are independent of each other. */

export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

const Z = 1.96;
/** Student's t, two-sided 95 %, from one degree of freedom on. */
const T: readonly number[] = Object.freeze([
  ...[12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228],
  ...[2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11, 2.101, 2.093, 2.086],
  ...[2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042],
]);

/** Normal, by Student's t. One sample says nothing about spread. */
export function meanOf(samples: readonly number[]): Estimate | undefined {
  const count = samples.length;
  if (count < 2) return undefined;
  const mean = samples.reduce((sum, each) => sum + each, 0) / count;
  const variance = samples.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (count - 1);
  const half = (T[count - 2] ?? Z) * Math.sqrt(variance / count);
  return { value: mean, low: mean - half, high: mean + half, samples: count };
}

/** The nearest rank; its interval is made of two ranks beside it (binomial), whatever the distribution. Where too few
 * samples lie beyond, the interval ends at the last one. */
export function quantileOf(sorted: readonly number[], share: number): Estimate | undefined {
  const count = sorted.length;
  if (count === 0) return undefined;
  const at = (rank: number): number => sorted[Math.min(count, Math.max(1, rank)) - 1];
  const half = Z * Math.sqrt(count * share * (1 - share));
  return {
    value: at(Math.ceil(count * share)),
    low: at(Math.floor(count * share - half)),
    high: at(Math.ceil(count * share + half) + 1),
    samples: count,
  };
}

/** A share of a count, by Wilson: right also for none of few. */
export function shareOf(hits: number, count: number): Estimate | undefined {
  if (count === 0) return undefined;
  const share = hits / count;
  const middle = (share + Z ** 2 / (2 * count)) / (1 + Z ** 2 / count);
  const half = (Z / (1 + Z ** 2 / count)) * Math.sqrt((share * (1 - share)) / count + Z ** 2 / (4 * count ** 2));
  const low = hits === 0 ? 0 : middle - half;
  const high = hits === count ? 1 : middle + half;
  return { value: share, low, high, samples: count };
}
