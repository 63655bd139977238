/** What a benchmark is, and the timer that all share. A file `NAME.ts` beside this one exports `bench: Bench`. */

export interface Row {
  metric: string;
  value: number;
  unit: string;
  /** The same figure of what we are compared to. */
  baseline?: number;
  /** Sizes: ours by theirs, smaller is better. Speeds: how many times as fast we are, larger is better. */
  ratio?: number;
}

export type Bench = () => Row[] | Promise<Row[]>;

export interface Racers {
  ours: () => unknown;
  baseline: () => unknown;
}

export interface RaceOptions {
  /** How often each racer is timed; the median of these counts. */
  rounds?: number;
  /** How long one racer runs in one round. */
  roundMs?: number;
  warmUpMs?: number;
}

export interface RaceResult {
  oursNs: number;
  baselineNs: number;
  /** How many times as fast ours is. */
  ratio: number;
}

/**
 * Times two functions against each other, in nanoseconds per call. The rounds alternate and so does who begins, so that
 * whatever else the machine does, or the garbage one leaves the other, falls on both alike.
 */
export function race(racers: Racers, options: RaceOptions = {}): RaceResult {
  const { rounds = 41, roundMs = 5, warmUpMs = 150 } = options;
  const oursCalls = warmUp(racers.ours, warmUpMs, roundMs);
  const baselineCalls = warmUp(racers.baseline, warmUpMs, roundMs);
  const ours: number[] = [];
  const baseline: number[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) ours.push(nsPerCall(racers.ours, oursCalls));
    baseline.push(nsPerCall(racers.baseline, baselineCalls));
    if (round % 2 === 1) ours.push(nsPerCall(racers.ours, oursCalls));
  }
  const oursNs = median(ours);
  const baselineNs = median(baseline);
  return { oursNs, baselineNs, ratio: baselineNs / oursNs };
}

/** Runs `call` until the engine has optimised it, and says how many calls fill a round. */
function warmUp(call: () => unknown, warmUpMs: number, roundMs: number): number {
  let calls = 1;
  let ns = nsPerCall(call, calls);
  for (let spentMs = 0; spentMs < warmUpMs; spentMs += (ns * calls) / 1e6) {
    calls = Math.max(1, Math.min(calls * 2, Math.round((roundMs * 1e6) / ns)));
    ns = nsPerCall(call, calls);
  }
  return calls;
}

/** The last result, where the engine cannot know that nobody looks: a call whose result is unused may be dropped. */
export const kept: { result: unknown } = { result: undefined };

function nsPerCall(call: () => unknown, calls: number): number {
  const start = process.hrtime.bigint();
  for (let count = 0; count < calls; count++) kept.result = call();
  // A clock that did not move counts as one nanosecond, so that nobody divides by zero.
  return Math.max(Number(process.hrtime.bigint() - start), 1) / calls;
}

export interface Turns {
  /** Medians. */
  readonly ours: number;
  readonly baseline: number;
  /** The median over all blocks of four of ours by the baseline's. */
  readonly ratio: number;
}

/**
 * Takes two measurements in turn, in blocks of ours, theirs, theirs, ours: what drifts within a block falls on both, and a block that
 * something else disturbs is one of many.
 */
export async function takingTurns(
  blocks: number,
  ours: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<Turns> {
  const all: { ours: number[]; baseline: number[]; ratios: number[] } = { ours: [], baseline: [], ratios: [] };
  for (let block = 0; block < blocks; block++) {
    const first = await ours();
    const [second, third] = [await baseline(), await baseline()];
    const last = await ours();
    all.ours.push(first, last);
    all.baseline.push(second, third);
    all.ratios.push((first + last) / (second + third));
  }
  return { ours: median(all.ours), baseline: median(all.baseline), ratio: median(all.ratios) };
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
