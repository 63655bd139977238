/** All that a fetcher of objects knows: what is on its way, and whom it may ask. */
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import type { Millis } from "../../../protocol/core/units.ts";
import type { Fetch } from "./fetch.ts";
import { isFresh, type Peer, peer } from "./peers.ts";

export interface Fetches {
  now: Millis;
  /** Our own place, or −1 of a spectator. It is never asked. */
  own: number;
  /** By place. */
  peers: Peer[];
  /** The bounds of patience are those of a radio; on what is faster they are so much shorter. */
  readonly patienceShare: number;
  /** Between chunks that come, smoothed; undefined before the first. */
  gapMs: number | undefined;
  /** The last of them. */
  broughtAt: Millis;
  /** By size. */
  readonly fetches: Fetch[];
}

export function fetches(at: Millis, memberCount: number, own: number, patienceShare = 1): Fetches {
  assert(patienceShare > 0 && patienceShare <= 1, "nothing is slower than a radio");
  const peers = peersOf(at, memberCount);
  return { now: at, own, peers, patienceShare, gapMs: undefined, broughtAt: at, fetches: [] };
}

/** Over all objects. */
export function owedBy(state: Fetches, peer: number): number {
  let count = 0;
  for (const fetch of state.fetches) count += fetch.owedCount[peer];
  return count;
}

/** Who may be asked at all, now or after a while. */
export function isEligible(state: Fetches, fetch: Fetch, peer: number): boolean {
  const { isBarred } = state.peers[peer];
  return fetch.isHolder[peer] && !isBarred && isFresh(state.peers[peer], state.now);
}

export function peersOf(at: Millis, memberCount: number): Peer[] {
  assert(memberCount >= 1 && memberCount <= MEMBERS_MAX, "members keep their bound");
  const peers: Peer[] = [];
  for (let each = 0; each < memberCount; each++) peers.push(peer(at));
  return peers;
}
