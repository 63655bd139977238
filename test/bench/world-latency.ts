/** How long agreement takes over radios: from the submission at any kiosk to the answer there, in virtual time. */

import { type Chance, chance, draw, drawBelow } from "../../protocol/core/chance.ts";
import { POWER_RULES, type PowerState } from "../../protocol/power/rules.ts";
import { median, type Row } from "./bench.ts";
import { Asker, KIOSKS, linkedTable, type Wanted } from "./world-table.ts";

/** What each shape may take, with the fast path and without it. */
const TARGETS = [
  ["latency-mesh", { shape: "mesh" }, 110],
  ["latency-ring", { shape: "ring" }, 150],
  ["latency-mesh-slow", { shape: "mesh", consensus: { fastPath: false } }, 145],
  ["latency-ring-slow", { shape: "ring", consensus: { fastPath: false } }, 165],
] as const satisfies readonly (readonly [string, Wanted, number])[];
const POWER_STATES = Object.keys(POWER_RULES) as PowerState[];
const WORST_POWER_MS = 5_000;
/** A tenth is lost, all at once for a tenth of a second or so. */
export const TENTH_LOST = { goodMs: 900, badMs: 100, lossGood: 0, lossBad: 1 };
const ASKED = 200;
const ASKED_IN_BAD_AIR = 60;
const GAP_MS = 400;
/** Requests under way at each kiosk, where it is counted how many are decided. */
const UNDER_WAY = 8;
const LOAD_MS = 30_000;
const DECIDED_TARGET = 20;

export async function latencyRows(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [metric, wanted, target] of TARGETS)
    rows.push(row(metric, median(await latencies(wanted, ASKED)), target));
  let worst = 0;
  for (const power of POWER_STATES) {
    const all = await latencies({ shape: "ring", power, bursts: TENTH_LOST }, ASKED_IN_BAD_AIR);
    worst = Math.max(worst, ...all);
  }
  rows.push(row("latency-worst-power", worst, WORST_POWER_MS));
  rows.push(await decided());
  return rows;
}

const row = (metric: string, value: number, target: number): Row => ({
  ...{ metric, value: Math.round(value), unit: "virtual ms", baseline: target, ratio: value / target },
});

/** One at a time, from each kiosk in turn, at moments that know nothing of connection events. */
export async function latencies(wanted: Wanted, count: number): Promise<number[]> {
  const table = await linkedTable(wanted);
  const asker = new Asker(table);
  const from: Chance = chance(7);
  for (let asked = 0; asked < count; asked++) {
    asker.ask(asked % KIOSKS);
    await table.run(ANSWERED_WITHIN_MS, () => asker.latencies.length > asked);
    if (asker.latencies.length <= asked) {
      // Who waits so long waits for ever.
      asker.latencies.push(ANSWERED_WITHIN_MS);
      break;
    }
    await table.run(GAP_MS * (0.5 + draw(from)) + drawBelow(from, 50));
  }
  table.end();
  return asker.latencies;
}

const ANSWERED_WITHIN_MS = 60_000;

/** As fast as the ring takes it. */
async function decided(): Promise<Row> {
  const table = await linkedTable({ shape: "ring" });
  const asker = new Asker(table);
  asker.onAnswer = (kiosk) => asker.ask(kiosk);
  for (let each = 0; each < UNDER_WAY; each++) for (let kiosk = 0; kiosk < KIOSKS; kiosk++) asker.ask(kiosk);
  await table.run(LOAD_MS / 3);
  const before = asker.latencies.length;
  await table.run(LOAD_MS);
  const value = (asker.latencies.length - before) / (LOAD_MS / 1000);
  table.end();
  return {
    metric: "decided-ring",
    value,
    unit: "operations/s",
    baseline: DECIDED_TARGET,
    ratio: value / DECIDED_TARGET,
  };
}
