/** §3.3 one ballot says everything that is new. */
import type { Ballot } from "../../../protocol/agreement/ballot.ts";
import { sequence, view } from "../../../protocol/core/units.ts";
import type { Place } from "../../../protocol/message/fields.ts";
import { checkpointVoted } from "./checkpoint.ts";
import type { Effect } from "./events.ts";
import { historyAt, low, namesBetween, placeAt, slotFor } from "./log.ts";
import { proposalsBetween } from "./propose.ts";
import { canVote } from "./standing.ts";
import type { Own, Replica, World } from "./state.ts";
import { compact, hintOf, signBallot } from "./statements.ts";
import { ballotDue, saidBallot } from "./timing.ts";

export function speak<S>(of: Replica<S>, effects: Effect[], world: World<S>): boolean {
  if (!canVote(of) || of.executed < of.start.sequence) return false;
  if (!of.unsaid && !ballotDue(of)) return false;
  of.unsaid = false;
  saidBallot(of);
  if (!somethingNew(of)) return false;
  if (of.options.bundles) say(of, of.own, effects, world);
  else sayApart(of, effects, world);
  return true;
}

const somethingNew = ({ own, said }: Replica<unknown>): boolean =>
  own.proposed > said.proposed ||
  own.prepared > said.prepared ||
  own.committed > said.committed ||
  own.checkpoint !== said.checkpoint;

/** The same without bundling: a ballot a vote. */
function sayApart<S>(of: Replica<S>, effects: Effect[], world: World<S>): void {
  const { own, said } = of;
  const base: Own = { proposed: start(of), prepared: start(of), committed: start(of), checkpoint: undefined };
  for (let at = said.proposed + 1; at <= own.proposed; at++) say(of, { ...base, proposed: at }, effects, world);
  for (let at = said.prepared + 1; at <= own.prepared; at++) say(of, { ...base, prepared: at }, effects, world);
  for (let at = said.committed + 1; at <= own.committed; at++) say(of, { ...base, committed: at }, effects, world);
  if (own.checkpoint !== undefined && own.checkpoint !== said.checkpoint) {
    say(of, { ...base, checkpoint: own.checkpoint }, effects, world);
  }
}

const start = (of: Replica<unknown>): number => of.start.sequence;

function say<S>(of: Replica<S>, what: Own, effects: Effect[], world: World<S>): void {
  const ballot = ballotOf(of, what);
  const signed = signBallot(of, world.ports, of.me, ballot);
  keepOwn(of, signed, ballot, effects);
  // What a new view proposes again follows from it, and is not said twice.
  const after = Math.max(of.said.proposed, of.repeated, low(of));
  const fresh = ballot.proposed !== undefined && ballot.proposed.sequence > after;
  const proposals = fresh
    ? { first: sequence(after + 1), slots: proposalsBetween(of, after, (ballot.proposed as Place).sequence) }
    : undefined;
  of.said = {
    proposed: Math.max(of.said.proposed, what.proposed),
    prepared: Math.max(of.said.prepared, what.prepared),
    committed: Math.max(of.said.committed, what.committed),
    checkpoint: what.checkpoint ?? of.said.checkpoint,
  };
  const said = { ballot: compact(signed), hint: hintOf(ballot), proposals };
  effects.push({ type: "say", to: "all", said: { type: "ballot", ...said } });
  // Last, because a stable barrier ends the view that all of this was said in.
  if (ballot.checkpoint !== undefined) checkpointVoted(of, signed, effects, world);
}

function ballotOf(of: Replica<unknown>, own: Own): Ballot {
  // Below the stable checkpoint nothing is left to say.
  const place = (at: number): Place | undefined =>
    at > start(of) && historyAt(of, at) !== undefined ? placeAt(of, at) : undefined;
  return {
    view: view(of.view),
    proposed: place(own.proposed),
    prepared: place(own.prepared),
    committed: place(own.committed),
    checkpoint: own.checkpoint !== undefined && own.checkpoint.sequence > low(of) ? own.checkpoint : undefined,
  };
}

/** Own votes count like those of others, and are claimed in view changes to come. Durable before they are said. */
function keepOwn(of: Replica<unknown>, signed: ReturnType<typeof signBallot>, ballot: Ballot, effects: Effect[]): void {
  const reached = (ballot.proposed ?? ballot.prepared)?.sequence ?? start(of);
  const first = Math.max(start(of), low(of));
  const claimed = Math.max(first, Math.min(of.claimed, reached));
  const names = reached > claimed ? namesBetween(of, claimed, reached) : [];
  effects.push({
    type: "persist",
    record: { type: "voted", ballot: signed, base: placeAt(of, claimed), names },
  });
  for (let at = claimed + 1; at <= reached; at++) {
    const slot = slotFor(of, at);
    if (slot.name !== undefined) slot.claim = { view: of.view, name: slot.name };
  }
  of.claimed = Math.max(of.claimed, reached);
  of.ownBallot = signed;
  const votes = of.votes;
  if (reached > votes.prepared[of.me]) {
    votes.prepared[of.me] = reached;
    votes.prepareBallots[of.me] = signed;
  }
  if (ballot.committed !== undefined && ballot.committed.sequence > votes.committed[of.me]) {
    votes.committed[of.me] = ballot.committed.sequence;
    votes.commitBallots[of.me] = signed;
  }
}
