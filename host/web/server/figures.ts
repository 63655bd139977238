/** What a kiosk counts of itself beside its view. All counts begin with its process and only rise. */
import type { Histogram } from "./histogram.ts";

export interface Figures {
  /** Sequences that were agreed on and executed here. */
  readonly rounds: number;
  /** What was in them, and how many requests one may hold. */
  readonly requests: number;
  readonly batches: number;
  readonly batchLengthMax: number;
  /** From an own request to its answer, in seconds. */
  readonly latency: Histogram;
  /** To neighbours and back, in seconds. */
  readonly roundTrip: Histogram;
  /** Bytes that its journal, history and logs have written. */
  readonly writtenBytes: number;
  /** Flushes of its disk. */
  readonly flushes: number;
}
