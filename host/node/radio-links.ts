/** The radios of one kiosk, as its plan wants them: each finds the neighbours that it is for, keeps a link to each, and looks
 * for it again when it is gone. Pure: news of radios come in, orders and links go out. */
import { unreachable } from "../../protocol/core/assert.ts";
import type { LinkGeneration } from "../../protocol/core/units.ts";
import type { News, Order, SessionEffect } from "../radio/events.ts";
import type { RadioPlan } from "./mesh-plan.ts";
import type { LinkName } from "./transport.ts";

export interface RadioLinks {
  readonly me: number;
  readonly radios: readonly Radio[];
  nextName: LinkName;
}

interface Radio {
  readonly plan: RadioPlan;
  /** The kiosk that a connection was ordered to. */
  dialling: number | undefined;
  readonly links: RadioLink[];
}

export interface RadioLink {
  readonly name: LinkName;
  readonly radio: number;
  readonly generation: LinkGeneration;
  readonly kiosk: number;
}

export type RadioLinksEffect =
  | { readonly type: "order"; readonly radio: number; readonly order: Order }
  | { readonly type: "up" | "down"; readonly link: RadioLink };

/** Away from a multiple of the adverts' interval, at which two clocks can miss each other for long. */
const SCAN_MS = 60;
const ADVERT_MS = 100;

export const radioLinks = (me: number, plans: readonly RadioPlan[]): RadioLinks => ({
  me,
  radios: plans.map((plan) => ({ plan, dialling: undefined, links: [] })),
  nextName: 1,
});

export const findLink = (of: RadioLinks, name: LinkName): RadioLink | undefined =>
  of.radios.flatMap(({ links }) => links).find((link) => link.name === name);

export function step(of: RadioLinks, radio: number, said: SessionEffect, effects: RadioLinksEffect[]): void {
  switch (said.type) {
    case "up":
      effects.push({
        type: "order",
        radio,
        order: { type: "start", role: of.radios[radio].plan.role, name: `kiosk ${of.me}` },
      });
      break;
    case "down":
      forget(of, radio, effects);
      break;
    case "news":
      onNews(of, radio, said.report, effects);
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

function onNews(of: RadioLinks, radio: number, report: News, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  const { plan } = own;
  switch (report.type) {
    case "ready":
      if (plan.role === "client") scan(of, radio, effects);
      else {
        const advert = { version: 1, flags: 0, kiosk: tagOf(of.me, plan.awaits), component: tagOf(of.me, plan.awaits) };
        effects.push({ type: "order", radio, order: { type: "advertise", on: true, intervalMs: ADVERT_MS, advert } });
      }
      break;
    case "discovered": {
      const [kiosk, awaits] = report.advert.kiosk;
      if (awaits !== of.me || own.dialling !== undefined || !missing(own).includes(kiosk)) break;
      own.dialling = kiosk;
      effects.push({ type: "order", radio, order: { type: "connect", to: report.peer } });
      break;
    }
    case "linkUp": {
      const kiosk = plan.role === "server" ? plan.awaits : own.dialling;
      if (plan.role === "server") effects.push({ type: "order", radio, order: { type: "keep", link: report.link } });
      own.dialling = undefined;
      const link = { name: of.nextName, radio, generation: report.link, kiosk: kiosk ?? of.me };
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
      effects.push({ type: "down", link: own.links[at] });
      own.links.splice(at, 1);
      scan(of, radio, effects);
      break;
    }
    default:
      break;
  }
}

/** For those that are missing; a server waits. */
function scan(of: RadioLinks, radio: number, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  if (own.plan.role === "server") return;
  const on = missing(own).length > 0;
  effects.push({ type: "order", radio, order: { type: "scan", on, intervalMs: SCAN_MS, windowMs: SCAN_MS } });
}

const missing = ({ plan, links }: Radio): readonly number[] =>
  plan.role === "server" ? [] : plan.dials.filter((kiosk) => links.every((link) => link.kiosk !== kiosk));

function forget(of: RadioLinks, radio: number, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  own.dialling = undefined;
  for (const link of own.links.splice(0)) effects.push({ type: "down", link });
}

/** A kiosk, and whom this one of its radios waits for: two that dial it do not dial the same. */
const tagOf = (kiosk: number, awaits: number): Uint8Array => Uint8Array.of(kiosk, awaits, 0, 0);
