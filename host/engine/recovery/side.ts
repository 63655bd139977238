/**
 * Who is on this kiosk's side: whom it hears, and who hears it. A member that hears us and is not heard, or the other way round, helps
 * to decide nothing, so both directions count; what others say that they hear is checked against what is heard here.
 *
 * Two sides that share no member cannot both have a quorum, nor can they by f members that lie to both.
 */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { Heartbeat } from "../../../protocol/message/presence.ts";
import { quorum } from "../consensus/quorum.ts";
import { NAMED_AFTER_MS, ONE_WAY_AFTER_MS, UNHEARD_AFTER_MS } from "./limits.ts";
import type { Recovery, Watched } from "./state.ts";

/** One bit each, this kiosk's own with it. */
export function sideOf(of: Recovery): number {
  let side = 0;
  for (let each = 0; each < of.members.length; each++) {
    if (each === of.me || (isHeard(of, each) && hearsUs(of, each))) side |= 1 << each;
  }
  return side;
}

export const hasQuorum = (of: Recovery): boolean => countOf(sideOf(of)) >= quorum(of.members.length);

export const isHeard = (of: Recovery, each: number): boolean => of.now < of.members[each].heardAt + UNHEARD_AFTER_MS;

/** Nobody names who only follows. */
export function hearsUs(of: Recovery, each: number): boolean {
  if (of.me < 0) return true;
  return of.now < namedUsAt(of, of.members[each]) + ONE_WAY_AFTER_MS;
}

const namedUsAt = (of: Recovery, { seenAt, returnedAt }: Watched): number => Math.max(seenAt[of.me], returnedAt);

/** Whether somebody on our side hears a member that we do not. */
export function isHeardByOthers(of: Recovery, each: number): boolean {
  const side = sideOf(of);
  return of.members.some(
    ({ seenAt }, other) => other !== of.me && has(side, other) && of.now < seenAt[each] + UNHEARD_AFTER_MS,
  );
}

export function noteHeard(of: Recovery, from: number): void {
  const member = of.members[from];
  if (!isHeard(of, from)) member.returnedAt = of.now;
  member.heardAt = of.now;
}

export function noteView(of: Recovery, from: number, { peers }: Heartbeat): void {
  const { seenAt } = of.members[from];
  for (const { peer, ageSeconds } of peers) {
    const each = of.members.findIndex(({ tag }) => bytesEqual(tag, peer));
    if (each >= 0) seenAt[each] = Math.max(seenAt[each], of.now - ageSeconds * 1000);
  }
}

/** Whom a member has on its side it heard not longer ago than it waits for anybody. */
export function noteReachable(of: Recovery, from: number, reachable: number): void {
  const { seenAt } = of.members[from];
  for (let each = 0; each < of.members.length; each++) {
    if (has(reachable, each)) seenAt[each] = Math.max(seenAt[each], of.now - UNHEARD_AFTER_MS);
  }
}

/** The next moment at which anything of the above may change by itself. */
export function sideDeadline(of: Recovery): number {
  let at = Number.POSITIVE_INFINITY;
  of.members.forEach((member, each) => {
    if (each === of.me) return;
    const silentSince = Math.max(member.heardAt, of.startedAt);
    const moments = [silentSince + UNHEARD_AFTER_MS, silentSince + NAMED_AFTER_MS];
    if (of.me >= 0) moments.push(namedUsAt(of, member) + ONE_WAY_AFTER_MS);
    for (const moment of moments) if (moment > of.now) at = Math.min(at, moment);
  });
  return at;
}

/** A kiosk that did not run could not hear: nobody was silent for that. */
export function forgivePause(of: Recovery, pausedMs: number): void {
  for (const member of of.members) {
    member.heardAt += pausedMs;
    member.returnedAt += pausedMs;
    for (let each = 0; each < member.seenAt.length; each++) member.seenAt[each] += pausedMs;
  }
}

export const has = (set: number, each: number): boolean => ((set >> each) & 1) === 1;

export const allOf = (of: Recovery): number => 2 ** of.members.length - 1;

export function countOf(set: number): number {
  let count = 0;
  for (let rest = set; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
