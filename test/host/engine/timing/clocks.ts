/** A kiosk's clock at a table of four; times count from the last agreed one. */
import {
  type AgreedClock,
  agreedClock,
  decidedTime,
  estimate,
  heardClock,
  judgeTime,
  proposeTime,
  viewFailed,
} from "../../../../host/engine/timing/agreed-clock.ts";
import { AGREED_TIME_TOLERANCE_MS } from "../../../../host/engine/timing/limits.ts";
import { type AgreedMillis, agreedMillis, type Millis, memberIndex, millis } from "../../../../protocol/core/units.ts";

/** 2026-01-01, when the table last agreed on anything. */
export const LAST = agreedMillis(Date.UTC(2026, 0, 1));
export const HOUR = 3_600_000;
export const TOLERANCE = AGREED_TIME_TOLERANCE_MS;

export const at = (ms: number): Millis => millis(5_000 + ms);
export const time = (ms: number): AgreedMillis => agreedMillis(LAST + ms);

/** Of four, started at LAST + `wall`. */
export const started = (wall: number): AgreedClock => agreedClock(4, LAST, LAST + wall, at(0));
/** Boots in 1970: there is no clock, or its battery is empty. */
export const bootedIn1970 = (): AgreedClock => agreedClock(4, LAST, 12_000, at(0));

export const claim = (clock: AgreedClock, member: number, shown: number, ms: number): void =>
  heardClock(clock, memberIndex(member), LAST + shown, at(ms));
export const decide = (clock: AgreedClock, ms: number, now: number): void => decidedTime(clock, time(ms), at(now));
export const proposed = (clock: AgreedClock, previous: number, ms: number): number =>
  proposeTime(clock, time(previous), at(ms)) - LAST;
export const estimated = (clock: AgreedClock, ms: number): number => estimate(clock, at(ms)) - LAST;

/** So many views in a row. */
export const fail = (clock: AgreedClock, count: number, ms: number): void => {
  for (let i = 0; i < count; i++) viewFailed(clock, at(ms));
};

/** "ok" or why not. */
export function judged(clock: AgreedClock, of: number, previous: number, ms: number): string {
  const verdict = judgeTime(clock, time(of), time(previous), at(ms));
  return verdict.ok ? "ok" : verdict.why;
}
