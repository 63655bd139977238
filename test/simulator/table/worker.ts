/** A thread of its own for a share of the seeds. */
import { parentPort, workerData } from "node:worker_threads";
import { runTables, type TableShare, type TableSummary } from "./summary.ts";

export interface TableReport {
  readonly done: boolean;
  readonly sum: TableSummary;
}

const sum = await runTables(workerData as TableShare, (now) => {
  parentPort?.postMessage({ done: false, sum: now } satisfies TableReport);
});
parentPort?.postMessage({ done: true, sum } satisfies TableReport);
