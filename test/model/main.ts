/**
 * `npm run -s model -- [--states N] [--depth D] [--json]`: every state that tables of four with one liar can come to, as far
 * as the bounds. It ends with 1 where something that must hold does not, and tells the way there.
 */
import { getHeapStatistics } from "node:v8";
import { type Engine, engine, engineIn } from "./engine.ts";
import { explore, type Outcome } from "./explore.ts";
import { type Beginning, modelOf } from "./locals.ts";
import { type Order, orderOf, statesMaxOf, USAGE } from "./order.ts";
import { type Setting, settingText, tableOf } from "./setting.ts";
import { type Tally, tally } from "./tally.ts";
import { violationText } from "./tell.ts";

const PROGRESS_MS = 10_000;
/** Of all of the process. */
const MEMORY_SIZE_MAX = 5.5e9;

interface Row extends Setting, Omit<Outcome, "violation" | "steps" | "locals">, Tally {
  readonly name: string;
  readonly engineSteps: number;
  readonly memberStates: number;
  readonly seconds: number;
  readonly memoryMb: number;
  /** There was no more memory, so it ended before its bounds. */
  readonly cutShort: boolean;
  readonly violation: string | undefined;
}

const order = orderOf(process.argv.slice(2));
if (order === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  run(order, order.build === undefined ? engine : await engineIn(order.build));
}

function run(of: Order, explored: Engine): void {
  const rows: Row[] = [];
  if (!of.json) process.stdout.write(`${head()}\n`);
  for (const setting of of.settings) {
    const row = exploreOne(of, setting, explored);
    rows.push(row);
    if (!of.json) process.stdout.write(`${lineOf(row)}\n`);
    if (row.violation !== undefined) process.stderr.write(row.violation);
  }
  const states = sum(rows.map((row) => row.states));
  const violations = rows.filter((row) => row.violation !== undefined).length;
  const seconds = Math.round(sum(rows.map((row) => row.seconds)));
  const all = { states, violations, seconds, settings: rows };
  process.stdout.write(
    of.json ? `${JSON.stringify(all)}\n` : `${states} distinct states, ${violations} violations, ${seconds} s\n`,
  );
  process.exitCode = violations === 0 ? 0 : 1;
}

function exploreOne(of: Order, setting: Setting, explored: Engine): Row {
  const started = performance.now();
  let toldAt = started;
  let cutShort = false;
  const beginning: Beginning = modelOf(tableOf(setting, explored));
  const { counts, onState } = tally(beginning.model);
  const outcome = explore(beginning, {
    ...{ statesMax: statesMaxOf(of, setting), depthMax: of.depthMax, onState },
    goesOn: (states, depth) => {
      if (performance.now() - toldAt > PROGRESS_MS) {
        toldAt = performance.now();
        process.stderr.write(`${settingText(setting)}: ${states} states, all of depth ${depth}\n`);
      }
      cutShort = isMemoryFull();
      return !cutShort;
    },
  });
  const { violation, steps, locals, ...rest } = outcome;
  return {
    name: settingText(setting),
    ...setting,
    ...rest,
    ...counts,
    ...{ engineSteps: steps, memberStates: locals, cutShort },
    seconds: Math.round((performance.now() - started) / 100) / 10,
    memoryMb: Math.round(process.memoryUsage().rss / 1e6),
    violation: violation === undefined ? undefined : violationText(violation),
  };
}

function isMemoryFull(): boolean {
  const { rss, heapUsed } = process.memoryUsage();
  return rss > MEMORY_SIZE_MAX || heapUsed > 0.85 * getHeapStatistics().heap_size_limit;
}

function head(): string {
  const names = ["states", "depth", "in view 1", "decided there", "engine steps", "s", "MB"];
  return ["setting".padEnd(52), ...names.map(cell)].join("  ");
}

function lineOf(row: Row): string {
  const depth = row.exhausted ? `${row.depth} (all)` : `${row.depth}`;
  const figures = [row.states, depth, row.inView1, row.decidedInView1, row.engineSteps, row.seconds, row.memoryMb];
  const line = [row.name.padEnd(52), ...figures.map(cell)].join("  ");
  return row.cutShort ? `${line}  no more memory` : line;
}

function cell(value: string | number): string {
  return `${value}`.padStart(13);
}

function sum(of: readonly number[]): number {
  return of.reduce((left, right) => left + right, 0);
}
