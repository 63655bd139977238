/** A thread of its own for a share of the seeds. */
import { parentPort, workerData } from "node:worker_threads";
import { runSeeds, type Share } from "./seeds.ts";

const REPORT_COUNT = 20;

export interface Report {
  readonly done: boolean;
  readonly sum: ReturnType<typeof runSeeds>;
}

const share = workerData as Share;
const sum = runSeeds(share, (now) => {
  if (now.seeds % REPORT_COUNT === 0) parentPort?.postMessage({ done: false, sum: now } satisfies Report);
});
parentPort?.postMessage({ done: true, sum } satisfies Report);
