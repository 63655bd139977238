/** A bench of virtual radios in virtual time, for tests: a map, a plan, and ports that write down what was asked of them. */
import type { BenchPlace } from "../../../hardware/bench/bench-radio.ts";
import type { Ran } from "../../../hardware/bench/hands.ts";
import { type HardwareMap, parseHardwareMap } from "../../../hardware/bench/hardware-map.ts";
import { type PlaceOptions, placeOf } from "../../../hardware/bench/places.ts";
import { type Plan, parsePlan } from "../../../hardware/bench/plan.ts";
import type { BenchRecord, PointRecord } from "../../../hardware/bench/record.ts";
import { type BenchOptions, type BenchPorts, runBench } from "../../../hardware/bench/run-bench.ts";
import type { BenchResult } from "../../../hardware/bench/verdict.ts";
import { nearest } from "../../../host/cli/nearest.ts";

export type RadioWords = { readonly [key: string]: unknown };

export const server = (name: string, board: string, over: RadioWords = {}): RadioWords => ({
  ...{ name, device: `virtual:${name}`, board, role: "server", group: "pair", ...over },
});
export const client = (name: string, board: string, over: RadioWords = {}): RadioWords => ({
  ...{ name, device: `virtual:${name}`, board, role: "client", group: "pair", ...over },
});

export function mapOf(radios: readonly RadioWords[]): HardwareMap {
  const parsed = parseHardwareMap("map.json", JSON.stringify({ version: 1, radios }), nearest);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.value;
}

export function planOf(over: RadioWords = {}): Plan {
  const short = { version: 1, payloads: [100], settleMs: 500, measureMs: 2000 };
  const parsed = parsePlan("plan.json", JSON.stringify({ ...short, ...over }), nearest);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.value;
}

export interface Rig {
  readonly map: HardwareMap;
  readonly place: BenchPlace;
  readonly said: string[];
  readonly asked: string[];
  readonly ran: (readonly string[])[];
  readonly shown: string[];
  readonly abort: AbortController;
  /** What a person answers, and what a program does. */
  answer: (question: string) => string | undefined | Promise<string | undefined>;
  program: (argv: readonly string[]) => Ran;
  readonly ports: BenchPorts;
}

export function rig(
  radios: readonly RadioWords[],
  options: PlaceOptions = {},
  wrap = (place: BenchPlace) => place,
): Rig {
  const map = mapOf(radios);
  const place = wrap(placeOf(map, options));
  const abort = new AbortController();
  const made: Rig = {
    ...{ map, place, abort, said: [], asked: [], ran: [], shown: [] },
    answer: () => "",
    program: () => ({ ok: true }),
    ports: {
      place,
      async ask(question) {
        made.asked.push(question);
        return made.answer(question);
      },
      async run(argv) {
        made.ran.push(argv);
        return made.program(argv);
      },
      signal: abort.signal,
      progress: (what, done, total) => made.shown.push(`${what} ${done}/${total}`),
      say: (line) => made.said.push(line),
      suggest: nearest,
      startedAt: "2026-01-02T03:04:05.000Z",
    },
  };
  return made;
}

export const bench = (of: Rig, plan: Plan, options: BenchOptions = {}): Promise<BenchResult> =>
  runBench(of.map, plan, of.ports, options);

/** Of a bench that is expected to leave one. */
export async function recordOf(of: Rig, plan: Plan, options: BenchOptions = {}): Promise<BenchRecord> {
  const result = await bench(of, plan, options);
  if (!("record" in result)) throw new Error(`${result.code}: ${result.why}`);
  return result.record;
}

export function figure({ id, status, why, measurements }: PointRecord, name: string): number {
  const found = measurements.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${id} is ${status} (${why}) and has no ${name}`);
  return found.value;
}

/** Something happens in the middle of waiting, once. */
export function happensAt(place: BenchPlace, when: () => boolean, act: () => void): BenchPlace {
  let isOver = false;
  const look = (): void => {
    if (isOver || !when()) return;
    isOver = true;
    act();
  };
  return {
    ...place,
    wait: (ms, done, signal) =>
      place.wait(
        ms,
        () => {
          look();
          return done();
        },
        signal,
      ),
  };
}
