/** When a replica acts without being told anything: its deadlines, all in one place, and what shortens or lengthens them. */
import { type Millis, millis } from "../../../protocol/core/units.ts";
import { adaptiveTimeout, beganView, measuredLatency, timeoutMs, usualMs } from "../timing/adaptive.ts";
import { viewFailed } from "../timing/agreed-clock.ts";
import { backedOffMs, backOff, failed, succeeded } from "../timing/back-off.ts";
import { atInterval, type Profile } from "../timing/profiles.ts";
import { DUE_AGAIN_MS, FAST_MISSES_MAX, FAST_RETRY_SEQUENCES, IDLE_STATUS_MS, STATUS_DOUBLINGS_MAX } from "./limits.ts";
import { isPrimary } from "./quorums.ts";
import { canSign, canVote, mayPropose } from "./standing.ts";
import type { Pending, Pool, Replica } from "./state.ts";
import { rotationInMs, tickAt, tickMissedAt } from "./table-time.ts";

const profileOf = (of: Replica<unknown>): Profile => of.timing.profile;

/** How often the links of the table speak that speak most seldom. */
export function paceAt(of: Replica<unknown>, intervalMs: number): void {
  of.timing.profile = atInterval(of.options.profile, intervalMs);
}
const after = (of: Replica<unknown>, ms: number): Millis => millis(of.now + ms);

/** What was said and not answered is said again after this. Where decisions take longer it is on its way and not lost: who asked
 * again sooner would have everybody answer him, and answers fill the links that were too slow. */
export function repeatMs(of: Replica<unknown>): number {
  const { adaptive, patience } = of.timing;
  const { statusMs } = profileOf(of);
  const most = backedOffMs(timeoutMs(adaptive, profileOf(of)), patience.doublings) / 2;
  return Math.max(statusMs, Math.min(most, usualMs(adaptive) ?? 0));
}

/** What was due and could not be done is done with the next event that allows it. */
export function passDeadlines(of: Replica<unknown>): void {
  const { timing } = of;
  if (timing.timeAt !== undefined && of.now >= timing.timeAt) timing.timeAt = undefined;
  if (timing.batchAt !== undefined && of.now >= timing.batchAt) {
    timing.batchAt = undefined;
    timing.flush = true;
  }
}

export function dropDeadlines(of: Replica<unknown>, executedBefore: number): void {
  const { timing } = of;
  if (of.known === of.executed) timing.openAt = undefined;
  else if (timing.openAt === undefined || of.executed > executedBefore || timing.enteredAt > timing.openAt)
    timing.openAt = of.now;
  if (timing.commitAt !== undefined && of.now >= timing.commitAt) timing.commitAt = undefined;
  if (timing.checkpointAt !== undefined && of.now >= timing.checkpointAt) timing.checkpointAt = undefined;
  const soon = after(of, repeatMs(of));
  if (timing.attempt === 0 && timing.statusAt > soon && waits(of)) timing.statusAt = soon;
}

// --- saying ---

export function flushDue(of: Replica<unknown>): boolean {
  const { timing } = of;
  if (!timing.flush) timing.batchAt ??= after(of, profileOf(of).batchMs);
  return timing.flush;
}

const fastPathOn = (of: Replica<unknown>): boolean =>
  of.options.fastPath &&
  (of.timing.misses < FAST_MISSES_MAX || of.executed >= of.timing.givenUpAt + FAST_RETRY_SEQUENCES);

/** A commit waits for the votes of all, where they can be expected; otherwise it leaves at once. */
export function commitSoon(of: Replica<unknown>): void {
  if (!fastPathOn(of)) of.unsaid = true;
  else of.timing.commitAt ??= after(of, profileOf(of).fastPathMs);
}

export function checkpointSoon(of: Replica<unknown>): void {
  // It rides on the next ballot; an idle table says it by itself.
  of.timing.checkpointAt ??= after(of, repeatMs(of));
}

export function ballotDue(of: Replica<unknown>): boolean {
  const { commitAt, checkpointAt } = of.timing;
  if (commitAt !== undefined && of.now >= commitAt && of.own.committed > of.said.committed) {
    if (of.own.committed > of.decided) missed(of);
    return true;
  }
  return checkpointAt !== undefined && of.now >= checkpointAt;
}

