/** The command line, as values. */
import { parseArgs } from "node:util";
import { wordsBy } from "../command-line.ts";

export interface Order {
  /** Names of faults; undefined for all. */
  readonly only: readonly string[] | undefined;
  readonly json: boolean;
  readonly workers: number;
}

export const USAGE = "usage: mutants [--only NAME[,NAME …]] [--json] [--workers 1|2]\n";

export function orderOf(words: readonly string[], known: readonly string[]): Order | undefined {
  const values = wordsBy(() => parse(words).values);
  if (values === undefined) return undefined;
  const only = values.only?.split(",");
  const workers = Number(values.workers);
  if (only?.some((name) => !known.includes(name)) || !(workers === 1 || workers === 2)) return undefined;
  return { only, json: values.json, workers };
}

function parse(words: readonly string[]) {
  return parseArgs({
    args: [...words],
    options: {
      only: { type: "string" },
      json: { type: "boolean", default: false },
      workers: { type: "string", default: "2" },
    },
  });
}
