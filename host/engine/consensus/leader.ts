/**
 * Who leads next. A view names its primary, and only a quorum moves a view; what kiosks say about leading is advice to whoever
 * names the next one.
 *
 * A kiosk that sleeps answers late: it is passed over when a view is named, and while it sleeps it is one of the f.
 */
import { memberIndex, type View, view } from "../../../protocol/core/units.ts";
import type { Effect } from "./events.ts";
import { placeAt } from "./log.ts";
import { primaryOf } from "./quorums.ts";
import { canVote } from "./standing.ts";
import type { Replica } from "./state.ts";

const sleeps = (of: Replica<unknown>, member: number): boolean => (of.leadership.asleep & (1 << member)) !== 0;

/** What a primary names in its barrier: a view that a quorum has accepted, or else the next whose primary is awake. */
export const nextPrimaryView = (of: Replica<unknown>): number => acceptedTerm(of, of.view) ?? nextAwakeView(of);

/** The next view whose primary is awake. All asleep is nobody asleep. */
export function nextAwakeView(of: Replica<unknown>): number {
  for (let next = of.view + 1; next < of.view + of.members.length; next++) {
    if (!sleeps(of, primaryOf(of, next))) return next;
  }
  return of.view + 1;
}

/** A term within one round that a quorum has accepted, and whose leader is awake. */
function acceptedTerm(of: Replica<unknown>, after: number): number | undefined {
  for (let term = after + 1; term < after + of.members.length; term++) {
    const leader = primaryOf(of, term);
    const votes = of.leadership.accepts.filter((each) => each?.term === term && each.leader === leader).length;
    if (votes >= of.quorum && !sleeps(of, leader)) return term;
  }
  return undefined;
}

/** Said before a planned rotation by whoever would lead one of the next views. */
export function sayLeaderProposal(of: Replica<unknown>, effects: Effect[]): void {
  if (!canVote(of) || sleeps(of, of.me)) return;
  const term = ownTerm(of);
  if (of.leadership.proposals[of.me]?.term === term) return;
  of.leadership.proposals[of.me] = { term, score: of.leadership.score };
  const executed = placeAt(of, of.executed);
  effects.push({
    type: "send",
    to: "all",
    message: { type: "leaderProposal", term: view(term), priorityScore: of.leadership.score, executed },
  });
}

/** The next view after the present that is this kiosk's turn. */
function ownTerm(of: Replica<unknown>): number {
  let term = of.view + 1;
  while (primaryOf(of, term) !== of.me) term += 1;
  return term;
}

/** Terms come one round ahead and no further; a term is its leader's own to propose. */
export function onLeaderProposal(
  of: Replica<unknown>,
  from: number,
  said: { readonly term: View; readonly priorityScore: number },
  effects: Effect[],
): void {
  const { term } = said;
  if (term <= of.view || term > of.view + of.members.length || primaryOf(of, term) !== from) return;
  const held = of.leadership.proposals[from];
  if (held !== undefined && held.term >= term) return;
  of.leadership.proposals[from] = { term, score: said.priorityScore };
  acceptBest(of, effects);
}

function acceptBest(of: Replica<unknown>, effects: Effect[]): void {
  if (!canVote(of)) return;
  let best: { readonly term: number; readonly score: number } | undefined;
  for (const proposal of of.leadership.proposals) {
    if (proposal === undefined || proposal.term <= of.view || sleeps(of, primaryOf(of, proposal.term))) continue;
    if (
      best === undefined ||
      proposal.score > best.score ||
      (proposal.score === best.score && proposal.term < best.term)
    )
      best = proposal;
  }
  // Terms rise: what was accepted once is not taken back for a lower one.
  if (best === undefined || best.term <= of.leadership.accepted) return;
  of.leadership.accepted = best.term;
  const leader = primaryOf(of, best.term);
  of.leadership.accepts[of.me] = { term: best.term, leader };
  const message = {
    type: "leaderAccept",
    term: view(best.term),
    leader: memberIndex(leader),
    priorityScore: best.score,
  } as const;
  effects.push({ type: "send", to: "all", message });
}

export function onLeaderAccept(
  of: Replica<unknown>,
  from: number,
  said: { readonly term: View; readonly leader: number },
): void {
  const { term, leader } = said;
  if (term <= of.view || term > of.view + of.members.length || primaryOf(of, term) !== leader) return;
  const held = of.leadership.accepts[from];
  if (held !== undefined && held.term >= term) return;
  of.leadership.accepts[from] = { term, leader };
}
