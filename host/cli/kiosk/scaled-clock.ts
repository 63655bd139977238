/** A clock that runs so many times as fast as the one on the wall: all that waits by it waits the shorter. */
import { millis } from "../../../protocol/core/units.ts";
import { type NodeClock, nodeClock } from "../../node/clock.ts";

export const SPEED_MIN = 0.1;
export const SPEED_MAX = 100;

/** `beganAt`: the date at which all clocks of a table showed the same, of processes that began at different times as well. */
export function scaledClock(speed: number, beganAt: number): NodeClock {
  if (speed === 1) return nodeClock;
  const began = nodeClock.now();
  return {
    now: () => millis(began + speed * (nodeClock.now() - began)),
    wallMs: () => beganAt + speed * (nodeClock.wallMs() - beganAt),
    after: (ms, run) => nodeClock.after(ms / speed, run),
  };
}
