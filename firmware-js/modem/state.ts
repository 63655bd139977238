/** A radio as plain data: its serial link, its outbox, its power, its neighbours, and what the host has ordered. */
import { LINK_BYTES_PER_SECOND, RADIO_LINKS_MAX, SERIAL_PACKET_SIZE_MAX } from "../../protocol/core/limits.ts";
import { type Queue, queue } from "../../protocol/core/queue.ts";
import type { LinkGeneration, Millis } from "../../protocol/core/units.ts";
import { type Link, link } from "../../protocol/link/state.ts";
import { type Outbox, outbox } from "../../protocol/packet/outbox.ts";
import { type Power, power } from "../../protocol/power/power.ts";
import type { Quality } from "../../protocol/power/quality.ts";
import { type Generations, generations } from "../../protocol/radio/generation.ts";
import { type Barred, barred } from "./barred.ts";
import { type Counters, counters } from "./counters.ts";
import type { ServiceData } from "./events.ts";
import {
  type BoardFacts,
  checkFacts,
  type ModemConfig,
  type PeerAddress,
  type PeerKey,
  type RadioRole,
} from "./facts.ts";
import { BACKLOG_LENGTH_MAX, SERIAL_WAITING_SIZE } from "./limits.ts";
import { type Peer, type Peers, peers } from "./peers.ts";

export interface Modem {
  readonly facts: BoardFacts;
  readonly config: ModemConfig;
  now: Millis;
  /** The earliest deadline, as of the last step. */
  dueAt: number;
  /** A restart was ordered: what comes after it belongs to nobody. */
  stopped: boolean;

  // Toward the host.
  readonly serial: Link;
  /** A host is there that this radio can serve. */
  hosted: boolean;
  /** The session ends with this step, because something that must be told has no room. */
  voidDue: boolean;
  /** The speed of the serial line; the one that it takes at the end of this step; until when a session must open at it. */
  baud: number;
  baudDue: number | undefined;
  rateBy: Millis | undefined;
  /** Reports that wait for room on the wire, a class. */
  readonly backlog: Queue<Waiting>[];
  backlogLength: number;
  logLevel: number;

  // Toward the air.
  role: RadioRole | undefined;
  ready: boolean;
  /** Until when the stack must stand. */
  readyBy: Millis | undefined;
  readonly generations: Generations;
  readonly links: RadioLink[];
  /** Connections that were told to end and have not yet. */
  readonly closing: Closing[];
  connecting: Connecting | undefined;
  /** What the host ordered; what the stack was told last. */
  advertising: { readonly intervalMs: number; readonly advert: ServiceData } | undefined;
  advertisedMs: number | undefined;
  scanning: { readonly intervalMs: number; readonly windowMs: number } | undefined;
  scannedMs: number | undefined;
  readonly outbox: Outbox;
  readonly power: Power;
  batteryPercent: number;
  qualityAt: Millis | undefined;

  // The filter.
  readonly peers: Peers;
  readonly barred: Barred;
  /** Discoveries told since. */
  toldSince: number;
  told: number;

  // Health.
  /** When bytes came last; since when they are no frame, how many frames had come by then, and whether the port was opened
   * anew for it. */
  bytesAt: number;
  deafSince: Millis | undefined;
  framesHeard: number;
  reopened: boolean;

  readonly counters: Counters;
}

export interface Waiting {
  readonly bytes: Uint8Array;
  readonly token: number;
  /** A packet from the air, what only informs, or what must be told. */
  readonly kind: "packet" | "informs" | "must";
}

export interface RadioLink {
  readonly generation: LinkGeneration;
  readonly handle: number;
  readonly role: "server" | "client";
  readonly address: PeerAddress;
  /** Its numbers, for as long as the link stands. */
  readonly peer: Peer;
  /** Until when the host must keep it; nothing once it has. */
  keepBy: Millis | undefined;
  mtu: number;
  readonly quality: Quality;
  /** Bytes of packets since quality was told. */
  moved: number;
  /** Values that it may send at once, as of then. */
  allowance: number;
  allowedAt: Millis;
}

export interface Closing {
  readonly handle: number;
  by: Millis;
  tries: number;
}

export interface Connecting {
  readonly to: PeerAddress;
  readonly key: PeerKey;
  /** It was given up; by then it must be over. */
  overBy: Millis | undefined;
}

export function modem(facts: BoardFacts, config: ModemConfig): Modem {
  checkFacts(facts);
  const { at } = config;
  return {
    facts,
    config,
    now: at,
    dueAt: at,
    stopped: false,
    serial: link({
      major: config.major,
      minor: config.minor,
      features: 0,
      space: facts.receiveSpace,
      packetSizeMax: SERIAL_PACKET_SIZE_MAX,
      waitingSizeMax: SERIAL_WAITING_SIZE,
    }),
    hosted: false,
    voidDue: false,
    baud: facts.baud,
    baudDue: undefined,
    rateBy: undefined,
    backlog: [0, 1, 2, 3].map(() => queue<Waiting>(BACKLOG_LENGTH_MAX)),
    backlogLength: 0,
    logLevel: 1,
    role: undefined,
    ready: false,
    readyBy: undefined,
    generations: generations(),
    links: [],
    closing: [],
    connecting: undefined,
    advertising: undefined,
    advertisedMs: undefined,
    scanning: undefined,
    scannedMs: undefined,
    outbox: outbox(at, "active", LINK_BYTES_PER_SECOND, facts.links),
    power: power(at),
    batteryPercent: 100,
    qualityAt: undefined,
    peers: peers(),
    barred: barred(),
    toldSince: Number.NEGATIVE_INFINITY,
    told: 0,
    bytesAt: Number.NEGATIVE_INFINITY,
    deafSince: undefined,
    framesHeard: 0,
    reopened: false,
    counters: counters(),
  };
}

export function linkOf(state: Modem, generation: LinkGeneration): RadioLink | undefined {
  for (let i = 0; i < state.links.length; i++) if (state.links[i].generation === generation) return state.links[i];
  return undefined;
}

export function linkOfHandle(state: Modem, handle: number): RadioLink | undefined {
  for (let i = 0; i < state.links.length; i++) if (state.links[i].handle === handle) return state.links[i];
  return undefined;
}

export function linkOfPeer(state: Modem, key: PeerKey): RadioLink | undefined {
  for (let i = 0; i < state.links.length; i++) if (state.links[i].peer.key === key) return state.links[i];
  return undefined;
}

/** A stack that has all its links in a role ends what leads to more of them, and does not begin again by itself. */
export function hasLinkFor(state: Modem, role: "server" | "client"): boolean {
  let count = 0;
  for (let i = 0; i < state.links.length; i++) if (state.links[i].role === role) count += 1;
  const { links, linksAsServer, linksAsClient } = state.facts;
  return state.links.length < links && count < (role === "server" ? linksAsServer : linksAsClient);
}

/** Handles that a stack has at a time: its links, and as many that are ending. */
export const CLOSING_LENGTH_MAX = 2 * RADIO_LINKS_MAX;
