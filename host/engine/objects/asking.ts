/**
 * Which member is asked for which chunks.
 *
 * The best of those who have proved themselves is kept busy; the other place goes to somebody untried, then to whoever is
 * quick, then to who has not been heard for a while, and to who was silent last. So neither silence nor a drip costs more
 * than the place that is meant for trying.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { type MemberIndex, type Millis, memberIndex } from "../../../protocol/core/units.ts";
import { debtors, type Fetch, markAsked, nextRun } from "./fetch.ts";
import type { FetchEffect } from "./fetch-events.ts";
import { type Fetches, isEligible, owedBy } from "./fetch-state.ts";
import { ASKED_PEERS_MAX, SLOW_TIMES } from "./limits.ts";
import { windowOf } from "./patience.ts";
import { hasProved, isQuiet, onAsked, type Peer, paceOf } from "./peers.ts";

/** Everything that can be asked for at this moment, short objects first: a batch holds up all that comes after it. */
export function ask(state: Fetches, effects: FetchEffect[]): void {
  for (const fetch of state.fetches) {
    if (fetch.isStalled) continue;
    while (nextRun(fetch, 1) !== undefined) {
      const to = choose(state, fetch);
      if (to === undefined) break;
      askOne(state, fetch, to, effects);
    }
  }
}

function askOne(state: Fetches, fetch: Fetch, to: MemberIndex, effects: FetchEffect[]): void {
  const peer = state.peers[to];
  const owed = owedBy(state, to);
  const run = nextRun(fetch, windowOf(state, to) - owed);
  assert(run !== undefined, "who is chosen has room, and something is missing");
  onAsked(peer, state.now, owed === 0);
  markAsked(fetch, run, to, peer.askedCount);
  peer.askedCount += run.count;
  effects.push({ type: "send", to, step: { type: "requestChunks", object: fetch.name, ...run } });
}

/** Undefined where nobody has room, and where somebody better waits for the place of a worse one: that one is left to bring
 * what it owes. */
function choose(state: Fetches, fetch: Fetch): MemberIndex | undefined {
  const best = bestOf(state, fetch);
  const bestPace = best === undefined ? Number.POSITIVE_INFINITY : (paceOf(state.peers[best]) ?? 0);
  let chosen: number | undefined;
  let chosenRank = Number.POSITIVE_INFINITY;
  for (let i = 1; i <= state.peers.length; i++) {
    // Those who lag together begin at different members.
    const each = (state.own + i) % state.peers.length;
    const peer = state.peers[each];
    if (!isEligible(state, fetch, each) || !hasRoom(state, each)) continue;
    const pace = paceOf(peer);
    if (pace !== undefined && pace > SLOW_TIMES * bestPace) continue;
    const rank = each === best ? -1 : rankOf(peer, state.now);
    if (rank >= chosenRank) continue;
    chosen = each;
    chosenRank = rank;
  }
  if (chosen === undefined) return undefined;
  const hasPlace = fetch.owedCount[chosen] > 0 || debtors(fetch) < ASKED_PEERS_MAX;
  return hasPlace ? memberIndex(chosen) : undefined;
}

/** The quickest that has proved itself and can be had: one that is always busy must not keep the slower ones out. */
function bestOf(state: Fetches, fetch: Fetch): number | undefined {
  let best: number | undefined;
  let bestPace = Number.POSITIVE_INFINITY;
  for (let i = 1; i <= state.peers.length; i++) {
    const each = (state.own + i) % state.peers.length;
    const peer = state.peers[each];
    if (!isEligible(state, fetch, each) || !hasProved(peer)) continue;
    if (peer.retryAt > state.now && owedBy(state, each) === 0) continue;
    const pace = paceOf(peer) ?? 0;
    if (pace >= bestPace) continue;
    best = each;
    bestPace = pace;
  }
  return best;
}

/** Shorter than any pace, and longer. */
const UNTRIED = 0;
const QUIET = 1e8;
const SILENT = 1e9;

function rankOf(peer: Peer, now: Millis): number {
  const pace = paceOf(peer);
  if (pace === undefined) return (isQuiet(peer, now) ? QUIET : UNTRIED) + peer.setbacks;
  return hasProved(peer) ? pace : SILENT + pace;
}

/** Asked again before it has brought all, so that its line is never empty. */
function hasRoom(state: Fetches, each: number): boolean {
  return state.peers[each].retryAt <= state.now && owedBy(state, each) <= windowOf(state, each) >> 1;
}
