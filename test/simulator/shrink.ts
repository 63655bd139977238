/** A failure with as little around it as still fails: kinds of faults are left out one by one, then whatever happens late, then
 * what nobody needed to ask for. */

import { DICE_ATTACKS } from "./kinds.ts";
import type { Wish } from "./plan.ts";
import { type Failure, type Outcome, run } from "./run.ts";

export interface Shrunk {
  readonly wish: Wish;
  readonly outcome: Outcome;
  readonly failure: Failure;
  readonly runs: number;
}

const BISECTIONS_COUNT = 7;

/** Nothing where that seed does not fail. */
export function shrink(seed: number, wish: Wish = {}): Shrunk | undefined {
  let runs = 1;
  let best = run(seed, wish);
  let kept = wish;
  const { violation } = best;
  if (violation === undefined) return undefined;
  const fails = (other: Wish): boolean => {
    runs += 1;
    const outcome = run(seed, other);
    if (outcome.violation?.rule !== violation.rule) return false;
    best = outcome;
    kept = other;
    return true;
  };
  for (const kind of kindsIn(best)) fails({ ...kept, without: [...(kept.without ?? []), kind] });
  bisect(best.plan.durationMs, (quietFromMs) => fails({ ...kept, quietFromMs }));
  bisect(best.plan.submits, (submits) => fails({ ...kept, submitsMax: Math.ceil(submits) }));
  return { wish: kept, outcome: best, failure: best.violation ?? violation, runs };
}

/** The least that still fails, roughly: failing is not monotone. */
function bisect(most: number, fails: (value: number) => boolean): void {
  let low = 0;
  let high = most;
  for (let i = 0; i < BISECTIONS_COUNT; i++) {
    const middle = (low + high) / 2;
    if (fails(middle)) high = middle;
    else low = middle;
  }
}

function kindsIn({ plan, faults, attackers }: Outcome): string[] {
  const kinds = [
    ...DICE_ATTACKS.filter((kind) => (attackers[kind] ?? 0) > 0),
    ...plan.mishaps.map(({ kind }) => kind),
    ...plan.faulty.map(({ kind }) => kind),
    ...Object.keys(faults),
  ];
  if (plan.air.flushMs > 0) kinds.push("slowDisk");
  if (plan.air.reordering) kinds.push("reordering");
  return [...new Set<string>(kinds)].sort();
}
