/** How many members may be faulty, and how many must agree (Castro and Liskov 1999, §3, for any n and not only 3f + 1). */
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";

/** Members that may do anything at all without harm to the others. */
export function faultsMax(memberCount: number): number {
  assert(Number.isInteger(memberCount) && memberCount >= 1, "a table has members");
  return Math.floor((memberCount - 1) / 3);
}

/** Votes that decide. Any two quorums share more members than may be faulty, so an honest one; and the honest members are
 * a quorum by themselves. With 2f + 1 the first fails wherever n is not 3f + 1. */
export function quorum(memberCount: number): number {
  return Math.ceil((memberCount + faultsMax(memberCount) + 1) / 2);
}

/** Tables of two and three run, and say that one dishonest kiosk is enough to spoil them. */
export const toleratesByzantine = (memberCount: number): boolean => faultsMax(memberCount) > 0;

for (let memberCount = 1; memberCount <= MEMBERS_MAX; memberCount++) {
  const faults = faultsMax(memberCount);
  const votes = quorum(memberCount);
  assert(2 * votes - memberCount > faults, "two quorums share an honest member");
  assert(votes <= memberCount - faults, "the honest members are a quorum");
}
