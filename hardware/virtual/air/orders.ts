/** What a radio's program orders, and why an order may change nothing. A stock board says nothing of that to its program;
 * who watches the air sees it. */
import { unreachable } from "../../../protocol/core/assert.ts";
import { ATT_OVERHEAD, CONNECTION_INTERVAL_MAX_MS } from "../../../protocol/core/limits.ts";
import { nextAdvertUs } from "./discovery.ts";
import type { AirEffect, AirEvent, IgnoredWhy } from "./events.ts";
import { leave, measure, orderEnd, quantised } from "./link.ts";
import { enqueue } from "./outgoing.ts";
import { wake } from "./schedule.ts";
import { type Air, endOf, linkOf, linksAs } from "./state.ts";

/** Bluetooth Core, Vol 6 Part B 4.5.2. */
const SUPERVISION_MAX_MS = 32_000;
const ADVERT_INTERVAL_MIN_MS = 20;

export type Order = Exclude<AirEvent, { type: "tick" | "walls" }>;

export function onOrder(air: Air, event: Order, effects: AirEffect[]): IgnoredWhy | undefined {
  const node = air.nodes[event.node]!;
  switch (event.type) {
    case "advertise":
      if (event.data === undefined) node.adverts = undefined;
      else if (!node.facts.server) return "noRole";
      else if (linksAs(air, 1, event.node) >= node.facts.linksAsServer) return "linksFull";
      else {
        const intervalUs = inUs(Math.max(ADVERT_INTERVAL_MIN_MS, event.intervalMs));
        const nextUs = nextAdvertUs(air, 0);
        node.adverts = { data: event.data, intervalUs, lastUs: Number.NEGATIVE_INFINITY, nextUs };
      }
      return undefined;
    case "scan":
      if (event.windowMs === 0) node.scan = undefined;
      else if (!node.facts.client) return "noRole";
      else {
        const intervalUs = inUs(event.intervalMs);
        const windowUs = Math.min(inUs(event.windowMs), intervalUs);
        node.scan = { intervalUs, windowUs, sinceUs: air.nowUs };
      }
      return undefined;
    case "connect":
      return onConnect(air, event);
    case "cancel":
      if (node.pending === undefined) return "nothingPending";
      if (!node.cancel) return "noCancel";
      node.pending = undefined;
      effects.push({ type: "cancelled", node: event.node });
      return undefined;
    case "reset":
      node.adverts = node.scan = node.pending = undefined;
      for (const link of air.links) {
        const mine = endOf(link, event.node);
        if (mine === undefined) continue;
        wake(link, air.nowUs);
        leave(link, mine);
      }
      return undefined;
    case "move":
      node.position = event.to;
      for (const link of air.links) if (endOf(link, event.node) !== undefined) measure(air, link);
      return undefined;
    default:
      return onLinkOrder(air, event, effects);
  }
}

function onConnect(air: Air, event: Extract<AirEvent, { type: "connect" }>): IgnoredWhy | undefined {
  const node = air.nodes[event.node]!;
  if (!node.facts.client) return "noRole";
  if (node.pending !== undefined) return "pending";
  if (linksAs(air, 0, event.node) >= node.facts.linksAsClient) return "linksFull";
  const wish = event.wish ?? {};
  if (wish.phy !== undefined && node.facts.sensitivityDbm[wish.phy] === undefined) return "noPhy";
  node.scan = undefined;
  node.pending = { to: event.to, wish };
  return undefined;
}

type OnLink = Extract<AirEvent, { link: number }>;

function onLinkOrder(air: Air, event: OnLink, effects: AirEffect[]): IgnoredWhy | undefined {
  const { node } = event;
  const { facts, parameters } = air.nodes[node]!;
  const link = linkOf(air, event.link, node);
  if (link === undefined) return "noLink";
  const mine = endOf(link, node)!;
  const isClient = mine === link.ends[0];
  if (event.type === "readRssi") {
    if (!(isClient ? facts.rssiAsClient : facts.rssiAsServer)) return "noRssi";
    effects.push({ type: "rssi", node, link: link.id, rssiDbm: Math.round(mine.rssiDbm) });
    return undefined;
  }
  wake(link, air.nowUs);
  switch (event.type) {
    case "value": {
      if (mine.ending) return "noLink";
      const tooLong = event.bytes.length > link.mtu - ATT_OVERHEAD;
      if (tooLong || !enqueue(mine.outgoing, { kind: "value", bytes: event.bytes }))
        effects.push({ type: "queueDropped", node, link: link.id, why: tooLong ? "tooLong" : "full" });
      return undefined;
    }
    case "exchangeMtu":
      if (!isClient) return "clientOnly";
      return enqueue(mine.outgoing, { kind: "mtuRequest", mtu: Math.min(event.mtu, facts.mtuMax) })
        ? undefined
        : "pending";
    case "parameters": {
      if (!parameters) return "noNative";
      const supervisionUs = inUs(event.supervisionMs);
      const intervalUs = quantised(event.intervalMs);
      // The standard's own bound: two intervals fit the time after which a link is given up.
      if (
        supervisionUs <= 2 * intervalUs ||
        event.supervisionMs > SUPERVISION_MAX_MS ||
        event.intervalMs > CONNECTION_INTERVAL_MAX_MS
      )
        return "noSuchValue";
      return enqueue(mine.outgoing, { kind: "parameters", intervalUs, supervisionUs }) ? undefined : "pending";
    }
    case "disconnect":
      orderEnd(mine);
      return undefined;
    default:
      unreachable(event);
  }
}

const inUs = (ms: number): number => Math.round(ms * 1000);
