/** The command line of the simulator, as values. */
import { parseArgs } from "node:util";
import { natural, wordsBy } from "../command-line.ts";
import { ATTACKS, BAD_DISKS, DICE_ATTACKS, FAULTS } from "./kinds.ts";
import type { Wish } from "./plan.ts";
import { TABLE_ATTACKS, TABLE_FAULTS } from "./table/kinds.ts";

export interface Order {
  readonly scope: "engine" | "table";
  readonly first: number;
  readonly seeds: number;
  readonly wish: Wish;
  readonly json: boolean;
  readonly workers: number;
}

export const USAGE = `usage: simulate [--scope engine|table] [--app key-value|craps] [--seeds N] [--seed S]
                [--n 4..10] [--json] [--workers K] [--byzantine-extra F] [--without KIND,KIND]
                [--quiet-from-ms MS] [--submits-max N]
One seed is one whole table: --seed runs that one and tells what happened, --seeds so many from it on.
`;

const APPS: readonly string[] = ["key-value", "craps"];
const SEED_MAX = 2 ** 46;
const SEEDS_COUNT = 1000;

export function orderOf(words: readonly string[]): Order | undefined {
  const values = wordsBy(() => parse(words).values);
  if (values === undefined) return undefined;
  const { scope } = values;
  if ((scope !== "engine" && scope !== "table") || !APPS.includes(values.app)) return undefined;
  const first = natural(values.seed ?? values.first ?? "1", SEED_MAX);
  const seeds = natural(values.seeds ?? (values.seed === undefined ? String(SEEDS_COUNT) : "1"), SEED_MAX);
  const workers = natural(values.workers, 64);
  const n = values.n === undefined ? undefined : natural(values.n, 10);
  const extra = values["byzantine-extra"] === undefined ? undefined : natural(values["byzantine-extra"], 4);
  const quietFromMs = values["quiet-from-ms"] === undefined ? undefined : Number(values["quiet-from-ms"]);
  const submitsMax = values["submits-max"] === undefined ? undefined : natural(values["submits-max"], 10_000);
  const app = values.app === "craps" ? values.app : undefined;
  const without = values.without?.split(",").filter((kind) => kind !== "");
  const known: readonly string[] =
    scope === "table" ? [...TABLE_FAULTS, ...TABLE_ATTACKS] : [...FAULTS, ...ATTACKS, ...BAD_DISKS, ...DICE_ATTACKS];
  const wrong =
    first === undefined ||
    seeds === undefined ||
    workers === undefined ||
    workers === 0 ||
    (values.n !== undefined && (n === undefined || n < (scope === "table" ? 2 : 4))) ||
    (values["byzantine-extra"] !== undefined && extra === undefined) ||
    (quietFromMs !== undefined && !(quietFromMs >= 0)) ||
    (values["submits-max"] !== undefined && submitsMax === undefined) ||
    without?.some((kind) => !known.includes(kind)) === true;
  if (wrong) return undefined;
  return { scope, first, seeds, wish: { n, extra, without, quietFromMs, submitsMax, app }, json: values.json, workers };
}

function parse(words: readonly string[]) {
  const text = { type: "string" } as const;
  return parseArgs({
    args: [...words],
    options: {
      scope: { type: "string", default: "engine" },
      app: { type: "string", default: "key-value" },
      ...{ seeds: text, seed: text, first: text, n: text, without: text },
      workers: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      ...{ "byzantine-extra": text, "quiet-from-ms": text, "submits-max": text },
    },
  });
}
