/**
 * What may come in from neighbours, decided before anything costly is done with it: connections, packets, and how often
 * somebody may be wrong.
 *
 * Only who was admitted is remembered, and admissions are few a minute. So the tables are bounded by the rate itself:
 * however many strangers knock, nobody is forgotten to make room for them, neither a banned peer nor an honest one, and a
 * share of links and of beginnings is out of their reach.
 */
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { PACKET_SIZE_MAX } from "../../protocol/core/limits.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import {
  BAN_MS,
  CONNECTION_COOLDOWN_MS,
  CONNECTIONS_MAX,
  CONNECTIONS_RESERVED,
  LINK_PACKETS_BURST_MAX,
  LINK_PACKETS_PER_SECOND,
  NEW_CONNECTIONS_MAX,
  NEW_CONNECTIONS_RESERVED,
  NEW_CONNECTIONS_WINDOW_MS,
  PEER_CONNECTIONS_MAX,
  PEERS_REMEMBERED_MAX,
  VIOLATIONS_MAX,
} from "./limits.ts";

export interface Admission {
  now: Millis;
  /** By the name that the driver gave each, never used twice. */
  readonly links: Map<string, NeighbourLink>;
  readonly peers: Map<string, Peer>;
  /** Links that began within the last minute. */
  readonly begun: Beginning[];
}

interface NeighbourLink {
  readonly peer: string;
  readonly isStranger: boolean;
  /** Packets that it may bring now; fractions count. */
  tokens: number;
  filledAt: Millis;
}

interface Peer {
  linkCount: number;
  /** Of its last links, at most as many as it may have. */
  readonly begunAt: Millis[];
  violations: number;
  lastViolationAt: Millis;
  bannedUntil: Millis;
  coolingUntil: Millis;
  /** When it was last seen with a link. */
  linkedAt: Millis;
}

interface Beginning {
  readonly at: Millis;
  readonly isStranger: boolean;
}

export type AdmissionEvent =
  /** Somebody wants a link. `peer` is what it is known by: its key once a session proved it, its address before.
   * A stranger is who shares no table with us and was not called by us. */
  | {
      readonly type: "connecting";
      readonly at: Millis;
      readonly link: string;
      readonly peer: string;
      readonly isStranger: boolean;
      /** Of a member whose key a session has proved: it comes and goes as often as the air and its supply make it. */
      readonly isProved?: boolean;
    }
  /** A packet, before anybody looks into it. */
  | { readonly type: "received"; readonly at: Millis; readonly link: string; readonly size: number }
  /** What a packet turned out to be. The link pays and never the sender that the packet names: an honest neighbour opens
   * what it passes on, so whoever hands over a forgery made it or did not look. */
  | { readonly type: "violation"; readonly at: Millis; readonly link: string }
  | { readonly type: "closed"; readonly at: Millis; readonly link: string };

export type Refusal =
  | "banned"
  | "cooling down"
  | "too many links of one peer"
  | "too many links"
  | "too many new links"
  | "too large"
  | "too fast"
  | "no such link";

/** A violation that is refused as "banned" means that the driver closes the peer's links. */
export type Verdict = { readonly admitted: true } | { readonly admitted: false; readonly why: Refusal };

export function admission(at: Millis): Admission {
  return { now: at, links: new Map(), peers: new Map(), begun: [] };
}

export function step(admission: Admission, event: AdmissionEvent): Verdict {
  assert(event.at >= admission.now, "time runs forward");
  admission.now = event.at;
  switch (event.type) {
    case "connecting":
      return onConnecting(admission, event.link, event.peer, event);
    case "received":
      return onReceived(admission, event.link, event.size);
    case "violation":
      return onViolation(admission, event.link);
    case "closed":
      return onClosed(admission, event.link);
    default:
      return unreachable(event);
  }
}

function onConnecting(
  admission: Admission,
  name: string,
  peerName: string,
  { isStranger, isProved = false }: { readonly isStranger: boolean; readonly isProved?: boolean },
): Verdict {
  assert(!admission.links.has(name), "a link's name is used once");
  const { now } = admission;
  const known = admission.peers.get(peerName);
  if (known !== undefined) {
    if (now < known.bannedUntil) return refuse("banned");
    if (now < known.coolingUntil) return refuse("cooling down");
    if (known.linkCount === PEER_CONNECTIONS_MAX) return refuse("too many links of one peer");
    if (!isProved && comesAndGoes(known, now)) {
      known.coolingUntil = millis(now + CONNECTION_COOLDOWN_MS);
      return refuse("cooling down");
    }
  }
  if (isFull(admission, isStranger)) return refuse("too many links");
  if (!isProved && areTooManyNew(admission, isStranger)) return refuse("too many new links");

  const peer = known ?? remember(admission, peerName);
  peer.linkCount += 1;
  peer.linkedAt = now;
  if (peer.begunAt.length === PEER_CONNECTIONS_MAX) peer.begunAt.shift();
  peer.begunAt.push(now);
  if (!isProved) admission.begun.push({ at: now, isStranger });
  admission.links.set(name, { peer: peerName, isStranger, tokens: LINK_PACKETS_BURST_MAX, filledAt: now });
  return ADMITTED;
}

