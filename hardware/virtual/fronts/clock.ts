/** Time as the loops of this folder know it, so that a test may bring its own. */
import { type Millis, millis } from "../../../protocol/core/units.ts";

export interface Clock {
  readonly now: () => Millis;
  /** Answers how to call it off. */
  readonly after: (ms: number, run: () => void) => () => void;
}

export const realClock: Clock = Object.freeze({
  now: () => millis(performance.now()),
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});
