/** Many seeds one after another, in this thread. */
import type { Wish } from "./plan.ts";
import { run } from "./run.ts";
import { addOutcome, type Summary, summary } from "./summary.ts";

export interface Share {
  readonly first: number;
  readonly seeds: number;
  /** This many threads, of which this is one: each takes every so-many-th seed. */
  readonly step: number;
  readonly wish: Wish;
}

export function runSeeds({ first, seeds, step, wish }: Share, onProgress: (sum: Summary) => void = () => {}): Summary {
  const sum = summary();
  for (let seed = first; seed < first + seeds; seed += step) {
    addOutcome(sum, run(seed, wish));
    onProgress(sum);
  }
  return sum;
}
