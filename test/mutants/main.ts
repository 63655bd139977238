/** `npm run -s mutants [-- --only NAME] [--json]`: plants one fault after another, and asks for each whether it is noticed. */
import type { Mutant } from "./mutant.ts";
import { orderOf, USAGE } from "./order.ts";
import { MUTANTS } from "./table/table.ts";
import { failureIn, type Trial, tried } from "./trial.ts";
import { type Workshop, workshop } from "./workshop.ts";

const names = MUTANTS.map(({ name }) => name);
const order = orderOf(process.argv.slice(2), names);
if (order === undefined) {
  process.stderr.write(`${USAGE}NAME is one of:\n  ${names.join("\n  ")}\n`);
  process.exitCode = 2;
} else {
  const { only, json, workers } = order;
  const chosen = MUTANTS.filter(({ name }) => only?.includes(name) ?? true);
  const shops = Array.from({ length: Math.min(workers, chosen.length) }, () => workshop());
  process.on("exit", () => {
    for (const shop of shops) shop.remove();
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
  process.exitCode = await tryAll(chosen, shops, json);
}

async function tryAll(mutants: readonly Mutant[], shops: readonly Workshop[], json: boolean): Promise<number> {
  const started = performance.now();
  const tests = mutants.map(({ by }) => by.file);
  // Who fails anyway has noticed nothing.
  const unsound = await failureIn(shops[0], [...new Set(tests)], false);
  if (unsound !== undefined) {
    process.stderr.write(`fails without any fault: ${unsound}\n`);
    return 1;
  }
  const width = Math.max(...mutants.map(({ name }) => name.length));
  // What is quick comes first.
  const queue = [...mutants].sort((left, right) => costOf(left) - costOf(right));
  const trials: Trial[] = [];
  const work = async (shop: Workshop): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const trial = await tried(shop, next);
      trials.push(trial);
      if (!json) process.stdout.write(lineOf(trial, width));
    }
  };
  await Promise.all(shops.map(work));
  const seconds = Math.round((performance.now() - started) / 1000);
  const count = (verdict: Trial["verdict"]): number => trials.filter((each) => each.verdict === verdict).length;
  const sum = { mutants: trials.length, killed: count("killed"), survived: count("survived"), broken: count("broken") };
  if (json) process.stdout.write(`${JSON.stringify({ ...sum, seconds, rows: rowsOf(mutants, trials) })}\n`);
  else {
    const { killed, survived, broken } = sum;
    process.stdout.write(`${killed} killed, ${survived} survived, ${broken} broken, in ${seconds} s\n`);
  }
  return sum.killed === sum.mutants ? 0 : 1;
}

function costOf({ seeds = 0 }: Mutant): number {
  return seeds;
}

function lineOf({ name, verdict, by, seconds }: Trial, width: number): string {
  return `${verdict.padEnd(9)} ${name.padEnd(width)} ${seconds.toFixed(1).padStart(5)} s  ${by}\n`;
}

/** In the order of the table. */
function rowsOf(mutants: readonly Mutant[], trials: readonly Trial[]) {
  return mutants.map(({ name, guard, file }) => ({ guard, file, ...trials.find((each) => each.name === name) }));
}
