/** The command line of the explorer, as values. */
import { parseArgs } from "node:util";
import { natural, wordsBy } from "../command-line.ts";
import type { Setting } from "./setting.ts";

export interface Order {
  readonly settings: readonly Setting[];
  /** In a setting of one sequence. */
  readonly statesMax: number;
  readonly depthMax: number;
  readonly json: boolean;
  /** A folder like `build`, whose engine is explored instead of the one of the sources. */
  readonly build: string | undefined;
}

export const USAGE = `usage: model [--states N] [--depth D] [--json] [--byzantine 0|1|2] [--fast-path on|off] [--sequences 1|2]
             [--engine BUILD]
Explores at most N states of each setting, and no more than D steps far; a quarter of N where two sequences are contested,
which costs several times as much a state. BUILD is a folder like build, with another engine in it.
`;

/** Of one setting: beyond it the tables of states do not fit into memory. */
const STATES_MAX = 20_000_000;
const STATES_COUNT = "200000";
const DEPTH_MAX = 1_000;

/** Who of the members is the attacker, whether all votes together decide, and for how many sequences it lies. */
export const SETTINGS: readonly Setting[] = ([1, 2] as const).flatMap((sequences) =>
  ([0, 1, 2] as const).flatMap((byzantine) =>
    [false, true].map((fastPath): Setting => ({ byzantine, fastPath, sequences })),
  ),
);

export const statesMaxOf = ({ statesMax }: Order, { sequences }: Setting): number =>
  sequences === 1 ? statesMax : Math.ceil(statesMax / 4);

export function orderOf(words: readonly string[]): Order | undefined {
  const values = wordsBy(() => parse(words).values);
  if (values === undefined) return undefined;
  const statesMax = natural(values.states, STATES_MAX) || undefined;
  const depthMax = natural(values.depth, DEPTH_MAX) || undefined;
  const { byzantine, sequences } = values;
  const fastPath = values["fast-path"];
  const settings = SETTINGS.filter(
    (each) =>
      (byzantine === undefined || byzantine === `${each.byzantine}`) &&
      (fastPath === undefined || fastPath === (each.fastPath ? "on" : "off")) &&
      (sequences === undefined || sequences === `${each.sequences}`),
  );
  if (statesMax === undefined || depthMax === undefined || settings.length === 0) return undefined;
  return { settings, statesMax, depthMax, json: values.json, build: values.engine };
}

function parse(words: readonly string[]) {
  const text = { type: "string" } as const;
  return parseArgs({
    args: [...words],
    options: {
      states: { type: "string", default: STATES_COUNT },
      depth: { type: "string", default: `${DEPTH_MAX}` },
      json: { type: "boolean", default: false },
      ...{ byzantine: text, "fast-path": text, sequences: text, engine: text },
    },
  });
}
