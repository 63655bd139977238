/**
 * What a table's game costs beside agreement: operations a second through validation, settlement and ledger on one core, and a roll
 * in bytes and milliseconds by each of the two ways to throw dice. The baseline is the most, or of operations the least, that was
 * asked for; the ratio ours by it.
 */
import { type Bench, median, type Row } from "./bench.ts";
import { type Evening, evening, play } from "./table-bets.ts";
import { rollCost } from "./table-dice.ts";

const ROLLS = 200;
const ROUNDS = 15;
const TABLES = [4, 8] as const;

/** Of what is said of one roll, by members; the limits for partials, and what commit–reveal was calculated with. */
const BYTES_MAX = { dvrf: { 4: 520, 8: 1_040 }, commit: { 4: 960, 8: 1_900 } } as const;
const BETS_A_SECOND_MIN = 20_000;

export const bench: Bench = () => [betsRow(ROLLS, ROUNDS), ...diceRows(9)];

/** By the processor's own clock: one core, whatever else it does. */
export function betsRow(rolls: number, rounds: number): Row {
  const of = evening(rolls, 1);
  play(of);
  const value = median(Array.from({ length: rounds }, () => perSecond(of)));
  return { metric: "bets", value, unit: "op/s", baseline: BETS_A_SECOND_MIN, ratio: value / BETS_A_SECOND_MIN };
}

function perSecond(of: Evening): number {
  const before = process.cpuUsage();
  play(of);
  const { user, system } = process.cpuUsage(before);
  return (of.operations * 1e6) / (user + system);
}

export function diceRows(rolls: number): Row[] {
  const rows: Row[] = [];
  for (const way of ["dvrf", "commit"] as const) {
    for (const count of TABLES) {
      const { rollBytes, settleBytes, ms } = rollCost(count, way === "commit", rolls);
      const baseline = BYTES_MAX[way][count];
      const name = `${way}-n${count}`;
      rows.push(
        { metric: `roll-bytes-${name}`, value: rollBytes, unit: "bytes", baseline, ratio: rollBytes / baseline },
        { metric: `settle-bytes-${name}`, value: settleBytes, unit: "bytes" },
        { metric: `roll-ms-${name}`, value: ms, unit: "ms" },
      );
    }
  }
  return rows;
}
