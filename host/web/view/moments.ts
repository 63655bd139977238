/** From a kiosk's running clock, and from the table's agreed one, to the date that a page shows: in whole milliseconds, and the same
 * each time it is asked while nobody sets a clock. */
import type { AgreedMillis, Millis } from "../../../protocol/core/units.ts";
import { type AgreedClock, estimate } from "../../engine/timing/agreed-clock.ts";
import type { NodeClock } from "../../node/clock.ts";

export interface Moments {
  readonly now: () => number;
  /** Of a moment of the running clock. */
  readonly dateOf: (at: number) => number;
  readonly dateOfAgreed: (time: AgreedMillis, clock: AgreedClock) => number;
  /** When the thing of that name was first so; `is`: whether it still is. */
  readonly since: (name: string, is: boolean) => number;
}

/** What two clocks drift apart, and an estimate wavers, before a page is told of it. */
const WAVER_MS = 500;

export function moments(clock: NodeClock): Moments {
  let offset = clock.wallMs() - clock.now();
  const agreed = new Map<AgreedMillis, number>();
  const began = new Map<string, number>();
  const dateOf = (at: number): number => {
    const is = clock.wallMs() - clock.now();
    if (Math.abs(is - offset) > WAVER_MS) offset = is;
    return Math.max(0, Math.round(at + offset));
  };
  const now = (): number => dateOf(clock.now());
  return {
    now,
    dateOf,
    dateOfAgreed(time, of) {
      const date = Math.round(now() + time - agreedNow(of, clock.now()));
      const before = agreed.get(time);
      if (before !== undefined && Math.abs(date - before) <= WAVER_MS) return before;
      // One moment at a time is waited for.
      agreed.clear();
      agreed.set(time, date);
      return date;
    },
    since(name, is) {
      if (!is) began.delete(name);
      else if (!began.has(name)) began.set(name, now());
      return began.get(name) ?? now();
    },
  };
}

/** What the table's time is now. Where its members' clocks were in doubt it lies far from any date, and goes on from its last batch. */
function agreedNow(of: AgreedClock, at: Millis): number {
  const likely = estimate(of, at);
  return likely - of.last > APART_MS ? of.last + Math.max(0, at - of.learnedAt) : likely;
}

/** A table that waits for its players agrees on the time no more seldom than this while anything waits. */
const APART_MS = 120_000;
