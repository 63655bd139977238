/** `npm run -s simulate -- --scope table --seeds N [--seed S] [--json]`: whole tables from the dice down to the wires, one a seed. */
import { Worker } from "node:worker_threads";
import type { Order } from "../order.ts";
import { type TableWish, tablePlan } from "./plan.ts";
import { addTables, asJson, runTables, type TableSummary, tableSummary } from "./summary.ts";
import type { TableReport } from "./worker.ts";

const PROGRESS_MS = 30_000;

export async function simulateTables(order: Order): Promise<void> {
  const started = performance.now();
  let toldAt = started;
  const { first, seeds, workers } = order;
  const wish: TableWish = { n: order.wish.n, without: order.wish.without };
  let seen = 0;
  const onProgress = ({ seeds: done, violations, firstFailure }: TableSummary): void => {
    const now = performance.now();
    // What a night will end with is known as soon as it is there.
    if (violations > seen && firstFailure !== undefined && seen === 0) {
      process.stderr.write(failureText(firstFailure.seed, firstFailure, wish));
    }
    seen = violations;
    if (now - toldAt < PROGRESS_MS) return;
    toldAt = now;
    process.stderr.write(`${done} of ${seeds} seeds, ${violations} violations\n`);
  };
  const sum =
    workers === 1
      ? await runTables({ first, seeds, step: 1, wish }, onProgress)
      : await shared(order, wish, onProgress);
  sum.seconds = Math.round(performance.now() - started) / 1000;
  process.stdout.write(order.json ? `${asJson(sum)}\n` : text(sum));
  if (sum.firstFailure === undefined) return;
  process.exitCode = 1;
}

async function shared(
  { first, seeds, workers }: Order,
  wish: TableWish,
  onProgress: (sum: TableSummary) => void,
): Promise<TableSummary> {
  const latest: TableSummary[] = [];
  const whole = (): TableSummary => {
    const sum = tableSummary();
    for (const each of latest) if (each !== undefined) addTables(sum, each);
    return sum;
  };
  await Promise.all(
    Array.from({ length: workers }, (_, at) => {
      const workerData = { first: first + at, seeds: Math.max(0, seeds - at), step: workers, wish };
      const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData });
      return new Promise<void>((resolve, reject) => {
        worker.on("error", reject);
        worker.on("message", ({ done, sum }: TableReport) => {
          latest[at] = sum;
          onProgress(whole());
          if (done) resolve();
        });
      });
    }),
  );
  return whole();
}

function text(sum: TableSummary): string {
  const { faults, attackers, firstFailure, measures, ...numbers } = sum;
  const counts = (of: { [kind: string]: number }): string =>
    Object.entries(of)
      .map(([kind, times]) => `${kind} ${times}`)
      .join(", ");
  return [
    ...Object.entries(numbers).map(([name, value]) => `${name}: ${value}`),
    ...Object.entries(measures).map(
      ([name, of]) => `${name}: mean ${(of.sum / sum.seeds).toFixed(1)}, at most ${of.max.toFixed(1)}`,
    ),
    `faults: ${counts(faults)}`,
    `attackers: ${counts(attackers)}`,
    firstFailure === undefined ? "no violation" : `first failure: seed ${firstFailure.seed}, ${firstFailure.detail}`,
    "",
  ].join("\n");
}

function failureText(
  seed: number,
  { rule, detail, atMs }: { readonly rule: string; readonly detail: string; readonly atMs: number },
  wish: TableWish,
): string {
  const { n, boards, liars, mishaps } = tablePlan(seed, wish);
  const left = wish.without === undefined || wish.without.length === 0 ? "" : ` --without ${wish.without.join(",")}`;
  return [
    `seed ${seed}: ${rule}`,
    `  ${detail}`,
    `  at ${(atMs / 1000).toFixed(1)} s`,
    `  table of ${n}: ${boards.map((each) => `${each.length} ${each[0].name}`).join(", ")}`,
    `  liars: ${liars.length === 0 ? "none" : liars.map(({ kiosk, kind }) => `${kiosk} ${kind}`).join(", ")}`,
    `  happens: ${mishaps.map(({ kind, kiosk, at, lastsMs }) => `${kind} ${kiosk} at ${(at / 1000).toFixed(0)} s for ${(lastsMs / 1000).toFixed(0)}`).join(", ")}`,
    `  again: npm run -s simulate -- --scope table --seed ${seed}${left}`,
    "",
  ].join("\n");
}
