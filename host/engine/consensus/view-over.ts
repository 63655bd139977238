/** §6.5 what was decided may lie on another history than what this view proposed here. Votes for that one count for nothing; and
 * whoever has signed one of them votes no more in this view: votes are cumulative, so the next one, on the decided history, would
 * contradict it under one key. */
import type { Position, SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { historyAt, setName } from "./log.ts";
import type { Replica } from "./state.ts";
import { emptyVotes } from "./state.ts";

/** From `at` on another history stands than the one that was proposed. */
export function leaveHistory(of: Replica<unknown>, at: number): void {
  const { proposed, prepared, committed } = of.said;
  if (Math.max(proposed, prepared, committed) >= at) endView(of);
  // What was not signed yet was meant for the other one.
  else of.own = { ...of.said, checkpoint: of.own.checkpoint };
  const { votes } = of;
  dropVotes(of, votes.prepared, votes.prepareBallots, ({ proposed, prepared }) => proposed ?? prepared);
  dropVotes(of, votes.committed, votes.commitBallots, ({ committed }) => committed);
}

/** With all that was counted in it, the own votes among it. */
export function endView(of: Replica<unknown>): void {
  of.viewOver = true;
  Object.assign(of.votes, emptyVotes(of.members.length, of.start.sequence));
}

/** A state is about to be taken, and the way there is not known by name: whoever has voted beyond what it executed cannot tell
 * whether on that way. */
export function leaveUnknown(of: Replica<unknown>, at: number, history: Uint8Array): void {
  const ours = of.known >= at ? historyAt(of, at) : undefined;
  if (ours !== undefined && bytesEqual(ours, history)) return;
  of.known = at;
  for (const slot of of.slots) if (slot.sequence > at) setName(slot, undefined, undefined);
  leaveHistory(of, Math.max(of.executed, of.start.sequence) + 1);
}

function dropVotes(
  of: Replica<unknown>,
  positions: number[],
  ballots: (SignedBallot | undefined)[],
  phase: (ballot: SignedBallot) => Position | undefined,
): void {
  ballots.forEach((ballot, member) => {
    const place = ballot === undefined ? undefined : phase(ballot);
    const stands = place === undefined ? undefined : historyAt(of, place.sequence);
    if (place?.history !== undefined && stands !== undefined && bytesEqual(stands, place.history)) return;
    positions[member] = of.start.sequence;
    ballots[member] = undefined;
  });
}
