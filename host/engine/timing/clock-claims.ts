/**
 * What the other members say their clocks show: a member's heartbeat, signed. Any f of them may lie, and each may tell everyone
 * something else; so no value is ever taken that f members alone could have made higher than an honest clock.
 *
 * A clock is kept as its offset, what it showed at moment zero of this process: it goes on by itself, and clocks compare.
 */
import { assert } from "../../../protocol/core/assert.ts";
import type { MemberIndex, Millis } from "../../../protocol/core/units.ts";
import { faultsMax } from "../consensus/quorum.ts";
import { CLAIM_AGE_MAX_MS } from "./limits.ts";

/** By member; nothing of the kiosk itself. */
export type ClockClaims = (Claim | undefined)[];

interface Claim {
  readonly offsetMs: number;
  readonly heardAt: Millis;
}

export const clockClaims = (memberCount: number): ClockClaims => new Array(memberCount).fill(undefined);

/** The way here only makes it older, so less. */
export function heardClaim(claims: ClockClaims, member: MemberIndex, shownMs: number, at: Millis): void {
  assert(member >= 0 && member < claims.length, "a claim is a member's");
  claims[member] = { offsetMs: shownMs - at, heardAt: at };
}

/** Those at or above `leastOffsetMs`, which a clock that is not known to be bad shows, from the lowest to the highest. */
export function freshOffsets(claims: ClockClaims, at: Millis, leastOffsetMs: number): number[] {
  return claims
    .flatMap((claim) => (claim !== undefined && at - claim.heardAt <= CLAIM_AGE_MAX_MS ? [claim.offsetMs] : []))
    .filter((offsetMs) => offsetMs >= leastOffsetMs)
    .sort((left, right) => left - right);
}

/**
 * The median, or a lower one where that many claims are not enough to keep it among the honest: above it there are always f
 * others, so that it is no higher than some honest clock. Undefined of f claims or fewer.
 */
export function medianOffset(sorted: readonly number[], memberCount: number): number | undefined {
  const highest = sorted.length - 1 - faultsMax(memberCount);
  return highest < 0 ? undefined : sorted[Math.min(highest, Math.floor((sorted.length - 1) / 2))];
}
