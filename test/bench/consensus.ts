/**
 * Operations a second with all kiosks of a table on one core: real signatures, real journals, every message encoded and
 * decoded. The ratio is the share of what would be possible if nothing took time but the signatures that agreement needs, at
 * what they cost in the same run.
 */
import type { Options } from "../../host/engine/consensus/options.ts";
import type { Row } from "./bench.ts";
import { PLAIN, TUNED } from "./consensus-load.ts";
import { neededMs, since } from "./consensus-needed.ts";
import { during, type Household, household, leave } from "./consensus-process.ts";

const SIGNED_SIZE = 200;
/** Requests under way: in all, so that no window is ever empty; and of each kiosk, all that it may have. */
const ONES_UNDER_WAY = 32;
const UNDER_WAY_MAX = 64;
const TIMES = { warmUpMs: 1_500, ms: 6_000 };

export interface Case {
  readonly name: string;
  readonly memberCount: number;
  readonly options: Options;
}

export const CASES: readonly Case[] = [4, 7, 10].flatMap((memberCount) => [
  { name: `n${memberCount}-batch1`, memberCount, options: { ...TUNED, batchLengthMax: 1 } },
  { name: `n${memberCount}-batch50`, memberCount, options: TUNED },
  { name: `n${memberCount}-plain`, memberCount, options: PLAIN },
]);

export async function bench(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const each of CASES) {
    const { perSecond, limit } = await measured(each);
    rows.push({ metric: each.name, value: perSecond, unit: "op/s", baseline: limit, ratio: perSecond / limit });
  }
  return rows;
}

export interface Measured {
  /** Operations; and how many there would be if nothing took time but the signatures that they need. */
  readonly perSecond: number;
  readonly limit: number;
  /** Of the time: what all signatures took, needed or not. */
  readonly signatureShare: number;
  /** Since the beginning: a machine that is busy with other things makes members impatient. */
  readonly views: number;
  /** For one operation, of the whole table. */
  readonly signs: number;
  readonly verifies: number;
  readonly packets: number;
  readonly flushes: number;
  readonly records: number;
  readonly batchLength: number;
  readonly verifyMs: number;
}

const underWay = (memberCount: number, { batchLengthMax }: Options): number =>
  batchLengthMax === 1 ? Math.ceil(ONES_UNDER_WAY / memberCount) : UNDER_WAY_MAX;

export async function measured({ memberCount, options }: Omit<Case, "name">, times = TIMES): Promise<Measured> {
  const load = { signedSize: SIGNED_SIZE, underWay: underWay(memberCount, options) };
  const of = await household({ memberCount, options, ...load });
  try {
    await during(of, times.warmUpMs);
    const before = { ...of, cost: { ...of.cost }, ...journalled(of), at: performance.now() };
    await during(of, times.ms);
    const spentMs = performance.now() - before.at;
    const cost = since(of.cost, before.cost);
    const executed = of.executed - before.executed;
    const journals = journalled(of);
    return {
      perSecond: (executed * 1000) / spentMs,
      limit: (options.batchLengthMax * 1000) / neededMs(cost, memberCount, options.batchLengthMax),
      signatureShare: (cost.signMs + cost.verifyMs) / spentMs,
      views: Math.max(...of.nodes.map(({ replica }) => replica.view)),
      signs: cost.signs / executed,
      verifies: cost.verifies / executed,
      packets: (of.packets - before.packets) / executed,
      flushes: (journals.flushes - before.flushes) / executed,
      records: (journals.records - before.records) / executed,
      batchLength: executed / (of.sequences - before.sequences),
      verifyMs: cost.verifyMs / cost.verifies,
    };
  } finally {
    await leave(of);
  }
}

function journalled({ nodes }: Household): { readonly flushes: number; readonly records: number } {
  let [flushes, records] = [0, 0];
  for (const { tally } of nodes) {
    flushes += tally.flushes;
    records += tally.records;
  }
  return { flushes, records };
}
