/**
 * Somebody who hears the whole air, but neither how strong a radio is nor its address, and wants to know which new name is whose
 * old one.
 *
 * It keeps what flew by under each name, measures every pair of an old and a new name (how alike the bytes are, how long after
 * one another they end and begin, whether the second goes on in the rhythm of the first, in which order they went and came),
 * learns from rotations of which it is told the truth which of that tells something, and then names pairs by itself.
 */
import type { AirSight } from "../../../hardware/virtual/air/sights.ts";

/** What it hears. */
export interface Advert {
  readonly atMs: number;
  readonly data: Uint8Array;
}

/** An advert with what it is not told. */
export interface Sighting extends Advert {
  readonly node: number;
}

export const sightings = (sights: readonly AirSight[]): Sighting[] =>
  sights.flatMap((sight) =>
    sight.type === "advert" ? [{ atMs: sight.atUs / 1000, data: sight.data.slice(), node: sight.node }] : [],
  );

interface Name {
  readonly data: Uint8Array;
  readonly firstMs: number;
  lastMs: number;
  count: number;
}

/** By name, in the order in which they were first heard. */
function namesIn(adverts: readonly Advert[]): Map<string, Name> {
  const names = new Map<string, Name>();
  for (const { atMs, data } of adverts) {
    const key = keyOf(data);
    const name = names.get(key);
    if (name === undefined) names.set(key, { data, firstMs: atMs, lastMs: atMs, count: 1 });
    else {
      name.lastMs = atMs;
      name.count += 1;
    }
  }
  return names;
}

const keyOf = (data: Uint8Array): string => Buffer.from(data).toString("hex");

interface Pair {
  readonly features: readonly number[];
  readonly old: string;
  readonly fresh: string;
}

/** Of one rotation: every old name with every new one. `aliveMs`: a name is in use that was heard so shortly before. */
function pairsOf(names: ReadonlyMap<string, Name>, beforeMs: number, afterMs: number, intervalMs: number): Pair[] {
  const old = aliveAt(names, beforeMs, intervalMs);
  const fresh = aliveAt(names, afterMs, intervalMs);
  const byEnd = old.slice().sort((a, b) => a[1].lastMs - b[1].lastMs);
  const byStart = fresh.slice().sort((a, b) => a[1].firstMs - b[1].firstMs);
  return old.flatMap(([oldKey, left]) =>
    fresh.map(([freshKey, right]): Pair => {
      const gapMs = right.firstMs - left.lastMs;
      const phase = Math.abs(gapMs / intervalMs - Math.round(gapMs / intervalMs));
      const features = [
        ...fieldsOf(left.data).map((bytes, at) => differing(bytes, fieldsOf(right.data)[at])),
        oldKey === freshKey ? 1 : 0,
        Math.log1p(Math.abs(gapMs)),
        Math.exp(-Math.abs(gapMs - intervalMs) / intervalMs),
        phase,
        Math.abs(paceOf(left) - paceOf(right)),
        Math.abs(byEnd.findIndex(([key]) => key === oldKey) - byStart.findIndex(([key]) => key === freshKey)),
        Math.abs(left.data.length - right.data.length),
      ];
      return { features, old: oldKey, fresh: freshKey };
    }),
  );
}

const aliveAt = (names: ReadonlyMap<string, Name>, atMs: number, intervalMs: number): [string, Name][] =>
  [...names].filter(([, { firstMs, lastMs }]) => firstMs < atMs && lastMs > atMs - 3 * intervalMs);

/** The service data's last eight bytes are its two tags; all before them is the same for everybody, or is not. */
const fieldsOf = (data: Uint8Array): Uint8Array[] => [data.subarray(0, -8), data.subarray(-8, -4), data.subarray(-4)];

function differing(left: Uint8Array, right: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    for (let bits = (left[at] ?? 0) ^ (right[at] ?? 0); bits !== 0; bits &= bits - 1) count += 1;
  }
  return count;
}

const paceOf = ({ firstMs, lastMs, count }: Name): number => (count < 2 ? 0 : (lastMs - firstMs) / (count - 1));

export interface Log {
  readonly sightings: readonly Sighting[];
  /** Moments shortly before rotations, one after another; between two of them everybody rotates once. */
  readonly moments: readonly number[];
  readonly intervalMs: number;
}

/** Of the names in the second half: how many were linked, and how many rightly. */
export function link(log: Log): { readonly count: number; readonly right: number } {
  const truth = new Map(log.sightings.map(({ data, node }) => [keyOf(data), node]));
  const names = namesIn(log.sightings);
  const { moments, intervalMs } = log;
  const rounds = moments.slice(1).map((after, at) => pairsOf(names, moments[at], after, intervalMs));
  const half = rounds.length >> 1;
  const isTrue = ({ old, fresh }: Pair): boolean => truth.get(old) === truth.get(fresh);
  const score = learn(rounds.slice(0, half).flat(), isTrue);
  let count = 0;
  let right = 0;
  for (const pairs of rounds.slice(half)) {
    for (const pair of assigned(pairs, score)) {
      count += 1;
      if (isTrue(pair)) right += 1;
    }
  }
  return { count, right };
}

/** The likeliest pair first; a name has one successor. */
function assigned(pairs: readonly Pair[], score: (pair: Pair) => number): Pair[] {
  const rest = pairs.map((pair) => ({ pair, value: score(pair) })).sort((a, b) => b.value - a.value);
  const chosen: Pair[] = [];
  for (const { pair } of rest) {
    if (chosen.every(({ old, fresh }) => old !== pair.old && fresh !== pair.fresh)) chosen.push(pair);
  }
  return chosen;
}

/** Logistic regression over the features and their squares, each brought to one scale. */
function learn(pairs: readonly Pair[], isTrue: (pair: Pair) => boolean): (pair: Pair) => number {
  const wide = ({ features }: Pair): number[] => [...features, ...features.map((value) => value * value)];
  const rows = pairs.map(wide);
  const size = rows[0].length;
  const columns = Array.from({ length: size }, (_, at) => rows.map((row) => row[at]));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  const scales = columns.map((column, at) => {
    const variance = column.reduce((sum, value) => sum + (value - means[at]) ** 2, 0) / column.length;
    return Math.sqrt(variance) || 1;
  });
  const scaled = (row: readonly number[]): number[] => row.map((value, at) => (value - means[at]) / scales[at]);
  const inputs = rows.map(scaled);
  const targets = pairs.map((pair) => (isTrue(pair) ? 1 : 0));
  const weights = new Array<number>(size).fill(0);
  let bias = 0;
  const raw = (row: readonly number[]): number => row.reduce((sum, value, at) => sum + value * weights[at], bias);
  for (let epoch = 0; epoch < 150; epoch++) {
    const slope = new Array<number>(size).fill(0);
    let biasSlope = 0;
    for (const [at, row] of inputs.entries()) {
      const error = 1 / (1 + Math.exp(-raw(row))) - targets[at];
      for (let column = 0; column < size; column++) slope[column] += error * row[column];
      biasSlope += error;
    }
    for (let column = 0; column < size; column++) weights[column] -= (2 * slope[column]) / inputs.length;
    bias -= (2 * biasSlope) / inputs.length;
  }
  return (pair) => raw(scaled(wide(pair)));
}
