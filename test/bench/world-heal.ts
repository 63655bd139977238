/** How long a table takes to be one again: after kiosks were carried away and brought back, after a process or all power was gone.
 * And how long a kiosk takes that has lost its card and has a large state two links away. */
import type { Options } from "../../host/engine/consensus/options.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { noCounts } from "../simulator/kinds.ts";
import { TABLE_FAULTS, type TableFault } from "../simulator/table/kinds.ts";
import { Mishaps } from "../simulator/table/mishaps.ts";
import { streamOf, type Table } from "../simulator/table/table.ts";
import { median, type Row } from "./bench.ts";
import { play } from "./world-cost.ts";
import { linkedTable } from "./world-table.ts";

const HEAL_TARGET_S = 20;
const HEAL_MAX_TARGET_S = 300;
/** Which kiosks, for a partition: a bit each, less one, as a share of all ways. */
export const SCENARIOS: readonly { readonly kind: TableFault; readonly drawn: number; readonly lastsMs: number }[] = [
  { kind: "partition", drawn: 0, lastsMs: 60_000 },
  { kind: "partition", drawn: 2.5 / 14, lastsMs: 60_000 },
  { kind: "partition", drawn: 6.5 / 14, lastsMs: 20_000 },
  { kind: "kill", drawn: 0, lastsMs: 1_000 },
  { kind: "kill", drawn: 0, lastsMs: 60_000 },
  { kind: "cable", drawn: 0, lastsMs: 30_000 },
  { kind: "powerCut", drawn: 0, lastsMs: 2_000 },
];
const SEEDS = [1, 2];
const BEFORE_MS = 15_000;
const LOOK_MS = 100;

export async function healRows(): Promise<Row[]> {
  const all: number[] = [];
  for (const seed of SEEDS) for (const scenario of SCENARIOS) all.push(await heal(seed, scenario));
  const worst = Math.max(...all);
  return [row("heal", median(all), HEAL_TARGET_S), row("heal-max", worst, HEAL_MAX_TARGET_S)];
}

const row = (metric: string, value: number, target: number): Row => ({
  ...{ metric, value, unit: "virtual s", baseline: target, ratio: value / target },
});

/** From the end of what failed to one state everywhere, in seconds. */
export async function heal(
  seed: number,
  { kind, drawn, lastsMs }: (typeof SCENARIOS)[number],
  consensus: Partial<Options> = {},
): Promise<number> {
  const table = await linkedTable({ shape: "ring", seed, consensus });
  play(table);
  const mishaps = new Mishaps(table, streamOf(seed, 1), noCounts(TABLE_FAULTS));
  table.onEnded = ({ at }) => mishaps.fell(at);
  await table.run(BEFORE_MS);
  const before = furthest(table);
  mishaps.begin({ kind, kiosk: seed % table.kiosks.length, at: table.clock.now, lastsMs, drawn });
  await table.run(lastsMs);
  const since = table.clock.now;
  // It goes on: something new is decided and known to all.
  const goal = 1 + Math.max(before, furthest(table));
  const healed = (): boolean => isOne(table, goal);
  while (!healed() && table.clock.now < since + HEAL_MAX_TARGET_S * 1000) await table.run(LOOK_MS);
  const took = (table.clock.now - since) / 1000;
  table.end();
  return took;
}

const replicas = (table: Table) => table.kiosks.map(({ process }) => process?.running?.node.replica);

const furthest = (table: Table): number => Math.max(...replicas(table).map((each) => each?.executed ?? 0));

function isOne(table: Table, goal: number): boolean {
  const [first, ...others] = replicas(table);
  if (first === undefined || first.executed < goal || first.probing !== undefined) return false;
  return others.every(
    (each) => each !== undefined && each.probing === undefined && bytesEqual(each.state.history, first.state.history),
  );
}
