/** Where entries go. It never throws and never waits: what it cannot take is lost, and counted. */
import type { Entry } from "./entry.ts";

export interface Sink {
  write(entry: Entry): void;
  /** Everything that waits is written before this returns, as far as it can be: the process is about to end. */
  flushSync(): void;
  close(): Promise<void>;
  /** Lines, since the start. */
  readonly lost: () => number;
}

/** What a file or a reader is told when it takes lines again. */
export const lostEntry = (at: number, count: number): Entry => ({
  ...{ at, part: "kiosk", level: "warn", what: "log lines lost" },
  values: { count },
});
