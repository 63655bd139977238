/**
 * How much dice speak against being fair, in a number that may be looked at after every throw: an e-process. It begins at 1, is
 * expected to stay there as long as the dice are fair, and so reaches 1,000 in one life of a thousand at most, however often
 * anybody looks (Ville 1939). Repeated chi-square tests would accuse fair dice in a few nights of a hundred.
 *
 * It is an average of bets against the dice, each of which is one: that some face is preferred by a twentieth, or by half as much
 * again; and, for what nobody thought of, that the shares are anything at all (Dirichlet–multinomial).
 *
 * Counts are kept, and the number so far. It is for people, and part of no agreed state: its last digits differ between engines.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { logGamma } from "./log-gamma.ts";

/** ln E of counts against equal shares, with as many throws imagined beforehand. */
export function logShares(counts: readonly number[], imagined: number): number {
  const cells = counts.length;
  const each = imagined / cells;
  let total = 0;
  let log = logGamma(imagined) - cells * logGamma(each);
  for (const count of counts) {
    log += logGamma(each + count);
    total += count;
  }
  return log - logGamma(imagined + total) + total * Math.log(cells);
}

/** The same, kept along the way: a throw costs one logarithm. */
export interface Shares {
  readonly counts: number[];
  readonly imagined: number;
  total: number;
  log: number;
}

const sharesOf = (cells: number, imagined: number): Shares => ({
  counts: new Array<number>(cells).fill(0),
  imagined,
  total: 0,
  log: 0,
});

export const faceShares = (): Shares => sharesOf(6, IMAGINED_FACES);
export const pairShares = (): Shares => sharesOf(36, IMAGINED_PAIRS);

export function fell(shares: Shares, cell: number): void {
  const { counts, imagined } = shares;
  const cells = counts.length;
  shares.log += Math.log((imagined + cells * counts[cell]) / (imagined + shares.total));
  counts[cell] += 1;
  shares.total += 1;
}

/** ln of the likelihood ratio, averaged over which cell it is that comes more often by `more`, at the others' cost alike. */
export function logFavourite(counts: readonly number[], more: number): number {
  const cells = counts.length;
  const up = Math.log(1 + cells * more);
  const down = Math.log(1 - (cells * more) / (cells - 1));
  const total = counts.reduce((sum, count) => sum + count, 0);
  return logAverage(counts.map((count) => ({ weight: 1 / cells, log: count * up + (total - count) * down })));
}

export interface WeightedLog {
  readonly weight: number;
  readonly log: number;
}

/** ln Σ w·E: of e-values the average is one, whatever they have to do with each other; a product is not. */
export function logAverage(parts: readonly WeightedLog[]): number {
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  assert(parts.length > 0 && Math.abs(weights - 1) < 1e-9, "the weights of an average add up to one");
  const most = Math.max(...parts.map(({ log }) => log));
  if (most === Number.NEGATIVE_INFINITY) return most;
  return most + Math.log(parts.reduce((sum, { weight, log }) => sum + weight * Math.exp(log - most), 0));
}

/** Of the six faces. */
export const logFaces = ({ counts, log }: Shares): number =>
  logAverage([
    { weight: 0.6, log: logFavourite(counts, 0.05) },
    { weight: 0.2, log: logFavourite(counts, 0.15) },
    { weight: 0.2, log },
  ]);

const IMAGINED_FACES = 300;
const IMAGINED_PAIRS = 360;
