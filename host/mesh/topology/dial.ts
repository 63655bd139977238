/**
 * When a kiosk's radios open links, and to whom. Radios that dial whom they hear come to rest in several rings; so only hosts order
 * connections. A planned link is opened wherever it is heard. Without a plan, or when planned links do not come up, a kiosk
 * dials into another part of the table, and only into one of a lower name: so parts join in no circle, and what is left is a
 * chain, whose ends meet when the table is whole.
 */
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { draw } from "../../../protocol/core/chance.ts";
import { millis } from "../../../protocol/core/units.ts";
import type { LinkName } from "../events.ts";
import {
  DIAL_AGAIN_MS,
  DIAL_PLAN_PATIENCE_MS,
  DIAL_UNASKED_AFTER_MS,
  HEARD_APART_MS,
  RING_CLOSES_AFTER_MS,
  RING_PATIENCE_MS,
} from "../limits.ts";
import type { PeerName } from "../peer-name.ts";
import { giveWay, openRing, turns } from "./dial-closing.ts";
import type { DialEffect, DialEvent, Dialler, DialRadio, DialRefusal } from "./dial-state.ts";

/** Answers why nothing was dialled, where an advert was heard. */
export function step<A>(of: Dialler, event: DialEvent<A>, effects: DialEffect<A>[]): DialRefusal | undefined {
  assert(event.at >= of.now, "time runs forward");
  of.now = event.at;
  switch (event.type) {
    case "started":
      of.radios.set(event.radio, { role: event.role, linksMax: event.linksMax, dialling: undefined, links: [] });
      return undefined;
    case "stopped":
      of.radios.delete(event.radio);
      return undefined;
    case "advert":
      return onAdvert(of, event, effects);
    case "linkUp":
      onLinkUp(of, event, effects);
      return undefined;
    case "linkDown":
      onLinkDown(of, event.link);
      return undefined;
    case "notConnected":
      onNotConnected(of, event.radio);
      return undefined;
    case "view":
      of.part = event.part;
      of.planned = event.planned;
      openRing(of, effects);
      giveWay(of, effects);
      return undefined;
    default:
      return unreachable(event);
  }
}

/** Whether it should listen for adverts, and whether be heard. */
export const wantsLinks = ({ role, linksMax, links, dialling }: DialRadio): { scan: boolean; advertise: boolean } => {
  const isFree = links.length < linksMax && dialling === undefined;
  return { scan: isFree && role !== "server", advertise: isFree && role !== "client" };
};

/** Whether there may be anybody to open a link to: to listen costs the air and the radio's own links. */
export function wantsToHear(of: Dialler, name: number): boolean {
  const radio = of.radios.get(name);
  if (radio === undefined || !wantsLinks(radio).scan) return false;
  const linked = peers(of);
  if (!of.part.isWhole || of.part.isFragile) return true;
  return of.planned === undefined ? linked.length < RING_LINKS : of.planned.some((kiosk) => !linked.includes(kiosk));
}

function onAdvert<A>(
  of: Dialler,
  event: DialEvent<A> & { type: "advert" },
  effects: DialEffect<A>[],
): DialRefusal | undefined {
  const { kiosk, radio: name, address, part } = event;
  if (kiosk === undefined) return "not of our table";
  if (kiosk === of.me) return "own radio";
  hear(of, kiosk);
  const radio = of.radios.get(name);
  if (radio === undefined || radio.role === "server") return "not a client";
  if (!wantsLinks(radio).scan) return "no link free";
  if ((peers(of).includes(kiosk) && !turns(of, kiosk)) || isDialling(of, kiosk)) return "linked already";
  if (of.now < (of.again.get(kiosk) ?? 0)) return "failed lately";
  const why = reason(of, kiosk, part);
  if (why !== undefined) return why;
  radio.dialling = kiosk;
  effects.push({ type: "connect", radio: name, address });
  return undefined;
}

