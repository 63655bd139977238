/** What time it is at the table, as one replica reckons it: what batches carry, when the primary hands over, and when the
 * application waits for a moment. */
import { type AgreedMillis, agreedMillis, memberIndex, millis } from "../../../protocol/core/units.ts";
import {
  caughtUpTime,
  decidedTime,
  heardClock,
  judgeTime,
  momentOf,
  ownClaim,
  proposeTime,
  readWall,
} from "../timing/agreed-clock.ts";
import { AGREED_TIME_TOLERANCE_MS } from "../timing/limits.ts";
import { EARLY_ROTATIONS_COUNT } from "./limits.ts";
import type { Replica } from "./state.ts";

export const clockRead = (of: Replica<unknown>, wallMs: number): void => readWall(of.timing.clock, wallMs, of.now);
export const clockHeard = (of: Replica<unknown>, member: number, shownMs: number): void =>
  heardClock(of.timing.clock, memberIndex(member), shownMs, of.now);
export const clockSaid = (of: Replica<unknown>): AgreedMillis => ownClaim(of.timing.clock, of.now);
/** What is too far ahead may be voted for when its time has come. */
export function timeAcceptable(of: Replica<unknown>, time: number, last: number): boolean {
  const verdict = judgeTime(of.timing.clock, agreedMillis(time), agreedMillis(last), of.now);
  if (!verdict.ok && verdict.why === "too far ahead") of.timing.timeAt = millis(Math.max(verdict.from, of.now + 1));
  return verdict.ok;
}

export const batchTime = (of: Replica<unknown>, last: number): AgreedMillis =>
  proposeTime(of.timing.clock, agreedMillis(last), of.now);

/** Of the last batch executed. */
export function timeAgreed(of: Replica<unknown>): void {
  decidedTime(of.timing.clock, timeReached(of), of.now);
}

export function timeCaughtUp(of: Replica<unknown>): void {
  caughtUpTime(of.timing.clock, timeReached(of), of.now);
}

/** Whoever goes back to an agreed state has heard of later times, and those stay agreed. */
const timeReached = (of: Replica<unknown>): AgreedMillis => agreedMillis(Math.max(of.state.time, of.timing.clock.last));

/** §8 how long until the primary hands over, by agreed time; undefined of a table at which nothing happened since the last
 * time, for a hand-over is traffic. Whoever wants another view is out of this one until then, also at a silent table. */
export function rotationInMs(of: Replica<unknown>): number | undefined {
  const { table, sequence, time } = of.state;
  const { header } = of.stable;
  if (table.rotated === 0) return undefined;
  const turnMs = isWished(of) ? rotateEarliestMs(of) : of.options.profile.rotateMs;
  if (!isWished(of) && sequence === header.sequence && header.barrier === 1) return undefined;
  return turnMs - (batchTime(of, time) - table.rotated);
}

/** A turn lasts at least so long, whatever anybody wishes; and no view is left by plan before it could have failed. */
export function rotateEarliestMs({ options }: Replica<unknown>): number {
  const { rotateMs, timeoutMaxMs } = options.profile;
  return Math.max(Math.ceil(rotateMs / EARLY_ROTATIONS_COUNT), Math.min(rotateMs, timeoutMaxMs));
}

/** Somebody wants a higher view, and is out of this one. */
export const isWished = (of: Replica<unknown>): boolean =>
  of.viewChanges.some((held, member) => member !== of.me && held !== undefined && held.change.view > of.view);

/** The application waits for a moment that has come. */
export function tickDue(of: Replica<unknown>): boolean {
  const at = tickAt(of);
  return at !== undefined && of.now >= at;
}

export function tickAt(of: Replica<unknown>): number | undefined {
  if (of.machineDue === undefined) return undefined;
  const moment = momentOf(of.timing.clock, agreedMillis(of.machineDue), of.now);
  return Math.max(moment, of.timing.progressAt + of.options.profile.tickMs);
}

/** By the table's own time, and with all the tolerance that a primary's clock has: a slow clock is no silence. */
export function tickMissedAt(of: Replica<unknown>): number {
  const { last, learnedAt } = of.timing.clock;
  if (of.machineDue === undefined) return Number.POSITIVE_INFINITY;
  return learnedAt + (of.machineDue - last) + AGREED_TIME_TOLERANCE_MS;
}
