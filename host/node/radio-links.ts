/** The radios of one kiosk: each takes its part in the mesh, is found or finds others, and keeps the links that it has. Whom to
 * open a link to, the mesh's dialler decides. Pure: news of radios come in, orders and links go out. */
import { unreachable } from "../../protocol/core/assert.ts";
import { nameOfKey } from "../mesh/judge.ts";
import type { PeerName } from "../mesh/peer-name.ts";
import { step as dial } from "../mesh/topology/dial.ts";
import type { DialEffect, DialEvent } from "../mesh/topology/dial-state.ts";
import type { Part } from "../mesh/topology/part.ts";
import type { News, SessionEffect } from "../radio/events.ts";
import type { RadioAddress } from "../secure/binding.ts";
import { advertise, giveUp, scan } from "./radio-duties.ts";
import {
  type BothTimes,
  findLink,
  type RadioLink,
  type RadioLinks,
  type RadioLinksEffect,
  type RadioLinksEvent,
} from "./radio-links-state.ts";
import { BOARDS_NAME, calledBy, expectedOf, partNumber, rename, renamesAt } from "./radio-names.ts";
import { callToPair, setPairing } from "./radio-pairing.ts";
import type { LinkName } from "./transport.ts";

/** The date when it wants a tick. */
export const nextDeadline = ({ radios }: RadioLinks): number =>
  radios.reduce(
    (least, { name }) => (name === undefined ? least : Math.min(least, renamesAt(name))),
    Number.POSITIVE_INFINITY,
  );

