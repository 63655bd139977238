/** The virtual air: a machine that carries what radios send to those who can hear it, by the arithmetic of the standard. */
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import { type Arrival, beginEvent, endPair } from "./connection-event.ts";
import { hears, nextAdvertUs } from "./discovery.ts";
import type { AirEffect, AirEvent } from "./events.ts";
import { beginLink, givesUpAtUs, giveUp, measure, onItem, rest } from "./link.ts";
import { onOrder } from "./orders.ts";
import { queued } from "./outgoing.ts";
import { type Air, endOf, hasLink, type Link, linkOf, strength } from "./state.ts";

/** What was due before the event happens before it. */
export function step(air: Air, event: AirEvent, effects: AirEffect[]): void {
  const atUs = Math.round(event.at * 1000);
  assert(atUs >= air.nowUs, "time runs forward");
  for (let due = nextDue(air); due.atUs <= atUs; due = nextDue(air)) {
    air.nowUs = Math.max(air.nowUs, due.atUs);
    perform(air, due, effects);
  }
  air.nowUs = atUs;
  if (event.type === "tick") return;
  if (event.type === "walls") {
    air.walls = event.walls;
    for (const link of air.links) measure(air, link);
    return;
  }
  assert(event.node < air.nodes.length, "the radio is on this air");
  const why = onOrder(air, event, effects);
  forget(air);
  if (why !== undefined) effects.push({ type: "ignored", node: event.node, event: event.type, why });
}

export function nextDeadline(air: Air): Millis | undefined {
  const { atUs } = nextDue(air);
  return atUs === Number.POSITIVE_INFINITY ? undefined : millis(atUs / 1000);
}

/** Values that a radio's stack holds for a link: for who fills it in a test. A board's program cannot ask. */
export function queuedAt(air: Air, node: number, id: number): number {
  const link = linkOf(air, id, node);
  return link === undefined ? 0 : queued(endOf(link, node)!.outgoing);
}

type Due =
  | { readonly kind: "never"; readonly atUs: number }
  | { readonly kind: "advert"; readonly atUs: number; readonly node: number }
  | { readonly kind: "event" | "pair"; readonly atUs: number; readonly link: Link }
  | { readonly kind: "giveUp"; readonly atUs: number; readonly link: Link; readonly end: 0 | 1 };

/** Of two at one time the first here happens first, so that a run repeats. */
function nextDue(air: Air): Due {
  let due: Due = { kind: "never", atUs: Number.POSITIVE_INFINITY };
  for (const link of air.links) {
    if (link.dormant) continue;
    if (link.running !== undefined) {
      if (link.running.pairEndsUs < due.atUs) due = { kind: "pair", atUs: link.running.pairEndsUs, link };
    } else if (link.nextEventUs < due.atUs) due = { kind: "event", atUs: link.nextEventUs, link };
    for (const end of [0, 1] as const) {
      const atUs = givesUpAtUs(link, link.ends[end]);
      if (!link.ends[end].gone && atUs < due.atUs) due = { kind: "giveUp", atUs, link, end };
    }
  }
  for (let node = 0; node < air.nodes.length; node++) {
    const adverts = air.nodes[node]!.adverts;
    if (adverts !== undefined && adverts.nextUs < due.atUs) due = { kind: "advert", atUs: adverts.nextUs, node };
  }
  return due;
}

function perform(air: Air, due: Due, effects: AirEffect[]): void {
  switch (due.kind) {
    case "never":
      break;
    case "advert":
      onAdvert(air, due.node, effects);
      break;
    case "event": {
      const { intervalUs } = due.link;
      beginEvent(air, due.link);
      if (due.link.intervalUs !== intervalUs) sayInterval(due.link, effects);
      break;
    }
    case "pair": {
      const arrivals: Arrival[] = [];
      endPair(air, due.link, arrivals);
      for (const { to, item } of arrivals) onItem(air, due.link, to, item, effects);
      if (due.link.running === undefined) rest(air, due.link);
      forget(air);
      break;
    }
    case "giveUp":
      giveUp(air, due.link, due.link.ends[due.end], effects);
      forget(air);
      break;
    default:
      unreachable(due);
  }
}

function onAdvert(air: Air, from: number, effects: AirEffect[]): void {
  const node = air.nodes[from]!;
  const adverts = node.adverts!;
  adverts.lastUs = air.nowUs;
  adverts.nextUs = nextAdvertUs(air, adverts.intervalUs);
  if (node.busyUntilUs > air.nowUs) return;
  air.sights?.push({ type: "advert", atUs: air.nowUs, node: from, data: adverts.data });
  for (let listener = 0; listener < air.nodes.length; listener++) {
    if (listener === from || !hears(air, listener, from)) continue;
    const { pending, scan } = air.nodes[listener]!;
    if (pending?.to === node.address && !hasLink(air, listener, from)) {
      air.nodes[listener]!.pending = undefined;
      node.adverts = undefined;
      beginLink(air, listener, from, pending.wish, effects);
      return;
    }
    if (scan === undefined) continue;
    const rssiDbm = Math.round(strength(air, from, listener));
    effects.push({ type: "discovered", node: listener, address: node.address, rssiDbm, data: adverts.data });
    air.sights?.push({ type: "heard", atUs: air.nowUs, node: listener, from, rssiDbm, data: adverts.data });
  }
}

function sayInterval(link: Link, effects: AirEffect[]): void {
  const intervalMs = link.intervalUs / 1000;
  for (const { node, gone } of link.ends)
    if (!gone) effects.push({ type: "interval", node, link: link.id, intervalMs });
}

/** A link is gone when both ends are. */
function forget(air: Air): void {
  for (let place = air.links.length - 1; place >= 0; place--) {
    if (air.links[place]!.ends.every((end) => end.gone)) air.links.splice(place, 1);
  }
}
