/** Goodness of fit, for reports: what dice did, held against what fair dice do. One look at one moment; whoever looks again and
 * again until something shows uses the evidence meter. Shown to people, and part of no agreed state. */
import { assert } from "../../../protocol/core/assert.ts";
import { CELL_EXPECTED_MIN, FACES_REPORTED_MIN } from "./limits.ts";
import { chiSquareCritical, chiSquareTail } from "./tails.ts";

export interface Fit {
  readonly statistic: number;
  readonly degrees: number;
  /** How often chance alone comes as far. */
  readonly share: number;
}

/** `expected` are shares that add up to one; `lost` are degrees of freedom that were spent on estimating them. Nothing is said
 * where too little was seen. */
function fitOf(counts: readonly number[], expected: readonly number[], lost = 0): Fit | undefined {
  assert(counts.length === expected.length && counts.length > 1 + lost, "each cell has a count and an expectation");
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total < FACES_REPORTED_MIN || expected.some((share) => share * total < CELL_EXPECTED_MIN)) return undefined;
  let statistic = 0;
  for (const [cell, count] of counts.entries()) {
    const mean = expected[cell] * total;
    statistic += ((count - mean) * (count - mean)) / mean;
  }
  const degrees = counts.length - 1 - lost;
  return { statistic, degrees, share: chiSquareTail(degrees, statistic) };
}

export const isBeyond = (fit: Fit, level: number): boolean => fit.statistic > chiSquareCritical(fit.degrees, level);

/** One die: five degrees. */
export const facesFit = (faces: readonly number[]): Fit | undefined => fitOf(faces, FACES);

/** The sum of two dice, from 2: ten degrees. */
export const totalsFit = (totals: readonly number[]): Fit | undefined => fitOf(totals, TOTALS);

/** Two dice as an ordered pair, first · 6 + second: thirty-five degrees. */
export const pairsFit = (pairs: readonly number[]): Fit | undefined => fitOf(pairs, PAIRS);

/** Whether the second die knows of the first, or a die of its own last throw, however the faces are loaded: twenty-five. */
export function independenceFit(pairs: readonly number[]): Fit | undefined {
  assert(pairs.length === FACE_COUNT * FACE_COUNT, "pairs of faces are counted");
  const total = pairs.reduce((sum, count) => sum + count, 0);
  const rows = FACES.map((_, row) => sumOf(FACES.map((_face, column) => pairs[row * FACE_COUNT + column])));
  const columns = FACES.map((_, column) => sumOf(FACES.map((_face, row) => pairs[row * FACE_COUNT + column])));
  if (total === 0) return undefined;
  const expected = pairs.map((_, cell) => {
    const row = Math.floor(cell / FACE_COUNT);
    return (rows[row] * columns[cell % FACE_COUNT]) / (total * total);
  });
  return fitOf(pairs, expected, 2 * (FACE_COUNT - 1));
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
export const FACE_COUNT = 6;
const FACES: readonly number[] = Object.freeze(new Array<number>(FACE_COUNT).fill(1 / FACE_COUNT));
const PAIRS: readonly number[] = Object.freeze(new Array<number>(36).fill(1 / 36));
const TOTALS: readonly number[] = Object.freeze([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1].map((ways) => ways / 36));