export function saidBallot(of: Replica<unknown>): void {
  of.timing.commitAt = undefined;
  of.timing.checkpointAt = undefined;
  of.timing.batchAt = undefined;
  of.timing.flush = false;
}

function missed(of: Replica<unknown>): void {
  of.timing.misses += 1;
  of.timing.givenUpAt = of.executed;
}

/** §4.2 a decision by all of them at once brings the fast path back. */
export function decidedNow(of: Replica<unknown>, unanimous: boolean): void {
  if (unanimous) of.timing.misses = 0;
  if (of.timing.commitAt !== undefined && of.own.committed <= of.decided) of.timing.commitAt = undefined;
  of.timing.attempt = 0;
  // Something may still be missing at others.
  of.timing.statusAt = after(of, profileOf(of).settledMs);
  succeeded(of.timing.patience);
}

// --- patience ---

export function executedBatch(of: Replica<unknown>, since: Millis | undefined): void {
  of.timing.progressAt = of.now;
  // What outlived a view is no measure of this one.
  if (since === undefined || since < of.timing.enteredAt) return;
  measuredLatency(of.timing.adaptive, profileOf(of), of.now - since);
}

/** Never so short that what was lost could not have been said again: whoever suspects alone is out of its view. */
export function patienceMs(of: Replica<unknown>): number {
  const profile = profileOf(of);
  const due = Math.max(timeoutMs(of.timing.adaptive, profile), 2 * profile.statusMs);
  return backedOffMs(due, of.timing.patience.doublings);
}

/** §7.1 each client's first request has its own time, and no progress of other clients moves it. Behind it they wait in line:
 * under load a primary that serves everyone in turn is not left for the length of the line. */
export function suspectAt(of: Replica<unknown>): number {
  if (!canSign(of)) return Number.POSITIVE_INFINITY;
  if (of.phase === "changing") return of.timing.newViewAt ?? Number.POSITIVE_INFINITY;
  const patience = patienceMs(of);
  let at = Number.POSITIVE_INFINITY;
  for (const pool of of.pools) {
    // Above a gap in its numbers a client waits for itself.
    if (pool.waiting[0] !== undefined) at = Math.min(at, waitsSince(of, pool, pool.waiting[0]) + patience);
  }
  if (of.timing.openAt !== undefined) at = Math.min(at, of.timing.openAt + patience);
  at = Math.min(at, Math.max(tickMissedAt(of), of.timing.enteredAt) + patience);
  // A barrier waits for checkpoints; the primary has no part in that, but its successor waits behind it.
  return of.barrier === undefined ? at : at + patience;
}

/** Before this kiosk suspects its primary, and later than nearly all requests take. */
export const lateMs = (of: Replica<unknown>): number => (2 / 3) * patienceMs(of);

export const isAnswered = (of: Replica<unknown>, { signed }: Pending): boolean =>
  of.answered.includes(signed.request.number);

/** An own request is said again before others pass it on, and then more and more seldom: what is said too soon goes round once more
 * behind itself, and is answered by everybody who has executed it. */
export const sayAgainAt = (of: Replica<unknown>, { saidAt, saidAgain }: Pending): number =>
  saidAt + (lateMs(of) / 2) * 2 ** Math.min(saidAgain, STATUS_DOUBLINGS_MAX);

export function ownDueAt(of: Replica<unknown>): number {
  if (of.me < 0 || !canSign(of)) return Number.POSITIVE_INFINITY;
  let at = Number.POSITIVE_INFINITY;
  for (const held of of.pools[of.me].waiting) {
    if (held !== undefined && !isAnswered(of, held)) at = Math.min(at, sayAgainAt(of, held));
  }
  return at;
}

export function passOnAt(of: Replica<unknown>): number {
  if (!canVote(of) || isPrimary(of)) return Number.POSITIVE_INFINITY;
  let at = Number.POSITIVE_INFINITY;
  for (let member = 0; member < of.pools.length; member++) at = Math.min(at, unsaidSince(of, member));
  return at + lateMs(of);
}

export const isLate = (of: Replica<unknown>, member: number): boolean => of.now >= unsaidSince(of, member) + lateMs(of);

function unsaidSince(of: Replica<unknown>, member: number): number {
  const pool = of.pools[member];
  const first = pool.waiting[0];
  if (first === undefined || first.passedOn >= of.view || member === of.me) return Number.POSITIVE_INFINITY;
  return waitsSince(of, pool, first);
}

