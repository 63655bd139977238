/** The radios of one kiosk, as its plan wants them: each finds the neighbours that it is for, keeps a link to each, and looks
 * for it again when it is gone. Pure: news of radios come in, orders and links go out. */
import { unreachable } from "../../protocol/core/assert.ts";
import type { LinkGeneration } from "../../protocol/core/units.ts";
import type { News, Order, SessionEffect } from "../radio/events.ts";
import type { AdvertTag } from "../secure/advert-tag.ts";
import type { RadioAddress } from "../secure/binding.ts";
import type { Rotation } from "../secure/rotation.ts";
import type { LinkEnds } from "./bare-transport.ts";
import { DIAL_AGAIN_MS, LINKS_FLED_MAX } from "./limits.ts";
import type { RadioPlan } from "./mesh-plan.ts";
import { BOARDS_NAME, callerOf, expectedOf, radioName, rename, renamesAt, type TableNames } from "./radio-names.ts";
import type { LinkName } from "./transport.ts";

export interface RadioLinks {
  readonly names: TableNames;
  readonly radios: readonly Radio[];
  nextName: LinkName;
}

interface Radio {
  readonly plan: RadioPlan;
  /** What a server is called. */
  readonly name: Rotation | undefined;
  /** As it says itself. */
  address: RadioAddress | undefined;
  /** The kiosk that a connection was ordered to. */
  dialling: number | undefined;
  readonly links: RadioLink[];
  /** Kiosks whose links ended as soon as they were there, the latest last. */
  readonly fled: { readonly kiosk: number; readonly wallMs: number }[];
}

export interface RadioLink extends LinkEnds {
  readonly name: LinkName;
  readonly radio: number;
  readonly generation: LinkGeneration;
  /** Whom the plan wants there; who is, a session proves. */
  readonly kiosk: number;
  /** Since when. */
  readonly wallMs: number;
}

export type RadioLinksEvent =
  | { readonly type: "told"; readonly radio: number; readonly said: SessionEffect }
  /** There is nobody of ours at its other end. */
  | { readonly type: "drop"; readonly link: LinkName }
  | { readonly type: "tick" };

export type RadioLinksEffect =
  | { readonly type: "order"; readonly radio: number; readonly order: Order }
  | { readonly type: "up" | "down"; readonly link: RadioLink };

/** Away from a multiple of the adverts' interval, at which two clocks can miss each other for long. */
const SCAN_MS = 60;
const ADVERT_MS = 100;

/** Time is the date as the host knows it: names change by it, everywhere at once. */
export const radioLinks = (names: TableNames, plans: readonly RadioPlan[], wallMs: number): RadioLinks => ({
  names,
  radios: plans.map((plan, radio) => ({
    ...{ plan, address: undefined, dialling: undefined, links: [], fled: [] },
    name: plan.role === "server" ? radioName(names, radio, plan.awaits, wallMs) : undefined,
  })),
  nextName: 1,
});

export const findLink = (of: RadioLinks, name: LinkName): RadioLink | undefined =>
  of.radios.flatMap(({ links }) => links).find((link) => link.name === name);

/** When it wants a tick. */
export const nextDeadline = ({ radios }: RadioLinks): number =>
  radios.reduce((least, { name }) => (name === undefined ? least : Math.min(least, renamesAt(name))), FAR);

export function step(of: RadioLinks, event: RadioLinksEvent, wallMs: number, effects: RadioLinksEffect[]): void {
  switch (event.type) {
    case "told":
      onTold(of, event.radio, event.said, wallMs, effects);
      break;
    case "drop":
      onDrop(of, event.link, effects);
      break;
    case "tick":
      for (const [radio, { name }] of of.radios.entries()) if (name?.isOn) advertise(of, radio, wallMs, true, effects);
      break;
    default:
      unreachable(event);
  }
}

