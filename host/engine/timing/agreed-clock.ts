/**
 * What time it is at the table. A Pi has no clock at boot, and one that it has may be wrong or be set while it runs; yet f
 * dishonest members must neither hold the table's time still nor carry it into the future, where every lock would be open
 * and from where it never returns.
 *
 * The estimate is the own clock. Where that is known to be bad, it is what goes on evenly from the last agreed time at boot, or
 * the median of the others' clocks if that is later. It never follows agreed time upward, for then each batch could be half
 * a minute above the last. A batch more than the tolerance from the estimate is not voted for; if a quorum decides it all the
 * same, an honest clock lies within the tolerance of it, and so far, no farther, the estimate is moved. So no f members make
 * agreed time run more than the tolerance ahead of the fastest clock that an honest member has or had.
 *
 * Where view after view fails, clocks may be why. The members are then in doubt for a while: they vote for times that seem
 * low, and propose no more than where the table's time has gone, then where it stood. It may be slow until enough clocks are
 * alike again; it is never stuck.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { TIME_MAX_MS } from "../../../protocol/core/limits.ts";
import {
  type AgreedMillis,
  agreedMillis,
  type MemberIndex,
  type Millis,
  millis,
} from "../../../protocol/core/units.ts";
import { quorum } from "../consensus/quorum.ts";
import { type ClockClaims, clockClaims, freshOffsets, heardClaim, medianOffset } from "./clock-claims.ts";
import {
  AGREED_TIME_TOLERANCE_MS,
  DOUBT_AFTER_COUNT,
  DOUBT_MS,
  LEFT_OUT_DOUBLINGS_MAX,
  LEFT_OUT_MS,
  STANDSTILL_AFTER_COUNT,
} from "./limits.ts";

/** Every clock in it is an offset: what it showed at moment zero of this process. */
export interface AgreedClock {
  now: Millis;
  /** Of the last batch that this kiosk knows of, and when it came to know. */
  last: AgreedMillis;
  learnedAt: Millis;
  /** Whether the table's time goes on from there: its members were together then, and have not lost each other since. */
  goesOn: boolean;
  wallMs: number;
  /** What is reckoned with where the own clock is not. */
  steadyMs: number;
  /** Since the last batch. */
  failedViews: number;
  doubtUntil: Millis;
  /** Until when at least the own clock is left out, where the table did not follow it; and how often that was. */
  leftOutUntil: Millis | undefined;
  leftOutCount: number;
  readonly claims: ClockClaims;
}

export type TimeVerdict =
  | { readonly ok: true }
  /** `from`: when it may be voted for, if nothing else happens before. */
  | { readonly ok: false; readonly why: "too far ahead"; readonly from: Millis }
  | { readonly ok: false; readonly why: "not above the last" | "too far behind" };

/** At boot: the own clock, or the last agreed time where that is later. */
export function agreedClock(memberCount: number, last: AgreedMillis, wallMs: number, at: Millis): AgreedClock {
  const clock: AgreedClock = {
    now: at,
    last,
    learnedAt: at,
    goesOn: false,
    wallMs: last - at,
    steadyMs: last - at,
    failedViews: 0,
    doubtUntil: at,
    leftOutUntil: undefined,
    leftOutCount: 0,
    claims: clockClaims(memberCount),
  };
  readWall(clock, wallMs, at);
  return clock;
}

/** The own clock, as often as it is looked at: it may have been set. */
export function readWall(clock: AgreedClock, wallMs: number, at: Millis): void {
  assert(Number.isFinite(wallMs), "a clock shows a number");
  begin(clock, at);
  clock.wallMs = wallMs - at;
}

/** A member's signed word about its own clock. */
export function heardClock(clock: AgreedClock, member: MemberIndex, shownMs: number, at: Millis): void {
  begin(clock, at);
  heardClaim(clock.claims, member, shownMs, at);
  if (clock.leftOutUntil !== undefined && at >= clock.leftOutUntil && agreesWithQuorum(clock, at)) {
    clock.leftOutUntil = undefined;
  }
}

/** A batch was decided that was proposed in this view: its time is about now. What has no time of its own has the last one's,
 * and says nothing but that views do not fail. */
export function decidedTime(clock: AgreedClock, time: AgreedMillis, at: Millis): void {
  begin(clock, at);
  if (time === clock.last) {
    clock.failedViews = 0;
    return;
  }
  learn(clock, time, at);
  clock.goesOn = true;
  const ceilingMs = time - at + (isInDoubt(clock, at) ? 0 : AGREED_TIME_TOLERANCE_MS);
  clock.steadyMs = Math.min(clock.steadyMs, ceilingMs);
  compareWall(clock, at);
}

/** A certified batch or checkpoint of the past, or a batch proposed again: nothing but that it was so late then. */
export function caughtUpTime(clock: AgreedClock, time: AgreedMillis, at: Millis): void {
  begin(clock, at);
  learn(clock, time, at);
  clock.goesOn = false;
}

/** The view changed, and not because its time was over. */
export function viewFailed(clock: AgreedClock, at: Millis): void {
  begin(clock, at);
  clock.failedViews += 1;
  if (clock.failedViews >= DOUBT_AFTER_COUNT) clock.doubtUntil = millis(at + DOUBT_MS);
  if (clock.failedViews >= STANDSTILL_AFTER_COUNT) clock.goesOn = false;
}

export function estimate(clock: AgreedClock, at: Millis): AgreedMillis {
  return whole(Math.max(clock.last, offsetOf(clock, at) + at));
}

/** What is said to the others: the own clock even while it is left out, for how else would they learn that it agrees with
 * theirs; and of a bad one the estimate, but never the table's own time, which would come back as a clock's. */
