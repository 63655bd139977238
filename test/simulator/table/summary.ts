/** What many seeds of whole tables came to: the engine's summary, and what only a whole table has. */
import { noCounts } from "../kinds.ts";
import { add, type Summary, summary } from "../summary.ts";
import { TABLE_ATTACKS, TABLE_FAULTS } from "./kinds.ts";
import type { TableMeasures } from "./measures.ts";
import type { TableWish } from "./plan.ts";
import { runTable, type TableOutcome } from "./run.ts";

export interface TableSummary extends Summary {
  /** Minutes that have passed at all tables together. */
  virtualMinutes: number;
  /** Of the seed with the fewest. */
  rollsMin: number;
  /** Over seeds. */
  readonly measures: { -readonly [name in keyof TableMeasures]: { sum: number; max: number } };
}

export interface TableShare {
  readonly first: number;
  readonly seeds: number;
  readonly step: number;
  readonly wish: TableWish;
}

export const tableSummary = (): TableSummary => ({
  ...{ ...summary(), faults: noCounts(TABLE_FAULTS), attackers: noCounts(TABLE_ATTACKS) },
  ...{ rolls: 0, voids: 0, virtualMinutes: 0, rollsMin: Number.POSITIVE_INFINITY },
  measures: {} as TableSummary["measures"],
});

export async function runTables(
  { first, seeds, step, wish }: TableShare,
  onProgress: (sum: TableSummary) => void = () => {},
): Promise<TableSummary> {
  const sum = tableSummary();
  for (let seed = first; seed < first + seeds; seed += step) {
    addTable(sum, await runTable(seed, wish));
    onProgress(sum);
  }
  return sum;
}

export function addTable(to: TableSummary, outcome: TableOutcome): void {
  const { seed, violation, measures, rolls, voids } = outcome;
  const one: TableSummary = {
    ...tableSummary(),
    ...{ seeds: 1, violations: violation === undefined ? 0 : 1, decided: outcome.decided },
    ...{ viewChanges: outcome.viewChanges, seedsWithViewChange: outcome.viewChanges > 0 ? 1 : 0 },
    ...{ seedsWithStableCheckpoint: outcome.stableCheckpoints > 0 ? 1 : 0, transfers: outcome.transfers },
    ...{ epochs: outcome.epochs, worstHealRatio: outcome.healRatio, rolls, voids, rollsMin: rolls },
    ...{ faults: outcome.faults, attackers: outcome.attackers, virtualMinutes: outcome.virtualMs / 60_000 },
    ...(violation === undefined ? {} : { firstFailure: { seed, ...violation } }),
  };
  for (const [name, value] of Object.entries(measures)) {
    one.measures[name as keyof TableMeasures] = { sum: value, max: value };
  }
  addTables(to, one);
}

export function addTables(to: TableSummary, more: TableSummary): void {
  add(to, more);
  to.virtualMinutes += more.virtualMinutes;
  to.rollsMin = Math.min(to.rollsMin, more.rollsMin);
  for (const [name, { sum, max }] of Object.entries(more.measures)) {
    const of = to.measures[name as keyof TableMeasures] ?? { sum: 0, max: 0 };
    to.measures[name as keyof TableMeasures] = { sum: of.sum + sum, max: Math.max(of.max, max) };
  }
}

/** Means over seeds in the place of sums. */
export function asJson({ measures, virtualMinutes, ...sum }: TableSummary): string {
  const means = Object.fromEntries(
    Object.entries(measures).map(([name, of]) => [name, { mean: round(of.sum / sum.seeds), max: round(of.max) }]),
  );
  return JSON.stringify({ ...sum, virtualMinutes: round(virtualMinutes), measures: means });
}

const round = (value: number): number => Math.round(value * 10) / 10;