export function step(of: RadioLinks, event: RadioLinksEvent, now: BothTimes, effects: RadioLinksEffect[]): void {
  switch (event.type) {
    case "told":
      onTold(of, event.radio, event.said, now, effects);
      break;
    case "drop":
      onDrop(of, event.link, effects);
      break;
    case "proved":
      onProved(of, event.link, event.key, now, effects);
      break;
    case "view":
      onView(of, event.part, event.planned, now, effects);
      break;
    case "pairing":
      setPairing(of, event.isOn, effects);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  for (const [radio, { name }] of of.radios.entries()) if (name?.isOn) advertise(of, radio, now.wallMs, effects);
  for (const radio of of.radios.keys()) {
    giveUp(of, radio, now, effects);
    scan(of, radio, effects);
  }
}

function onTold(of: RadioLinks, radio: number, said: SessionEffect, now: BothTimes, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  switch (said.type) {
    case "up":
      own.address = said.hello.address;
      own.linksMax = own.role === "client" ? said.hello.linksAsClient : said.hello.linksAsServer;
      if (own.role === "dual") own.linksMax = Math.max(own.linksMax, said.hello.linksAsClient);
      effects.push({ type: "order", radio, order: { type: "start", role: own.role, name: BOARDS_NAME } });
      break;
    case "down":
      // It advertises nothing until it is there again.
      if (own.name !== undefined) rename(of.names, own.name, now.wallMs, { on: false });
      dialled(of, { type: "stopped", radio }, now, effects);
      forget(of, radio, now, effects);
      break;
    case "news":
      onNews(of, radio, said.report, now, effects);
      break;
    // Packets are whoever's that holds this.
    case "arrived":
    case "settled":
    case "transmit":
    case "refused":
    case "logged":
      break;
    default:
      unreachable(said);
  }
}

function onNews(of: RadioLinks, radio: number, report: News, now: BothTimes, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  switch (report.type) {
    case "ready":
      dialled(of, { type: "started", radio, role: own.role, linksMax: own.linksMax }, now, effects);
      own.isScanning = undefined;
      // Whatever it advertised before a restart of its own is forgotten there.
      if (own.name !== undefined) rename(of.names, own.name, now.wallMs, { on: false });
      advertise(of, radio, now.wallMs, effects);
      break;
    case "discovered":
      if (!callToPair(of, radio, report, now, effects)) onDiscovered(of, radio, report, now, effects);
      break;
    case "linkUp": {
      const { dialling } = own;
      const isOpener = own.role === "client" || (own.role === "dual" && dialling !== undefined);
      own.dialling = undefined;
      own.isScanning = undefined;
      if (!isOpener) effects.push({ type: "order", radio, order: { type: "keep", link: report.link } });
      // A radio says who it is before all else; one that does not has no links of ours.
      if (own.address === undefined) break;
      const link: RadioLink = {
        ...{ name: of.nextName, radio, generation: report.link, expected: dialling?.expected, peer: undefined },
        ...{ role: isOpener ? "client" : "server", own: own.address, other: report.peer },
        ...(dialling?.isForPairing ? { isForPairing: true } : {}),
      };
      of.nextName += 1;
      own.links.push(link);
      effects.push({ type: "up", link });
      break;
    }
    case "notConnected":
      own.dialling = undefined;
      own.isScanning = undefined;
      dialled(of, { type: "notConnected", radio }, now, effects);
      break;
    case "linkDown": {
      const at = own.links.findIndex(({ generation }) => generation === report.link);
      if (at < 0) break;
      const [link] = own.links.splice(at, 1);
      effects.push({ type: "down", link });
      isGone(of, link, now, effects);
      break;
    }
    default:
      break;
  }
}

function onDiscovered(
  of: RadioLinks,
  radio: number,
  { advert, peer }: News & { type: "discovered" },
  now: BothTimes,
  effects: RadioLinksEffect[],
): void {
  const { identities } = of.names;
  const called = calledBy(of.names, advert);
  if (called === undefined) return;
  const kiosk = nameOfKey(identities[called.kiosk]);
  // Of a part whose name says nothing here, the caller's own stands for it.
  const part = called.part === undefined ? kiosk : nameOfKey(identities[called.part]);
  const made: DialEffect<RadioAddress>[] = [];
  dial(of.dialler, { type: "advert", at: now.at, radio, address: peer, kiosk, part }, made);
  for (const effect of made) {
    if (effect.type !== "connect") continue;
    of.radios[radio].dialling = { expected: expectedOf(of.names, called.kiosk), since: now.at, isCancelled: false };
    effects.push({ type: "order", radio, order: { type: "connect", to: effect.address } });
  }
}

function onProved(of: RadioLinks, name: LinkName, key: Uint8Array, now: BothTimes, effects: RadioLinksEffect[]): void {
  const link = findLink(of, name);
  if (link === undefined) return;
  const peer = nameOfKey(key);
  if (link.peer !== undefined) dialled(of, { type: "linkDown", link: name }, now, effects);
  link.peer = peer;
  const isOpener = link.role === "client";
  dialled(of, { type: "linkUp", radio: link.radio, link: name, peer, isOpener }, now, effects);
}

function onView(
  of: RadioLinks,
  part: Part,
  planned: readonly PeerName[] | undefined,
  now: BothTimes,
  effects: RadioLinksEffect[],
): void {
  dialled(of, { type: "view", part, planned }, now, effects);
  of.part = partNumber(of.names, part.name);
}

/** The radio tells when it is down; until then its place is taken. */
function onDrop(of: RadioLinks, name: LinkName, effects: RadioLinksEffect[]): void {
  const link = findLink(of, name);
  if (link === undefined) return;
  effects.push({ type: "order", radio: link.radio, order: { type: "disconnect", link: link.generation } });
}

/** What the dialler says to an event that is no advert. */
function dialled(
  of: RadioLinks,
  event: Untimed<DialEvent<RadioAddress>>,
  now: BothTimes,
  effects: RadioLinksEffect[],
): void {
  const made: DialEffect<RadioAddress>[] = [];
  dial(of.dialler, { ...event, at: now.at } as DialEvent<RadioAddress>, made);
  for (const effect of made) if (effect.type === "close") onDrop(of, effect.link, effects);
}

function isGone(
  of: RadioLinks,
  { name, radio, peer, role }: RadioLink,
  now: BothTimes,
  effects: RadioLinksEffect[],
): void {
  if (peer !== undefined) dialled(of, { type: "linkDown", link: name }, now, effects);
  else if (role === "client") dialled(of, { type: "notConnected", radio }, now, effects);
}

function forget(of: RadioLinks, radio: number, now: BothTimes, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  own.dialling = undefined;
  own.isScanning = undefined;
  for (const link of own.links.splice(0)) {
    effects.push({ type: "down", link });
    isGone(of, link, now, effects);
  }
}

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;
