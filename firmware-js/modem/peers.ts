/** What each neighbour did, in numbers, and the bar that a radio raises by itself. A peer is its address while apart; while
 * linked its numbers lie in the link, so that its generation is its key and nothing that strangers do reaches them. Faults
 * are charged only to who is at the other end of a link: an address in an advertisement proves nothing. An address that
 * changes evades all this. */
import { RADIO_PEERS_MAX } from "../../protocol/core/limits.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { PeerKey } from "./facts.ts";
import { DISCOVERED_EVERY_MS, FAULTS_BARRED_FROM, FAULTS_FORGOTTEN_MS, PEER_BARRED_MS } from "./limits.ts";

export interface Peer {
  readonly key: PeerKey;
  /** Last activity. */
  seenAt: Millis;
  /** When the host was last told of its advertisement. */
  toldAt: number;
  /** Not there for a passer-by, so that a flood of them takes half the memory. */
  deeds?: Deeds;
}

export interface Deeds {
  barredUntil: number;
  messages: number;
  malformed: number;
  timing: number;
  /** The host's orders to bar it: what the envelopes proved, the radio cannot see. */
  contradictions: number;
  consecutive: number;
  faultAt: number;
}

export interface Peers {
  readonly entries: Peer[];
  /** Peers that found the table full of barred ones. */
  refused: number;
}

export const peers = (): Peers => ({ entries: [], refused: 0 });

/** Taken out of the table for as long as it is linked. */
export function takePeer(table: Peers, key: PeerKey, now: Millis): Peer {
  const at = indexOf(table, key);
  if (at < 0) return stranger(key, now);
  const [peer] = table.entries.splice(at, 1);
  return peer;
}

export function putBack(table: Peers, peer: Peer, now: Millis): void {
  const at = indexOf(table, peer.key);
  if (at >= 0) table.entries[at] = peer;
  else insert(table, peer, now);
}

/** Whom this radio never met has no numbers here, however much its host knows. */
export function knownPeer(table: Peers, key: PeerKey): Peer | undefined {
  const at = indexOf(table, key);
  return at < 0 ? undefined : table.entries[at];
}

/** The peer of an address, made known if there is room. */
export function peerOf(table: Peers, key: PeerKey, now: Millis): Peer | undefined {
  const at = indexOf(table, key);
  if (at >= 0) {
    table.entries[at].seenAt = now;
    return table.entries[at];
  }
  const peer = stranger(key, now);
  return insert(table, peer, now) ? peer : undefined;
}

export function mayTell(peer: Peer, now: Millis): boolean {
  return now - peer.toldAt >= DISCOVERED_EVERY_MS;
}

/** A good message ends a run of faults: noise is not malice. */
export function onGood(peer: Peer, now: Millis): void {
  peer.seenAt = now;
  const deeds = deedsOf(peer);
  deeds.messages += 1;
  deeds.consecutive = 0;
}

/** The host's word that it lied. */
export function onContradiction(peer: Peer): void {
  deedsOf(peer).contradictions += 1;
}

/** True: that was one too many, and the peer is barred. */
export function onFault(peer: Peer, kind: "malformed" | "timing", now: Millis): boolean {
  peer.seenAt = now;
  const deeds = deedsOf(peer);
  deeds[kind] += 1;
  if (now - deeds.faultAt >= FAULTS_FORGOTTEN_MS) deeds.consecutive = 0;
  deeds.faultAt = now;
  deeds.consecutive += 1;
  if (deeds.consecutive < FAULTS_BARRED_FROM) return false;
  deeds.consecutive = 0;
  deeds.barredUntil = millis(now + PEER_BARRED_MS);
  return true;
}

export function isBarredHere(table: Peers, key: PeerKey, now: Millis): boolean {
  const at = indexOf(table, key);
  return at >= 0 && isOut(table.entries[at], now);
}

/** The host hears appeals; its word ends this bar too. */
export function pardon(table: Peers, key: PeerKey): void {
  const at = indexOf(table, key);
  if (at < 0) return;
  const { deeds } = table.entries[at];
  if (deeds !== undefined) deeds.barredUntil = Number.NEGATIVE_INFINITY;
}

const stranger = (key: PeerKey, now: Millis): Peer => ({
  key,
  seenAt: now,
  toldAt: Number.NEGATIVE_INFINITY,
});

function deedsOf(peer: Peer): Deeds {
  peer.deeds ??= {
    barredUntil: Number.NEGATIVE_INFINITY,
    messages: 0,
    malformed: 0,
    timing: 0,
    contradictions: 0,
    consecutive: 0,
    faultAt: Number.NEGATIVE_INFINITY,
  };
  return peer.deeds;
}

const isOut = ({ deeds }: Peer, now: Millis): boolean => deeds !== undefined && now < deeds.barredUntil;

function insert(table: Peers, peer: Peer, now: Millis): boolean {
  if (table.entries.length < RADIO_PEERS_MAX) {
    table.entries.push(peer);
    return true;
  }
  const at = weakest(table, now);
  if (at < 0) {
    table.refused += 1;
    return false;
  }
  table.entries[at] = peer;
  return true;
}

/** Never one that is barred; one with faults only where all have some; of equals, who was silent longest. */
function weakest(table: Peers, now: Millis): number {
  let best = -1;
  for (let i = 0; i < table.entries.length; i++) {
    const peer = table.entries[i];
    if (isOut(peer, now)) continue;
    if (best < 0 || isWeaker(peer, table.entries[best])) best = i;
  }
  return best;
}

function isWeaker(one: Peer, other: Peer): boolean {
  const blamed = hasFaults(one);
  return blamed === hasFaults(other) ? one.seenAt < other.seenAt : !blamed;
}

const hasFaults = ({ deeds }: Peer): boolean =>
  deeds !== undefined && deeds.malformed + deeds.timing + deeds.contradictions > 0;

function indexOf(table: Peers, key: PeerKey): number {
  for (let i = 0; i < table.entries.length; i++) if (table.entries[i].key === key) return i;
  return -1;
}
