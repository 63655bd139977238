/** §3 positions: since votes are cumulative, a quorum stands wherever the q-th furthest member stands. */
import type { Replica } from "./state.ts";

/** Round robin over the sorted members. */
export const primaryOf = (of: { readonly members: readonly Uint8Array[] }, view: number): number =>
  view % of.members.length;

export const isPrimary = (of: Replica<unknown>): boolean => of.me >= 0 && primaryOf(of, of.view) === of.me;

/** Prepared: the primary's proposal and q − 1 backups' prepares, or the same without it being a matter of order. The
 * primary stands furthest always, for nothing is known that it did not propose. */
export function preparedSequence(of: Replica<unknown>): number {
  const primary = of.votes.prepared[primaryOf(of, of.view)];
  return Math.min(primary, ranked(of.votes.prepared, of.quorum));
}

export const committedSequence = (of: Replica<unknown>): number => ranked(of.votes.committed, of.quorum);

/** §4.2 the fast path: on all n votes only. */
export const fastSequence = (of: Replica<unknown>): number => ranked(of.votes.prepared, of.members.length);

/** The rank-th largest. */
export function ranked(positions: readonly number[], rank: number): number {
  const sorted = positions.slice();
  // Ten at most: an insertion sort beats the library's, and a step calls this several times.
  for (let i = 1; i < sorted.length; i++) {
    const value = sorted[i];
    let at = i - 1;
    while (at >= 0 && sorted[at] < value) {
      sorted[at + 1] = sorted[at];
      at -= 1;
    }
    sorted[at + 1] = value;
  }
  return sorted[rank - 1];
}
