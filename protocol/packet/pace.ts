/** Values handed to the stack: never more in one connection interval than its queue takes, because it drops the rest
 * without a word. */
import { assert } from "../core/assert.ts";
import { AIR_WINDOW_MAX } from "../core/limits.ts";
import type { Millis } from "../core/units.ts";

export interface Pace {
  /** When the last values left, as many as the stack queues; `oldest` is the next to be overwritten. */
  readonly times: number[];
  oldest: number;
}

export function pace(stackQueue: number): Pace {
  assert(stackQueue >= 1 && stackQueue <= AIR_WINDOW_MAX, "a stack queues something");
  return { times: new Array<number>(stackQueue).fill(Number.NEGATIVE_INFINITY), oldest: 0 };
}

export const roomAt = (state: Pace, intervalMs: number): number => state.times[state.oldest] + intervalMs;

export const lastAt = (state: Pace): number =>
  state.times[(state.oldest + state.times.length - 1) % state.times.length];

export function leave(state: Pace, now: Millis): void {
  state.times[state.oldest] = now;
  state.oldest = (state.oldest + 1) % state.times.length;
}
