/** One seed, from the first boot to the last proof. */
import { assert } from "../../protocol/core/assert.ts";
import { onHappening } from "./happenings.ts";
import { takeEarliest } from "./heap.ts";
import { Violation } from "./invariants/violation.ts";
import type { Counts } from "./kinds.ts";
import { finish } from "./liveness.ts";
import { type Plan, planOf, type Wish } from "./plan.ts";
import { simOf } from "./setting.ts";
import type { Sim } from "./sim.ts";

export interface Outcome {
  readonly seed: number;
  readonly plan: Plan;
  readonly violation: Failure | undefined;
  readonly decided: number;
  readonly requests: number;
  readonly viewChanges: number;
  readonly stableCheckpoints: number;
  readonly fastCommitsAcrossViews: number;
  readonly transfers: number;
  readonly epochs: number;
  /** What the app counts: rolls and what becomes of them. */
  readonly tally: Counts | undefined;
  readonly faults: Counts;
  readonly attackers: Counts;
  readonly events: number;
  /** Time to heal as a share of the time that it may take. */
  readonly healRatio: number;
  readonly trace: number;
  readonly story: readonly string[] | undefined;
}

export interface Failure {
  readonly rule: string;
  readonly detail: string;
  readonly atMs: number;
  readonly events: number;
}

/** Far above what any schedule takes: a run that goes on without end is a failure too. */
const EVENTS_MAX = 400_000;

export function run(seed: number, wish: Wish = {}, tells = false): Outcome {
  return runPlan(planOf(seed, wish), tells);
}

function runPlan(plan: Plan, tells = false): Outcome {
  const sim = simOf(plan, tells);
  let violation: Failure | undefined;
  let healRatio = 0;
  try {
    runUntil(sim, plan.durationMs, () => false);
    healRatio = finish(sim, (untilMs, done) => runUntil(sim, untilMs, done));
  } catch (thrown) {
    violation = failureOf(sim, thrown);
  }
  const { checker } = sim;
  return {
    ...{ seed: plan.seed, plan, violation, healRatio },
    decided: checker.ledger.entries.length,
    requests: checker.ledger.requests,
    viewChanges: checker.views.entered.filter((each) => each.byQuorum).length,
    stableCheckpoints: checker.checkpoints.size,
    fastCommitsAcrossViews: checker.fastAcrossViews,
    transfers: checker.transfers,
    epochs: checker.epochs.length - 1,
    tally: sim.app?.tally,
    ...{ faults: sim.counts, attackers: sim.attacks, events: sim.events, trace: sim.trace, story: sim.story },
  };
}

function runUntil(sim: Sim, untilMs: number, done: () => boolean): void {
  const { heap } = sim;
  while (heap.length > 0 && heap[0].at <= untilMs) {
    const next = takeEarliest(heap);
    assert(next.at >= sim.now, "time runs forward");
    sim.now = next.at;
    sim.events += 1;
    if (sim.events > EVENTS_MAX) throw new Violation("work has its bound", `${sim.events} events`, sim.now, sim.events);
    onHappening(sim, next);
    if (done()) return;
  }
  sim.now = Math.max(sim.now, untilMs);
}

/** The engine's own asserts are rules like any other. */
function failureOf(sim: Sim, thrown: unknown): Failure {
  if (thrown instanceof Violation) {
    return { rule: thrown.rule, detail: thrown.message, atMs: thrown.atMs, events: thrown.events };
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const where = (error.stack ?? "")
    .split("\n")
    .slice(1, 6)
    .map((line) => line.trim().replace(/\(.*\/build\//, "("))
    .join(" < ");
  return { rule: `assert: ${error.message}`, detail: where, atMs: sim.now, events: sim.events };
}
