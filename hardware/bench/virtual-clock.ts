/** A clock that stands still until somebody waits, and then jumps from one moment in which something happens to the next: a
 * bench of virtual radios costs what its events cost, and one seed gives one result. */

import { type Millis, millis } from "../../protocol/core/units.ts";
import type { Clock } from "../virtual/fronts/clock.ts";

export interface VirtualClock extends Clock {
  readonly run: (ms: number, done: () => boolean, signal?: AbortSignal) => Promise<boolean>;
}

/** Events until the program's own loop gets a turn, so that Ctrl-C is heard. */
const YIELD_EVERY = 5000;
/** What is to be later is later, however small the difference: otherwise rounding may stop time. */
const STEP_MIN_MS = 1e-6;

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export function virtualClock(): VirtualClock {
  let now: Millis = millis(0);
  let events = 0;
  const timers = new Set<Timer>();
  /** Of the same moment, the one that was set first. */
  const earliest = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of timers) if (first === undefined || timer.at < first.at) first = timer;
    return first;
  };
  return {
    now: () => now,
    after(ms, run) {
      const timer = { at: ms <= 0 ? now : Math.max(now + ms, now + STEP_MIN_MS), run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async run(ms, done, signal) {
      const until = now + ms;
      for (;;) {
        // Promises that are kept meanwhile, as of a port that opened.
        await undefined;
        if (++events % YIELD_EVERY === 0) await new Promise<void>((resolve) => setImmediate(resolve));
        if (done()) return true;
        if (signal?.aborted === true) return false;
        const next = earliest();
        if (next === undefined || next.at > until) {
          now = millis(Math.max(now, until));
          return done();
        }
        timers.delete(next);
        now = millis(Math.max(now, next.at));
        next.run();
      }
    },
  };
}
