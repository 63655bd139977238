/** Time as a kiosk's process knows it: one clock that only runs, and one that tells the date and may be set. */
import { type Millis, millis } from "../../protocol/core/units.ts";

export interface NodeClock {
  readonly now: () => Millis;
  /** Milliseconds since 1970, as far as this machine knows. */
  readonly wallMs: () => number;
  /** Answers how to call it off. */
  readonly after: (ms: number, run: () => void) => () => void;
}

export const nodeClock: NodeClock = Object.freeze({
  now: () => millis(performance.now()),
  wallMs: () => Date.now(),
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});
