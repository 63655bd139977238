/** What many seeds came to, as numbers. */
import { ATTACKS, type Counts, DICE_ATTACKS, FAULTS, noCounts } from "./kinds.ts";
import type { Failure, Outcome } from "./run.ts";

export interface Summary {
  seeds: number;
  violations: number;
  seconds: number;
  decided: number;
  viewChanges: number;
  seedsWithViewChange: number;
  seedsWithStableCheckpoint: number;
  fastCommitsAcrossViews: number;
  transfers: number;
  epochs: number;
  /** The longest time to heal, as a share of what the theory grants. */
  worstHealRatio: number;
  /** Of a table that throws dice. */
  rolls?: number;
  voids?: number;
  readonly faults: Counts;
  readonly attackers: Counts;
  firstFailure?: { readonly seed: number } & Failure;
}

export const summary = (): Summary => ({
  ...{ seeds: 0, violations: 0, seconds: 0, decided: 0, viewChanges: 0, seedsWithViewChange: 0 },
  ...{ seedsWithStableCheckpoint: 0, fastCommitsAcrossViews: 0, transfers: 0, epochs: 0, worstHealRatio: 0 },
  ...{ faults: noCounts(FAULTS), attackers: noCounts(ATTACKS) },
});

export function addOutcome(to: Summary, outcome: Outcome): void {
  const { seed, violation, tally } = outcome;
  add(to, {
    ...summary(),
    ...{
      seeds: 1,
      violations: violation === undefined ? 0 : 1,
      decided: outcome.decided,
      viewChanges: outcome.viewChanges,
    },
    seedsWithViewChange: outcome.viewChanges > 0 ? 1 : 0,
    seedsWithStableCheckpoint: outcome.stableCheckpoints > 0 ? 1 : 0,
    ...{ fastCommitsAcrossViews: outcome.fastCommitsAcrossViews, transfers: outcome.transfers, epochs: outcome.epochs },
    worstHealRatio: outcome.healRatio,
    ...{ faults: outcome.faults, attackers: { ...(tally && noCounts(DICE_ATTACKS)), ...outcome.attackers } },
    ...(tally && { rolls: tally["rolls"], voids: tally["voids"] }),
    ...(violation === undefined ? {} : { firstFailure: { seed, ...violation } }),
  });
}

/** Seconds are not added: whoever ran both knows how long it took. */
export function add(to: Summary, more: Summary): void {
  to.seeds += more.seeds;
  to.violations += more.violations;
  to.decided += more.decided;
  to.viewChanges += more.viewChanges;
  to.seedsWithViewChange += more.seedsWithViewChange;
  to.seedsWithStableCheckpoint += more.seedsWithStableCheckpoint;
  to.fastCommitsAcrossViews += more.fastCommitsAcrossViews;
  to.transfers += more.transfers;
  to.epochs += more.epochs;
  if (more.rolls !== undefined) to.rolls = (to.rolls ?? 0) + more.rolls;
  if (more.voids !== undefined) to.voids = (to.voids ?? 0) + more.voids;
  to.worstHealRatio = Math.max(to.worstHealRatio, more.worstHealRatio);
  for (const [kind, times] of Object.entries(more.faults)) to.faults[kind] = (to.faults[kind] ?? 0) + times;
  for (const [kind, times] of Object.entries(more.attackers)) to.attackers[kind] = (to.attackers[kind] ?? 0) + times;
  const { firstFailure } = more;
  if (firstFailure !== undefined && (to.firstFailure === undefined || firstFailure.seed < to.firstFailure.seed)) {
    to.firstFailure = firstFailure;
  }
}
