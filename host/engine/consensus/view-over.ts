/** §6.5 a view in which this kiosk votes no more, because its votes may lie on another history than what was decided. Votes are
 * cumulative: one more on the decided history would contradict them under one key. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { historyAt, setName } from "./log.ts";
import { emptyVotes, type Replica } from "./state.ts";

/** What was voted for on the other history counts for nothing here, the own votes among it. */
export function endView(of: Replica<unknown>): void {
  of.viewOver = true;
  Object.assign(of.votes, emptyVotes(of.members.length, of.start.sequence));
}

/** A state is about to be taken, and the way there is not known by name: whoever has voted beyond what it executed cannot tell
 * whether on that way. */
export function leaveVotesBehind(of: Replica<unknown>, at: number, history: Uint8Array): void {
  const ours = of.known >= at ? historyAt(of, at) : undefined;
  if (ours !== undefined && bytesEqual(ours, history)) return;
  const { proposed, prepared, committed } = of.said;
  const voted = Math.max(proposed, prepared, committed) > Math.max(of.executed, of.start.sequence);
  if (voted || of.known > at) endView(of);
  of.known = at;
  for (const slot of of.slots) if (slot.sequence > at) setName(slot, undefined, undefined);
}