export function ownClaim(clock: AgreedClock, at: Millis): AgreedMillis {
  return whole((isBehind(clock) ? offsetOf(clock, at) : clock.wallMs) + at);
}

/** `previous` is the time of the batch before, decided or only proposed. A batch that a new view proposes again is not asked
 * about here. */
export function judgeTime(clock: AgreedClock, time: AgreedMillis, previous: AgreedMillis, at: Millis): TimeVerdict {
  assert(at >= clock.now, "time runs forward");
  if (time <= previous) return { ok: false, why: "not above the last" };
  const offsetMs = offsetOf(clock, at);
  if (time > offsetMs + at + AGREED_TIME_TOLERANCE_MS) {
    return { ok: false, why: "too far ahead", from: millis(time - AGREED_TIME_TOLERANCE_MS - offsetMs) };
  }
  if (time < leastOffset(clock, at) + at) return { ok: false, why: "too far behind" };
  return { ok: true };
}

/** For the next batch, after one with the time `previous`. */
export function proposeTime(clock: AgreedClock, previous: AgreedMillis, at: Millis): AgreedMillis {
  return whole(Math.max(previous + 1, proposalOffset(clock, at) + at));
}

/** When a batch proposed here would carry `time`: at once where the table's time stands still, for a batch sets it going. */
export function momentOf(clock: AgreedClock, time: AgreedMillis, at: Millis): Millis {
  const offsetMs = proposalOffset(clock, at);
  return offsetMs === NEVER ? at : millis(Math.max(at, Math.ceil(time - offsetMs)));
}

/** What the own clock showed is what goes on where it is not used any more. */
function begin(clock: AgreedClock, at: Millis): void {
  assert(at >= clock.now, "time runs forward");
  clock.now = at;
  if (usesWall(clock, at)) clock.steadyMs = clock.wallMs;
}

function learn(clock: AgreedClock, time: AgreedMillis, at: Millis): void {
  assert(time >= clock.last, "agreed time runs forward");
  clock.last = time;
  clock.learnedAt = at;
  clock.failedViews = 0;
  clock.steadyMs = Math.max(clock.steadyMs, floorMs(clock));
}

/** An own clock beyond the tolerance of what was decided is left out, longer each time that it happens again; one that the
 * table agrees with is used. */
function compareWall(clock: AgreedClock, at: Millis): void {
  if (isBehind(clock)) return;
  if (clock.wallMs > clock.last - clock.learnedAt + AGREED_TIME_TOLERANCE_MS) {
    if (clock.leftOutUntil !== undefined) return;
    clock.leftOutUntil = millis(at + LEFT_OUT_MS * 2 ** clock.leftOutCount);
    clock.leftOutCount = Math.min(LEFT_OUT_DOUBLINGS_MAX, clock.leftOutCount + 1);
  } else {
    clock.leftOutUntil = undefined;
    clock.leftOutCount = 0;
  }
}

/** The table can follow clocks that a quorum has alike, however far it is from them. */
function agreesWithQuorum(clock: AgreedClock, at: Millis): boolean {
  const least = clock.wallMs - AGREED_TIME_TOLERANCE_MS;
  const most = clock.wallMs + AGREED_TIME_TOLERANCE_MS;
  const alike = freshOffsets(clock.claims, at, least).filter((offsetMs) => offsetMs <= most);
  return alike.length + 1 >= quorum(clock.claims.length);
}

const NEVER = Number.NEGATIVE_INFINITY;

/** Some honest member that voted had a clock no slower than this, and time has gone on since. */
const floorMs = (clock: AgreedClock): number => clock.last - clock.learnedAt - AGREED_TIME_TOLERANCE_MS;

/** The table has gone past what the own clock shows, which is so known to be bad. */
const isBehind = (clock: AgreedClock): boolean => clock.wallMs < floorMs(clock);

const isInDoubt = (clock: AgreedClock, at: Millis): boolean =>
  at < clock.doubtUntil || clock.failedViews >= DOUBT_AFTER_COUNT;

const usesWall = (clock: AgreedClock, at: Millis): boolean =>
  clock.leftOutUntil === undefined && !isInDoubt(clock, at) && !isBehind(clock);

function offsetOf(clock: AgreedClock, at: Millis): number {
  if (usesWall(clock, at)) return clock.wallMs;
  const others = freshOffsets(clock.claims, at, floorMs(clock));
  return Math.max(clock.steadyMs, medianOffset(others, clock.claims.length) ?? NEVER);
}

/** A kiosk that booted without a clock knows how late it is at least, not how early: others may have booted after it. */
function leastOffset(clock: AgreedClock, at: Millis): number {
  if (usesWall(clock, at)) return clock.wallMs - AGREED_TIME_TOLERANCE_MS;
  return isInDoubt(clock, at) || !clock.goesOn ? NEVER : clock.steadyMs - AGREED_TIME_TOLERANCE_MS;
}

/** Who was wrong about the time, or does not know who was, goes by the table's. */
function proposalOffset(clock: AgreedClock, at: Millis): number {
  if (usesWall(clock, at)) return clock.wallMs;
  if (!clock.goesOn) return NEVER;
  const offsetMs = offsetOf(clock, at);
  const follows = isInDoubt(clock, at) || clock.leftOutUntil !== undefined;
  return follows ? Math.min(offsetMs, clock.last - clock.learnedAt) : offsetMs;
}

const whole = (timeMs: number): AgreedMillis => agreedMillis(Math.min(TIME_MAX_MS, Math.max(0, Math.floor(timeMs))));