function onTold(of: RadioLinks, radio: number, said: SessionEffect, wallMs: number, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  switch (said.type) {
    case "up":
      own.address = said.hello.address;
      effects.push({ type: "order", radio, order: { type: "start", role: own.plan.role, name: BOARDS_NAME } });
      break;
    case "down":
      // It advertises nothing until it is there again.
      if (own.name !== undefined) rename(of.names, own.name, wallMs, false);
      forget(of, radio, effects);
      break;
    case "news":
      onNews(of, radio, said.report, wallMs, effects);
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

function onNews(of: RadioLinks, radio: number, report: News, wallMs: number, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  const { plan } = own;
  switch (report.type) {
    case "ready":
      if (plan.role === "client") scan(of, radio, effects);
      else {
        // Whatever it advertised before a restart of its own is forgotten there.
        if (own.name !== undefined) rename(of.names, own.name, wallMs, false);
        advertise(of, radio, wallMs, true, effects);
      }
      break;
    case "discovered": {
      if (own.dialling !== undefined) break;
      const kiosk = callerOf(
        of.names,
        report.advert,
        missing(own).filter((each) => !isFresh(own, each, wallMs)),
      );
      if (kiosk === undefined) break;
      own.dialling = kiosk;
      effects.push({ type: "order", radio, order: { type: "connect", to: report.peer } });
      break;
    }
    case "linkUp": {
      const kiosk = plan.role === "server" ? plan.awaits : (own.dialling ?? of.names.me);
      if (plan.role === "server") effects.push({ type: "order", radio, order: { type: "keep", link: report.link } });
      own.dialling = undefined;
      // A radio says who it is before all else; one that does not has no links of ours.
      if (own.address === undefined) break;
      const expected = kiosk === of.names.me ? undefined : expectedOf(of.names, kiosk);
      const link: RadioLink = {
        ...{ name: of.nextName, radio, generation: report.link, kiosk, expected },
        ...{ role: plan.role, own: own.address, other: report.peer, wallMs },
      };
      of.nextName += 1;
      own.links.push(link);
      effects.push({ type: "up", link });
      scan(of, radio, effects);
      break;
    }
    case "notConnected":
      own.dialling = undefined;
      scan(of, radio, effects);
      break;
    case "linkDown": {
      const at = own.links.findIndex(({ generation }) => generation === report.link);
      if (at < 0) break;
      const [link] = own.links.splice(at, 1);
      effects.push({ type: "down", link });
      // Who does not want us is not asked again at once.
      if (isSoon(link.wallMs, wallMs)) own.fled.push({ kiosk: link.kiosk, wallMs });
      if (own.fled.length > LINKS_FLED_MAX) own.fled.shift();
      scan(of, radio, effects);
      break;
    }
    default:
      break;
  }
}

/** The radio tells when it is down; until then its place is taken. */
function onDrop(of: RadioLinks, name: LinkName, effects: RadioLinksEffect[]): void {
  const link = findLink(of, name);
  if (link === undefined) return;
  effects.push({ type: "order", radio: link.radio, order: { type: "disconnect", link: link.generation } });
}

/** For those that are missing; a server waits. */
function scan(of: RadioLinks, radio: number, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  if (own.plan.role === "server") return;
  const on = missing(own).length > 0;
  effects.push({ type: "order", radio, order: { type: "scan", on, intervalMs: SCAN_MS, windowMs: SCAN_MS } });
}

function advertise(of: RadioLinks, radio: number, wallMs: number, on: boolean, effects: RadioLinksEffect[]): void {
  const { name } = of.radios[radio];
  const renamed = name === undefined ? undefined : rename(of.names, name, wallMs, on);
  if (renamed === undefined) return;
  const advert = { version: 1, flags: 0, ...(renamed.tag ?? NO_TAG) };
  const order: Order = { type: "advertise", on: renamed.tag !== undefined, intervalMs: ADVERT_MS, advert };
  effects.push({ type: "order", radio, order });
}

const missing = ({ plan, links }: Radio): readonly number[] =>
  plan.role === "server" ? [] : plan.dials.filter((kiosk) => links.every((link) => link.kiosk !== kiosk));

const isFresh = ({ fled }: Radio, kiosk: number, wallMs: number): boolean =>
  fled.some((each) => each.kiosk === kiosk && isSoon(each.wallMs, wallMs));

/** A clock that was set back makes nobody wait. */
const isSoon = (since: number, wallMs: number): boolean => wallMs >= since && wallMs < since + DIAL_AGAIN_MS;

function forget(of: RadioLinks, radio: number, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  own.dialling = undefined;
  for (const link of own.links.splice(0)) effects.push({ type: "down", link });
}

/** Of a radio that is to be silent. */
const NO_TAG: AdvertTag = Object.freeze({ kiosk: new Uint8Array(4), component: new Uint8Array(4) });

const FAR = Number.POSITIVE_INFINITY;
