/** The air as plain data: radios at places, the links between them, one source of chance. Times are whole microseconds. */
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, chance } from "../../../protocol/core/chance.ts";
import type { BleFacts, Phy } from "../../boards/board.ts";
import { type BurstRules, type Bursts, CALM } from "./bursts.ts";
import type { Hopping } from "./channel-selection.ts";
import type { LinkId, LinkWish } from "./events.ts";
import type { Outgoing } from "./outgoing.ts";
import { drawShadow, LIVING_ROOM, type Position, type Room, rssiDbm, type Wall } from "./path-loss.ts";
import type { AirSight } from "./sights.ts";

/** A table of ten kiosks with two radios each, and some strangers. */
export const NODES_MAX = 32;

export interface RadioConfig {
  readonly address: string;
  readonly facts: BleFacts;
  readonly position: Position;
  /** Native modules that were built in. */
  readonly natives?: { readonly parameters?: boolean; readonly cancel?: boolean };
}

export interface AirConfig {
  readonly seed: number;
  readonly radios: readonly RadioConfig[];
  readonly room?: Room;
  readonly bursts?: BurstRules;
  readonly wifi?: readonly Wifi[];
  /** The channel map of every link; undefined: all. */
  readonly channels?: readonly number[];
  /** Keeps what somebody would see who hears all of it, until it is taken away. */
  readonly watched?: boolean;
}

/** A network covers some ten data channels whenever it speaks. */
export interface Wifi {
  readonly firstChannel: number;
  readonly lastChannel: number;
  readonly duty: number;
}

export interface Air {
  nowUs: number;
  readonly chance: Chance;
  readonly nodes: readonly AirNode[];
  readonly links: Link[];
  nextLink: LinkId;
  readonly exponent: number;
  readonly shadowDb: number;
  walls: readonly Wall[];
  /** One a pair of radios: [lower * count + higher]. */
  readonly shadows: number[];
  readonly bursts: BurstRules;
  readonly wifi: readonly Wifi[];
  readonly channels: readonly number[] | undefined;
  /** Undefined: nobody watches. */
  readonly sights: AirSight[] | undefined;
}

export interface AirNode {
  readonly address: string;
  readonly facts: BleFacts;
  readonly parameters: boolean;
  readonly cancel: boolean;
  position: Position;
  adverts: Adverts | undefined;
  scan: Scan | undefined;
  pending: { readonly to: string; readonly wish: LinkWish } | undefined;
  /** One radio does one thing at a time. */
  busyUntilUs: number;
}

export interface Adverts {
  readonly data: Uint8Array;
  readonly intervalUs: number;
  lastUs: number;
  nextUs: number;
}

export interface Scan {
  readonly intervalUs: number;
  readonly windowUs: number;
  readonly sinceUs: number;
}

/** The client's end is the first: it times the events. */
export interface Link {
  readonly id: LinkId;
  readonly phy: Phy;
  readonly encrypted: boolean;
  readonly hopping: Hopping;
  readonly bursts: Bursts;
  readonly ends: readonly [End, End];
  intervalUs: number;
  supervisionUs: number;
  mtu: number;
  /** Number and time of the next event. */
  event: number;
  nextEventUs: number;
  /** Idle on clean air: its events change nothing and are left out. */
  dormant: boolean;
  /** Events in a row in which a radio was busy with another link. */
  missed: number;
  update: { readonly event: number; readonly intervalUs: number; readonly supervisionUs: number } | undefined;
  running: RunningEvent | undefined;
}

export interface RunningEvent {
  readonly channel: number;
  readonly endsBeforeUs: number;
  pairEndsUs: number;
  /** Payload on the way there and back; undefined: an empty packet. */
  there: number | undefined;
  back: number | undefined;
  /** Data packets so far, in either direction, and errors in a row that either end saw. */
  readonly packets: [number, number];
  readonly errors: [number, number];
  lossThere: number;
  lossBack: number;
}

export interface End {
  readonly node: number;
  readonly outgoing: Outgoing;
  /** Of the peer: the last whole packet; nothing until the first. */
  lastHeardUs: number | undefined;
  readonly sinceUs: number;
  /** Forgotten by its radio. */
  gone: boolean;
  /** Its program has ordered the end. */
  ending: boolean;
  rssiDbm: number;
  bitErrors: number;
}

export function air(config: AirConfig): Air {
  const { seed, radios, room = LIVING_ROOM } = config;
  assert(radios.length <= NODES_MAX, "the air holds a table and its strangers");
  assert(new Set(radios.map((radio) => radio.address)).size === radios.length, "addresses are fixed and differ");
  const source = chance(seed);
  const shadows: number[] = [];
  for (let place = 0; place < radios.length ** 2; place++) shadows.push(drawShadow(room, source));
  return {
    nowUs: 0,
    chance: source,
    nodes: radios.map(({ address, facts, position, natives }) => ({
      address,
      facts,
      parameters: natives?.parameters ?? false,
      cancel: facts.cancel || (natives?.cancel ?? false),
      position,
      adverts: undefined,
      scan: undefined,
      pending: undefined,
      busyUntilUs: 0,
    })),
    links: [],
    nextLink: 1,
    exponent: room.exponent,
    shadowDb: room.shadowDb,
    walls: room.walls,
    shadows,
    bursts: config.bursts ?? CALM,
    wifi: config.wifi ?? [],
    channels: config.channels,
    sights: config.watched === true ? [] : undefined,
  };
}

/** How strongly `to` hears `from`: the way is the same in both directions, the power may differ. */
export function strength(air: Air, from: number, to: number): number {
  const sender = air.nodes[from]!;
  const shadow = air.shadows[Math.min(from, to) * air.nodes.length + Math.max(from, to)]!;
  const room = { exponent: air.exponent, shadowDb: air.shadowDb, walls: air.walls };
  return rssiDbm(sender.facts.transmitDbm, sender.position, air.nodes[to]!.position, room, shadow);
}

export const otherEnd = (link: Link, end: End): End => (link.ends[0] === end ? link.ends[1] : link.ends[0]);

export const endOf = (link: Link, node: number): End | undefined =>
  link.ends.find((end) => end.node === node && !end.gone);

export const linkOf = (air: Air, id: LinkId, node: number): Link | undefined =>
  air.links.find((link) => link.id === id && endOf(link, node) !== undefined);

export const hasLink = (air: Air, node: number, peer: number): boolean =>
  air.links.some((link) => endOf(link, node) !== undefined && link.ends.some((end) => end.node === peer));

export function linksAs(air: Air, role: 0 | 1, node: number): number {
  let count = 0;
  for (const { ends } of air.links) if (ends[role].node === node && !ends[role].gone) count += 1;
  return count;
}