function reason(of: Dialler, kiosk: PeerName, part: PeerName): DialRefusal | undefined {
  if (of.planned?.includes(kiosk)) return undefined;
  const since = of.heard.get(kiosk)?.since ?? of.now;
  if (part === of.part.name) {
    // A whole table that bears no loss takes any link, when the planned ones had their time: what then is in their way gives way.
    if (of.planned !== undefined && of.part.isFragile) {
      const afterMs = hasOpenedOne(of) ? DIAL_PLAN_PATIENCE_MS : RING_PATIENCE_MS;
      if (of.now >= since + afterMs) return undefined;
    }
    if (of.planned !== undefined) return "not planned";
    const mayBeGone = of.lost !== undefined && of.lost.peer !== kiosk && of.now < of.lost.at + RING_CLOSES_AFTER_MS;
    return of.part.isWhole && !mayBeGone ? undefined : "not before the table is whole";
  }
  if (of.now < since + DIAL_PLAN_PATIENCE_MS) {
    if (of.planned !== undefined) return "the plan first";
    if (hasOpenedOne(of)) return "one is enough";
  }
  // Where those who should dial have no radio that can, the others do it at last.
  return part < of.part.name || of.now >= since + DIAL_UNASKED_AFTER_MS ? undefined : "they dial us";
}

/** Without a plan each kiosk opens one link and accepts one, so that the ends of the chain are one that can open and one that can
 * accept. A second opened by the same radio would take what the ring needs. */
function hasOpenedOne({ radios }: Dialler): boolean {
  const all = [...radios.values()];
  return all.some(({ role }) => role !== "client") && all.some(({ links }) => links.some(({ isOpener }) => isOpener));
}

/** Of two links between a pair one is closed, if somebody may need its radios: that which the higher of the two opened. */
function onLinkUp<A>(of: Dialler, event: DialEvent<A> & { type: "linkUp" }, effects: DialEffect<A>[]): void {
  const { peer, link, isOpener } = event;
  const radio = of.radios.get(event.radio);
  if (radio === undefined) return;
  if (isOpener) radio.dialling = undefined;
  const others = [...of.radios.values()].flatMap(({ links }) => links).filter((each) => each.peer === peer);
  radio.links.push({ name: link, since: of.now, peer, isOpener });
  if (others.length === 0) return;
  const [other] = others;
  if (isOpener && !other.isOpener && of.planned?.includes(peer)) {
    effects.push({ type: "close", link: other.name, why: "in the way" });
    return;
  }
  if (!isNeeded(of)) return;
  if (isOpener && (other.isOpener || of.me > peer)) effects.push({ type: "close", link, why: "double" });
  else if (!isOpener && other.isOpener && of.me > peer)
    effects.push({ type: "close", link: other.name, why: "double" });
}

function onLinkDown(of: Dialler, link: LinkName): void {
  for (const { links } of of.radios.values()) {
    const at = links.findIndex(({ name }) => name === link);
    if (at < 0) continue;
    const [{ peer, since, isOpener }] = links.splice(at, 1);
    of.lost = { peer, at: of.now };
    // Who does not want us is not asked again at once.
    if (isOpener && of.now < since + DIAL_AGAIN_MS) tryLater(of, peer);
  }
}

const isNeeded = (of: Dialler): boolean =>
  !of.part.isWhole || (of.planned?.some((kiosk) => !peers(of).includes(kiosk)) ?? false);

function onNotConnected(of: Dialler, name: number): void {
  const radio = of.radios.get(name);
  if (radio?.dialling === undefined) return;
  tryLater(of, radio.dialling);
  radio.dialling = undefined;
}

/** Two that want the same radio come back at different times. */
function tryLater(of: Dialler, peer: PeerName): void {
  of.again.set(peer, millis(of.now + DIAL_AGAIN_MS * (0.5 + draw(of.chance))));
}

function hear(of: Dialler, kiosk: PeerName): void {
  const known = of.heard.get(kiosk);
  if (known === undefined || of.now >= known.last + HEARD_APART_MS)
    of.heard.set(kiosk, { since: of.now, last: of.now });
  else known.last = of.now;
}

/** A kiosk's in a ring. */
const RING_LINKS = 2;

const peers = (of: Dialler): PeerName[] =>
  [...of.radios.values()].flatMap(({ links }) => links.map(({ peer }) => peer));

const isDialling = (of: Dialler, kiosk: PeerName): boolean =>
  [...of.radios.values()].some(({ dialling }) => dialling === kiosk);