function onReceived(admission: Admission, name: string, size: number): Verdict {
  const link = admission.links.get(name);
  if (link === undefined) return refuse("no such link");
  const { now } = admission;
  if (now < peerOf(admission, link).bannedUntil) return refuse("banned");
  const gained = ((now - link.filledAt) * LINK_PACKETS_PER_SECOND) / 1000;
  link.tokens = Math.min(LINK_PACKETS_BURST_MAX, link.tokens + gained);
  link.filledAt = now;
  // No violation: a neighbour that relays for many has bursts that it did not make.
  if (link.tokens < 1) return refuse("too fast");
  link.tokens -= 1;
  if (size > PACKET_SIZE_MAX) {
    charge(admission, link);
    return refuse("too large");
  }
  return ADMITTED;
}

function onViolation(admission: Admission, name: string): Verdict {
  const link = admission.links.get(name);
  if (link === undefined) return refuse("no such link");
  charge(admission, link);
  return admission.now < peerOf(admission, link).bannedUntil ? refuse("banned") : ADMITTED;
}

function onClosed(admission: Admission, name: string): Verdict {
  const link = admission.links.get(name);
  if (link === undefined) return refuse("no such link");
  const peer = peerOf(admission, link);
  admission.links.delete(name);
  peer.linkCount -= 1;
  peer.linkedAt = admission.now;
  return ADMITTED;
}

function charge(admission: Admission, link: NeighbourLink): void {
  const { now } = admission;
  const peer = peerOf(admission, link);
  if (now < peer.bannedUntil) return;
  if (now >= peer.lastViolationAt + BAN_MS) peer.violations = 0;
  peer.violations += 1;
  peer.lastViolationAt = now;
  if (peer.violations < VIOLATIONS_MAX) return;
  peer.violations = 0;
  peer.bannedUntil = millis(now + BAN_MS);
}

/** As many links within a minute as it may have at once, and now one more. */
const comesAndGoes = (peer: Peer, now: Millis): boolean =>
  peer.begunAt.length === PEER_CONNECTIONS_MAX && now < peer.begunAt[0] + NEW_CONNECTIONS_WINDOW_MS;

function isFull(admission: Admission, isStranger: boolean): boolean {
  if (admission.links.size === CONNECTIONS_MAX) return true;
  if (!isStranger) return false;
  let strangers = 0;
  for (const link of admission.links.values()) if (link.isStranger) strangers += 1;
  return strangers >= CONNECTIONS_MAX - CONNECTIONS_RESERVED;
}

function areTooManyNew(admission: Admission, isStranger: boolean): boolean {
  const { begun, now } = admission;
  while (begun.length > 0 && now >= begun[0].at + NEW_CONNECTIONS_WINDOW_MS) begun.shift();
  if (begun.length === NEW_CONNECTIONS_MAX) return true;
  if (!isStranger) return false;
  const strangers = begun.filter((each) => each.isStranger).length;
  return strangers >= NEW_CONNECTIONS_MAX - NEW_CONNECTIONS_RESERVED;
}

/** Comes after every reason to refuse, so that a flood does not buy this search. */
function remember(admission: Admission, name: string): Peer {
  for (const [each, peer] of admission.peers) {
    if (peer.linkCount === 0 && admission.now >= peer.linkedAt + BAN_MS) admission.peers.delete(each);
  }
  assert(admission.peers.size < PEERS_REMEMBERED_MAX, "the rate of new links bounds who is remembered");
  const never = millis(Number.NEGATIVE_INFINITY);
  const peer: Peer = {
    linkCount: 0,
    begunAt: [],
    violations: 0,
    lastViolationAt: never,
    bannedUntil: never,
    coolingUntil: never,
    linkedAt: admission.now,
  };
  admission.peers.set(name, peer);
  return peer;
}

function peerOf(admission: Admission, link: NeighbourLink): Peer {
  const peer = admission.peers.get(link.peer);
  assert(peer !== undefined, "who has a link is remembered");
  return peer;
}

const ADMITTED: Verdict = Object.freeze({ admitted: true });

const refuse = (why: Refusal): Verdict => ({ admitted: false, why });
