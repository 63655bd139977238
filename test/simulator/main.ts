/** `npm run -s simulate -- --scope engine|table --seeds N [--seed S] [--json]`: whole tables in virtual time, one a seed; of the
 * engine alone, or with all that is below it. */
import { Worker } from "node:worker_threads";
import { type Order, orderOf, USAGE } from "./order.ts";
import { failureText } from "./report.ts";
import { runSeeds } from "./seeds.ts";
import { add, type Summary, summary } from "./summary.ts";
import { simulateTables } from "./table/simulate.ts";
import type { Report } from "./worker.ts";

const PROGRESS_MS = 10_000;

const order = orderOf(process.argv.slice(2));
if (order === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else if (order.scope === "table") {
  await simulateTables(order);
} else {
  await simulate(order);
}

async function simulate(order: Order): Promise<void> {
  const started = performance.now();
  let toldAt = started;
  const onProgress = (seeds: number, violations: number): void => {
    const now = performance.now();
    if (now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    const rate = (seeds / (now - started)) * 1000;
    process.stderr.write(`${seeds} of ${order.seeds} seeds, ${rate.toFixed(0)} a second, ${violations} violations\n`);
  };
  const sum =
    order.workers === 1
      ? runSeeds({ ...order, step: 1 }, (now) => onProgress(now.seeds, now.violations))
      : await shared(order, onProgress);
  sum.seconds = Math.round(performance.now() - started) / 1000;
  process.stdout.write(order.json ? `${JSON.stringify(sum)}\n` : text(sum));
  if (sum.firstFailure === undefined) return;
  process.stderr.write(failureText(sum.firstFailure.seed, order.wish));
  process.exitCode = 1;
}

async function shared(order: Order, onProgress: (seeds: number, violations: number) => void): Promise<Summary> {
  const latest: Summary[] = [];
  await Promise.all(
    Array.from({ length: order.workers }, (_, at) => {
      const { first, seeds, wish, workers } = order;
      const workerData = { first: first + at, seeds: Math.max(0, seeds - at), step: workers, wish };
      const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData });
      return new Promise<void>((resolve, reject) => {
        worker.on("error", reject);
        worker.on("message", ({ done, sum }: Report) => {
          latest[at] = sum;
          let all = 0;
          let violations = 0;
          for (const each of latest) {
            all += each?.seeds ?? 0;
            violations += each?.violations ?? 0;
          }
          onProgress(all, violations);
          if (done) resolve();
        });
      });
    }),
  );
  const sum = summary();
  for (const each of latest) add(sum, each);
  return sum;
}

function text(sum: Summary): string {
  const { faults, attackers, firstFailure, ...numbers } = sum;
  const counts = (of: { [kind: string]: number }): string =>
    Object.entries(of)
      .map(([kind, times]) => `${kind} ${times}`)
      .join(", ");
  return [
    ...Object.entries(numbers).map(([name, value]) => `${name}: ${value}`),
    `faults: ${counts(faults)}`,
    `attackers: ${counts(attackers)}`,
    firstFailure === undefined ? "no violation" : `first failure: seed ${firstFailure.seed}, ${firstFailure.detail}`,
    "",
  ].join("\n");
}
