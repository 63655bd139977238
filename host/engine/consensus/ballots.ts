/** §3 votes arrive. Cheap fields first; a signature is looked at only where the vote could change something. */
import type { Ballot, BallotSaid, Position, SignedBallot } from "../../../protocol/agreement/ballot.ts";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import { checkpointVoted } from "./checkpoint.ts";
import type { Effect } from "./events.ts";
import { witness } from "./evidence.ts";
import { WAITING_BALLOTS_MAX } from "./limits.ts";
import { historyAt, low } from "./log.ts";
import { acceptProposals } from "./proposals.ts";
import { fastSequence, primaryOf } from "./quorums.ts";
import type { Replica, World } from "./state.ts";
import { hintFits, verifyBallot, whole } from "./statements.ts";
import { wantStatus } from "./timing.ts";

export function onBallot<S>(of: Replica<S>, said: BallotSaid, effects: Effect[], world: World<S>): void {
  const { ballot } = said;
  const why = misshapen(of, ballot);
  if (why !== undefined) {
    effects.push({ type: "malformed", why });
    return;
  }
  if (ballot.sender === of.me || !matters(of, said)) return;
  if (ballot.view > of.view) wantStatus(of);

  // The primary's ballot may stand on what it proposes with it.
  if (said.proposals !== undefined) {
    if (ballot.view === of.view && ballot.sender === primaryOf(of, of.view)) {
      const taken = acceptProposals(of, said, effects, world);
      if (taken === "waits") keepWaiting(of, said);
      if (taken !== "known") return;
    } else return;
  }

  const full = whole(ballot, (sequence) => historyFor(of, ballot, sequence));
  if (full === undefined) {
    keepWaiting(of, said);
    return;
  }
  if (!hintFits(ballot, full, said.hint)) {
    // Not our history: the sender is asked for its own in full, by saying where we stand.
    wantStatus(of);
    return;
  }
  if (!verifyBallot(of, world.ports, ballot.sender, full, ballot.signature)) {
    // §2 a primary can find two batches with one hint in a second: a vote for the other one is no lie of its sender.
    if (leavesOut(ballot)) wantStatus(of);
    else effects.push({ type: "malformed", why: "bad signature" });
    return;
  }
  countBallot(of, ballot, full, effects, world);
}

/** A ballot whose signature holds. */
function countBallot<S>(of: Replica<S>, signed: SignedBallot, full: Ballot, effects: Effect[], world: World<S>): void {
  const sender = signed.sender;
  const kept = explicit(signed, full);
  witness(of, kept, effects);
  if (full.checkpoint !== undefined) checkpointVoted(of, kept, effects, world);
  if (full.view !== of.view) return;
  const votes = of.votes;
  const prepared = full.proposed ?? full.prepared;
  if (prepared !== undefined && prepared.sequence > votes.prepared[sender] && matches(of, prepared)) {
    votes.prepared[sender] = prepared.sequence;
    votes.prepareBallots[sender] = kept;
  }
  const committed = full.committed;
  if (committed !== undefined && committed.sequence > votes.committed[sender] && matches(of, committed)) {
    votes.committed[sender] = committed.sequence;
    votes.commitBallots[sender] = kept;
  }
}

/** What waited for a history may stand on it now. */
export function retryWaiting<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  for (const line of of.votes.waiting) {
    if (line.length === 0) continue;
    const again = line.splice(0);
    const made: Effect[] = [];
    for (const said of again) onBallot(of, said, made, world);
    // Whoever brought them came by another link than the last event: nobody is to pay for them here.
    for (const effect of made) if (effect.type !== "malformed") effects.push(effect);
  }
}

/** No honest member says these. */
function misshapen(of: Replica<unknown>, ballot: SignedBallot): string | undefined {
  if (ballot.sender >= of.members.length) return "no such member";
  const leads = ballot.sender === primaryOf(of, ballot.view);
  if (leads && ballot.prepared !== undefined) return "a primary prepares by proposing";
  if (!leads && ballot.proposed !== undefined) return "only the primary proposes";
  return undefined;
}

function matters(of: Replica<unknown>, said: BallotSaid): boolean {
  const { ballot } = said;
  const { sender, checkpoint } = ballot;
  if (checkpoint !== undefined && checkpoint.sequence > low(of) && !hasCheckpoint(of, sender, checkpoint)) return true;
  if (ballot.view > of.view) return true;
  if (ballot.view < of.view) return false;
  const votes = of.votes;
  const prepared = (ballot.proposed ?? ballot.prepared)?.sequence ?? 0;
  const committed = ballot.committed?.sequence ?? 0;
  if (prepared <= votes.prepared[sender] && committed <= votes.committed[sender]) {
    // A history that is said in full may be another one: that is evidence, and is looked at.
    return said.proposals !== undefined || contradicts(of, ballot);
  }
  if (!of.options.lazy || contradicts(of, ballot)) return true;
  // Surplus votes are not verified: neither a quorum nor the whole table waits for them.
  if (sender === primaryOf(of, of.view)) return true;
  const counts = prepared > of.decided && prepared > votes.prepared[sender] && neededPrepare(of, prepared);
  return counts || (committed > of.decided && committed > votes.committed[sender]);
}

function neededPrepare(of: Replica<unknown>, prepared: number): boolean {
  if (of.options.fastPath && fastSequence(of) < prepared) return true;
  return of.own.committed < prepared;
}

function contradicts(of: Replica<unknown>, ballot: SignedBallot): boolean {
  const apart = (position: Position | undefined): boolean => {
    if (position?.history === undefined) return false;
    const ours = historyFor(of, ballot, position.sequence);
    return ours !== undefined && !bytesEqual(ours, position.history);
  };
  return apart(ballot.proposed) || apart(ballot.prepared) || apart(ballot.committed);
}

/** Histories of what was executed are the same in all views. */
function historyFor(of: Replica<unknown>, ballot: SignedBallot, at: number): Uint8Array | undefined {
  if (ballot.view === of.view || at <= of.executed) return historyAt(of, at);
  return undefined;
}

const hasCheckpoint = (of: Replica<unknown>, sender: number, checkpoint: Place): boolean =>
  of.checkpointVotes[sender].some(
    (held) =>
      held.checkpoint?.sequence === checkpoint.sequence && bytesEqual(held.checkpoint.digest, checkpoint.digest),
  );

function matches(of: Replica<unknown>, place: Place): boolean {
  const ours = historyAt(of, place.sequence);
  return ours !== undefined && bytesEqual(ours, place.digest);
}

const leavesOut = ({ proposed, prepared, committed }: SignedBallot): boolean =>
  isBare(proposed) || isBare(prepared) || isBare(committed);

const isBare = (position: Position | undefined): boolean => position !== undefined && position.history === undefined;

/** With every history said, so that it can be shown to anyone. */
export function explicit(signed: SignedBallot, full: Ballot): SignedBallot {
  const said = (place: Place | undefined) =>
    place === undefined ? undefined : { sequence: place.sequence, history: place.digest };
  return {
    ...signed,
    proposed: said(full.proposed),
    prepared: said(full.prepared),
    committed: said(full.committed),
  };
}

function keepWaiting(of: Replica<unknown>, said: BallotSaid): void {
  if (said.ballot.view !== of.view) {
    wantStatus(of);
    return;
  }
  const line = of.votes.waiting[said.ballot.sender];
  // The newest says everything that older ones said, except proposals.
  if (line.length === WAITING_BALLOTS_MAX) line.shift();
  line.push(said);
  wantStatus(of);
}