const waitsSince = (of: Replica<unknown>, pool: Pool, first: Pending): number =>
  Math.max(first.since, pool.movedAt, of.timing.enteredAt);

export function startedChange(of: Replica<unknown>): void {
  failed(of.timing.patience);
  viewFailed(of.timing.clock, of.now);
  of.timing.newViewAt = undefined;
  of.timing.attempt = 0;
  of.timing.statusAt = after(of, repeatMs(of));
}

export function quorumWantsView(of: Replica<unknown>): void {
  const grantedMs = backedOffMs(profileOf(of).viewChangeMs, of.timing.patience.doublings - 1);
  of.timing.newViewAt ??= after(of, grantedMs);
}

export function enteredView(of: Replica<unknown>): void {
  of.timing.enteredAt = of.now;
  of.timing.progressAt = of.now;
  of.timing.newViewAt = undefined;
  of.timing.commitAt = undefined;
  of.timing.attempt = 0;
  of.timing.statusAt = after(of, repeatMs(of));
  beganView(of.timing.adaptive, patienceMs(of));
}

// --- asking ---

/** Something is missing that others have. */
export function wantStatus(of: Replica<unknown>): void {
  const soon = after(of, repeatMs(of));
  if (of.timing.statusAt > soon && !waits(of)) of.timing.attempt = 0;
  if (of.timing.statusAt > soon) of.timing.statusAt = soon;
}

/** Whether this kiosk waits for anything. */
export function waits(of: Replica<unknown>): boolean {
  return (
    of.phase === "changing" ||
    of.probing !== undefined ||
    of.mutedUntil !== undefined ||
    of.known > of.executed ||
    of.decided > of.executed ||
    of.start.sequence > of.executed ||
    of.snapshot !== undefined ||
    of.checkpoints.length > 0 ||
    of.pools.some((pool) => pool.waiting.length > 0)
  );
}

export function askedStatus(of: Replica<unknown>): void {
  const { timing } = of;
  const ms = waits(of) ? repeatMs(of) * 2 ** Math.min(timing.attempt, STATUS_DOUBLINGS_MAX) : IDLE_STATUS_MS;
  timing.attempt += 1;
  timing.statusAt = after(of, ms);
}

/** The earliest of all. */
export function nextDeadline(of: Replica<unknown>, objectsAt: number | undefined): Millis {
  const { timing } = of;
  let at = Math.min(timing.statusAt, suspectAt(of), passOnAt(of), ownDueAt(of), objectsAt ?? Number.POSITIVE_INFINITY);
  if (timing.timeAt !== undefined) at = Math.min(at, timing.timeAt);
  if (timing.commitAt !== undefined) at = Math.min(at, timing.commitAt);
  if (timing.checkpointAt !== undefined) at = Math.min(at, timing.checkpointAt);
  // What could not be done when it was due must not wake for ever.
  if (mayPropose(of)) {
    if (timing.batchAt !== undefined) at = Math.min(at, timing.batchAt);
    if (of.executed === of.known) {
      const tick = tickAt(of);
      if (tick !== undefined) at = Math.min(at, tick);
      const rotation = rotationInMs(of);
      if (rotation !== undefined) at = Math.min(at, of.now + Math.max(rotation, DUE_AGAIN_MS));
    }
  }
  return millis(Math.max(at, of.now));
}

/** Places have moved: what was heard under them is heard anew. */
export function setTimedMembers(of: Replica<unknown>, count: number): void {
  of.timing.answeredAt = new Array(count).fill(Number.NEGATIVE_INFINITY);
  const { claims } = of.timing.clock;
  claims.length = count;
  claims.fill(undefined);
}

/** Nothing of what a replay seemed to take is a measure of anything. */
export function forgetTimes(of: Replica<unknown>): void {
  const { timing } = of;
  Object.assign(timing.adaptive, adaptiveTimeout(profileOf(of)));
  Object.assign(timing.patience, backOff());
  timing.progressAt = of.now;
  timing.enteredAt = of.now;
  timing.openAt = undefined;
  timing.batchAt = undefined;
  timing.commitAt = undefined;
  timing.checkpointAt = undefined;
  timing.statusAt = of.now;
  timing.attempt = 0;
}
