/** Patterns in the order of throws, which counts do not see: runs of high and low faces, and a throw that resembles the one
 * before. One look each, for reports; shown to people, and part of no agreed state. */
import { assert } from "../../../protocol/core/assert.ts";
import { normalTail } from "./tails.ts";

export interface Pattern {
  /** In standard deviations of chance, either way. */
  readonly score: number;
  /** How often chance alone comes as far, either way. */
  readonly share: number;
}

/** Wald and Wolfowitz 1940: runs of yes and no, given how many there are of each. Nothing where one is hardly there. */
export function runsPattern(values: readonly boolean[]): Pattern | undefined {
  const yes = values.filter((each) => each).length;
  const no = values.length - yes;
  if (Math.min(yes, no) < EACH_MIN) return undefined;
  let runs = 1;
  for (let at = 1; at < values.length; at++) if (values[at] !== values[at - 1]) runs += 1;
  const total = yes + no;
  const mean = 1 + (2 * yes * no) / total;
  const variance = ((mean - 1) * (mean - 2)) / (total - 1);
  return pattern((runs - mean) / Math.sqrt(variance));
}

/** High is four and more: each as likely as the other with a fair die, and neither has to be. */
export const faceRuns = (faces: readonly number[]): Pattern | undefined => runsPattern(faces.map((face) => face >= 4));

/**
 * The correlation of each value with the next. Covariance and variance are both divided by the count, so that it never
 * exceeds one; the mean over all is taken from both. Undefined where nothing varies: that is no correlation, and no guilt.
 */
export function lagOne(values: readonly number[]): number | undefined {
  const count = values.length;
  if (count < 3) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  let variance = 0;
  let covariance = 0;
  for (const [at, value] of values.entries()) {
    variance += (value - mean) * (value - mean);
    if (at > 0) covariance += (value - mean) * (values[at - 1] - mean);
  }
  if (variance <= count * LEAST_VARIANCE) return undefined;
  const correlation = covariance / variance;
  assert(Math.abs(correlation) <= 1, "a consistent estimate is a correlation");
  return correlation;
}

/** What chance does to it: about −1/n, with a deviation of 1/√n. */
export function lagOnePattern(values: readonly number[]): Pattern | undefined {
  const correlation = lagOne(values);
  if (correlation === undefined || values.length < LAG_VALUES_MIN) return undefined;
  return pattern(correlation * Math.sqrt(values.length) + 1 / Math.sqrt(values.length));
}

const pattern = (score: number): Pattern => ({ score, share: Math.min(1, 2 * normalTail(Math.abs(score))) });
const EACH_MIN = 10;
const LAG_VALUES_MIN = 30;
/** What rounding alone makes of equal values. */
const LEAST_VARIANCE = 1e-12;
