/** All that a mesh knows, as plain data. */
import { type Chance, chance } from "../../protocol/core/chance.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { PeerSeen } from "../../protocol/message/presence.ts";
import { type Admission, admission } from "./admission.ts";
import { type Bucket, bucket } from "./bucket.ts";
import type { LinkName, Series } from "./events.ts";
import type { Item } from "./item.ts";
import {
  OFFERS_BURST_MAX,
  PACE_PACKETS_BURST_MAX,
  REPEATS_BURST_MAX,
  STRANGERS_PACKETS_BURST_MAX,
  UNCERTAIN_BURST_MAX,
} from "./limits.ts";
import { type Line, line } from "./line.ts";
import type { PeerName } from "./peer-name.ts";
import { type MessageId, type Seen, seen } from "./seen.ts";

export interface Mesh {
  now: Millis;
  readonly me: PeerName;
  readonly chance: Chance;
  readonly admission: Admission;
  readonly links: Map<LinkName, PeerName>;
  /** With a link, or with one not long ago. */
  readonly neighbours: Map<PeerName, Neighbour>;
  readonly seen: Seen;
  /** In the order in which they came. */
  readonly held: Map<MessageId, Held>;
  /** By the bytes that they came as, but for the hops. */
  readonly byBytes: Map<MessageId, MessageId>;
  /** Of those, what is of use for a short while only, in the same order. */
  readonly brief: Set<MessageId>;
  heldSize: number;
  /** In no order. */
  readonly dues: Due[];
  readonly underWay: Map<number, UnderWay>;
  nextToken: number;
  readonly peers: Map<PeerName, Peer>;
  /** When somebody may have been silent for too long, or sooner. */
  silenceAt: number;
  readonly strangersShare: Bucket;
  /** Undefined when something changed that it follows from. */
  map: LinkMap | undefined;
  beatAt: Millis;
  beats: number;
  /** Which of the ways to somebody is taken. */
  readonly turns: Map<PeerName, number>;
}

export interface Neighbour {
  readonly peer: PeerName;
  /** Of them the first carries, the others stand by: two between one pair would cost twice the air. */
  readonly links: LinkName[];
  unlinkedAt: Millis;
  readonly line: Line;
  readonly pace: Bucket;
  readonly repeats: Bucket;
  readonly uncertain: Bucket;
  readonly offers: Bucket;
  underWayCount: number;
  /** What nobody sends it and it may have not: offers name these. */
  readonly lacks: Set<MessageId>;
  /** Named in an offer that is not answered. */
  offered: readonly MessageId[];
  offerNumber: number;
  offerAt: number;
  unansweredCount: number;
  /** What it brought that was refused, by the reason's name. */
  readonly refused: { [why: string]: number };
}

/** A message as it goes on from here. */
export interface Held {
  readonly packet: Uint8Array;
  readonly origin: PeerName | undefined;
  readonly packetClass: PacketClass;
  readonly series: Series | undefined;
  /** No relay may follow: it stays here. */
  readonly isSpent: boolean;
  readonly heardAt: Millis;
  readonly keptUntil: Millis;
  readonly bytesIds: readonly MessageId[];
  /** Who brought it, and who surely has it, whatever way it came there. */
  readonly brought: PeerName[];
  readonly has: PeerName[];
  /** In whose line it is, or on its way. */
  readonly going: PeerName[];
}

/** An item that enters a neighbour's line later. */
export interface Due {
  readonly at: Millis;
  readonly peer: PeerName;
  readonly item: Item;
}

export interface UnderWay {
  readonly link: LinkName;
  readonly peer: PeerName;
  readonly item: Item;
}

export interface Peer {
  readonly isMember: boolean;
  /** When anything that it signed was new here. */
  heardAt: Millis;
  wasHeard: boolean;
  isSuspected: boolean;
  /** Of its last heartbeat: its own clock, its own links, and all that it names. */
  time: number;
  beatAt: Millis;
  links: readonly PeerName[];
  view: readonly PeerSeen[];
}

/** Links that both ends sign for, and how far everyone is from here, and from others where it was asked. */
export interface LinkMap {
  readonly links: Map<PeerName, readonly PeerName[]>;
  readonly distance: Map<PeerName, number>;
  readonly distanceFrom: Map<PeerName, Map<PeerName, number>>;
  /** When the first of the heartbeats that it is made of is too old, unless another came. */
  readonly validUntil: number;
}

/** Two kiosks with one seed jitter alike: it is for each its own. */
export const mesh = (me: PeerName, at: Millis, seed: number): Mesh => ({
  now: at,
  me,
  chance: chance(seed),
  admission: admission(at),
  links: new Map(),
  neighbours: new Map(),
  seen: seen(at),
  held: new Map(),
  byBytes: new Map(),
  brief: new Set(),
  heldSize: 0,
  dues: [],
  underWay: new Map(),
  nextToken: 1,
  peers: new Map(),
  silenceAt: Number.POSITIVE_INFINITY,
  strangersShare: bucket(at, STRANGERS_PACKETS_BURST_MAX),
  map: undefined,
  beatAt: at,
  beats: 0,
  turns: new Map(),
});

export const neighbour = (peer: PeerName, at: Millis): Neighbour => ({
  peer,
  links: [],
  unlinkedAt: at,
  line: line(),
  pace: bucket(at, PACE_PACKETS_BURST_MAX),
  repeats: bucket(at, REPEATS_BURST_MAX),
  uncertain: bucket(at, UNCERTAIN_BURST_MAX),
  offers: bucket(at, OFFERS_BURST_MAX),
  underWayCount: 0,
  lacks: new Set(),
  offered: [],
  offerNumber: 0,
  offerAt: Number.POSITIVE_INFINITY,
  unansweredCount: 0,
  refused: {},
});

export function refuse(of: Neighbour, why: string): void {
  of.refused[why] = (of.refused[why] ?? 0) + 1;
}

/** Undefined where there is no link to it now. */
export function linkedNeighbour(of: Mesh, peer: PeerName): Neighbour | undefined {
  const found = of.neighbours.get(peer);
  return found === undefined || found.links.length === 0 ? undefined : found;
}
