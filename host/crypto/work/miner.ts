/** Looks for a proof with all the workers it is given, while the process that asked goes on: what it does between two chunks is
 * hand out the next. */
import { assert } from "../../../protocol/core/assert.ts";
import type { IdentityClaim } from "../../engine/identity/record.ts";
import {
  checkpointOf,
  claimOf,
  endChunk,
  loseChunk,
  progressOf,
  type Search,
  takeChunk,
} from "../../engine/identity/search.ts";
import { type WorkerOptions, workerProcess } from "./worker-process.ts";

export interface MinerOptions extends WorkerOptions {
  readonly workerCount: number;
  /** After each chunk. Whoever keeps the checkpoint can go on from it, with `resume`. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  /** Attempts since the search was begun for the first time. */
  readonly tried: number;
  /** The share of all searches that would be over by now. */
  readonly share: number;
  readonly checkpoint: Uint8Array;
}

export interface Miner {
  /** Undefined where it was stopped before, or no worker lives for long. */
  readonly found: Promise<IdentityClaim | undefined>;
  readonly checkpoint: () => Uint8Array;
  readonly stop: () => Promise<void>;
}

/** A worker that dies so often without having tried a chunk will not do better. */
const DEATHS_MAX = 3;

/** A search takes days, and what nobody else wants. */
const NICENESS = 19;

export function mine(of: Search, { workerCount, onProgress, niceness = NICENESS, ...options }: MinerOptions): Miner {
  assert(workerCount >= 1, "somebody looks");
  const workers = Array.from({ length: workerCount }, () => workerProcess({ ...options, niceness }));
  const closeAll = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.close()));
  };
  let isStopped = false;

  const work = async ({ ask }: (typeof workers)[number]): Promise<void> => {
    for (let deaths = 0; !isStopped && deaths < DEATHS_MAX; ) {
      const chunk = takeChunk(of);
      if (chunk === undefined) return;
      const done = await ask({ type: "try", wanted: of.wanted, chunk });
      if (done?.type !== "tried") {
        loseChunk(of, chunk);
        deaths += 1;
        continue;
      }
      deaths = 0;
      endChunk(of, chunk, done.foundNonce);
      onProgress?.({ tried: of.tried, share: progressOf(of), checkpoint: checkpointOf(of) });
      // The others look for nothing any more.
      if (of.foundNonce !== undefined) await closeAll();
    }
  };
  const found = Promise.all(workers.map(work))
    .finally(closeAll)
    .then(() => claimOf(of));
  return {
    found,
    checkpoint: () => checkpointOf(of),
    async stop() {
      isStopped = true;
      await closeAll();
    },
  };
}
