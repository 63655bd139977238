/** The life of a link: how it begins, what its ends hear of each other, and how it is lost. */

import { MTU_MIN } from "../../../protocol/core/limits.ts";
import type { Phy } from "../../boards/board.ts";
import { bursts } from "./bursts.ts";
import { hopping } from "./channel-selection.ts";
import { isIdle } from "./connection-event.ts";
import type { AirEffect, LinkWish, LostReason } from "./events.ts";
import { empty, enqueue, type Item, outgoing } from "./outgoing.ts";
import { bitErrorRate } from "./path-loss.ts";
import { firstEventUs, wake } from "./schedule.ts";
import { type Air, type AirNode, type End, type Link, otherEnd, strength } from "./state.ts";

/** A link of which nothing was heard in so many intervals was never one (Bluetooth Core, Vol 6 Part B 4.5.2). */
const ESTABLISH_INTERVALS = 6;
/** From a request of new parameters to the event from which on they hold (5.1.1). */
const UPDATE_EVENTS = 6;
/** Below this loss, a link's idle events change nothing. */
const CLEAN = 1e-12;
/** The fewest bits that carry a sign of life. */
const EMPTY_BITS = 72;

/** The client heard the server's advert: both have a link, at MTU 23. */
export function beginLink(air: Air, client: number, server: number, wish: LinkWish, effects: AirEffect[]): void {
  const facts = air.nodes[client]!.facts;
  const peer = air.nodes[server]!.facts;
  const intervalUs = quantised(wish.intervalMs ?? facts.intervalMaxMs);
  const phy = wish.phy !== undefined && peer.sensitivityDbm[wish.phy] !== undefined ? wish.phy : "1M";
  const selection = facts.channelSelection === 2 && peer.channelSelection === 2 ? 2 : 1;
  const link: Link = {
    id: air.nextLink++,
    phy,
    encrypted: wish.encrypted ?? false,
    hopping: hopping(selection, air.chance),
    bursts: bursts(air.bursts, air.nowUs, air.chance),
    ends: [end(air, client, facts.stackQueue), end(air, server, peer.stackQueue)],
    intervalUs,
    supervisionUs: Math.round((wish.supervisionMs ?? facts.supervisionMs) * 1000),
    mtu: MTU_MIN,
    event: 0,
    nextEventUs: firstEventUs(air, client, intervalUs),
    dormant: false,
    missed: 0,
    update: undefined,
    running: undefined,
  };
  air.links.push(link);
  measure(air, link);
  const { supervisionUs, hopping: channels } = link;
  const seen = { atUs: air.nowUs, link: link.id, client, server, phy, intervalUs, supervisionUs, hopping: channels };
  air.sights?.push({ type: "begun", ...seen });
  const intervalMs = intervalUs / 1000;
  const at = { link: link.id, intervalMs } as const;
  effects.push({ type: "connected", node: client, peer: air.nodes[server]!.address, role: "client", ...at });
  effects.push({ type: "connected", node: server, peer: air.nodes[client]!.address, role: "server", ...at });
}

/** How well the ends hear each other where they are now. */
export function measure(air: Air, link: Link): void {
  wake(link, air.nowUs);
  for (const end of link.ends) {
    end.rssiDbm = strength(air, otherEnd(link, end).node, end.node);
    end.bitErrors = bitErrorRate(end.rssiDbm, sensitivityDbm(air.nodes[end.node]!, link.phy));
  }
}

/** A node without that physical layer would be deaf to it; `connect` refuses before. */
const sensitivityDbm = (node: AirNode, phy: Phy): number => node.facts.sensitivityDbm[phy] ?? 0;

/** May its events be left out until something happens? */
export function rest(air: Air, link: Link): void {
  const clean =
    air.wifi.length === 0 &&
    link.bursts.rules.badMs === 0 &&
    link.bursts.rules.lossGood === 0 &&
    link.ends.every((end) => !end.gone && end.lastHeardUs !== undefined && end.bitErrors * EMPTY_BITS < CLEAN);
  link.dormant = clean && isIdle(link) && link.update === undefined && link.missed === 0;
}

export function onItem(air: Air, link: Link, to: End, item: Item, effects: AirEffect[]): void {
  // A termination in the same pair came first.
  if (to.gone) return;
  const from = otherEnd(link, to);
  switch (item.kind) {
    case "value":
      effects.push({ type: "value", node: to.node, link: link.id, bytes: item.bytes });
      break;
    case "mtuRequest": {
      const mtu = Math.min(item.mtu, air.nodes[to.node]!.facts.mtuMax);
      enqueue(to.outgoing, { kind: "mtuResponse", mtu });
      agree(link, to, mtu, effects);
      break;
    }
    case "mtuResponse":
      agree(link, to, item.mtu, effects);
      break;
    case "parameters":
      link.update = {
        event: link.event + UPDATE_EVENTS,
        intervalUs: item.intervalUs,
        supervisionUs: item.supervisionUs,
      };
      break;
    case "terminate":
      lose(air, link, to, "remote", effects);
      lose(air, link, from, "ordered", effects);
      break;
  }
}

/** Ordered by its own program: the peer is told at the next event, and what waited is forgotten. */
export function orderEnd(mine: End): void {
  mine.ending = true;
  empty(mine.outgoing);
  enqueue(mine.outgoing, { kind: "terminate" });
}

/** When an end gives up, if nothing is heard before. */
export const givesUpAtUs = (link: Link, end: End): number =>
  end.lastHeardUs === undefined
    ? end.sinceUs + ESTABLISH_INTERVALS * link.intervalUs
    : end.lastHeardUs + link.supervisionUs;

export function giveUp(air: Air, link: Link, end: End, effects: AirEffect[]): void {
  lose(air, link, end, end.ending ? "ordered" : end.lastHeardUs === undefined ? "failed" : "supervision", effects);
}

function lose(air: Air, link: Link, end: End, reason: LostReason, effects: AirEffect[]): void {
  if (end.gone) return;
  leave(link, end);
  air.sights?.push({ type: "ended", atUs: air.nowUs, link: link.id, node: end.node, reason });
  effects.push({ type: "disconnected", node: end.node, link: link.id, reason });
}

/** Its radio knows nothing of the link any more. Without its client a link has no events. */
export function leave(link: Link, end: End): void {
  end.gone = true;
  empty(end.outgoing);
  if (end === link.ends[0]) link.running = undefined;
}

function agree(link: Link, end: End, mtu: number, effects: AirEffect[]): void {
  link.mtu = Math.max(MTU_MIN, mtu);
  effects.push({ type: "mtu", node: end.node, link: link.id, mtu: link.mtu });
}

const end = (air: Air, node: number, stackQueue: number): End => ({
  node,
  outgoing: outgoing(stackQueue),
  lastHeardUs: undefined,
  sinceUs: air.nowUs,
  gone: false,
  ending: false,
  rssiDbm: 0,
  bitErrors: 0,
});

/** Intervals are multiples of 1.25 ms, from 7.5 on. */
export const quantised = (intervalMs: number): number => Math.max(6, Math.round(intervalMs / 1.25)) * 1250;
