/** What each of a kiosk's radios does beside its links: it is found, it listens, and it gives up a call that nobody takes. */
import { wantsToHear } from "../mesh/topology/dial.ts";
import type { Order } from "../radio/events.ts";
import { DIAL_WITHIN_LINKED_MS, DIAL_WITHIN_MS } from "./limits.ts";
import type { BothTimes, RadioLinks, RadioLinksEffect } from "./radio-links-state.ts";
import { rename } from "./radio-names.ts";

/** Away from a multiple of the adverts' interval, at which two clocks can miss each other for long. */
const SCAN_MS = 60;
export const ADVERT_MS = 100;

/** In an advert: people are bringing this kiosk and another together. */
export const PAIRING_FLAG = 0x01;

/** Whoever was heard may have another's call by now, or be gone: a call that nobody takes would last for ever. Some boards end one
 * by a restart, which costs them the links that they have. */
export function giveUp(of: RadioLinks, radio: number, { at }: BothTimes, effects: RadioLinksEffect[]): void {
  const { dialling, links } = of.radios[radio];
  if (dialling === undefined || dialling.isCancelled) return;
  if (at < dialling.since + (links.length === 0 ? DIAL_WITHIN_MS : DIAL_WITHIN_LINKED_MS)) return;
  dialling.isCancelled = true;
  effects.push({ type: "order", radio, order: { type: "cancel" } });
}

/** For those that are missing. A radio that has a connection to make is told nothing else. */
export function scan(of: RadioLinks, radio: number, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  if (own.role === "server" || own.dialling !== undefined) return;
  const on = wantsToHear(of.dialler, radio) || (of.isPairing && own.linksMax > own.links.length);
  if (on === own.isScanning) return;
  own.isScanning = on;
  effects.push({ type: "order", radio, order: { type: "scan", on, intervalMs: SCAN_MS, windowMs: SCAN_MS } });
}

export function advertise(of: RadioLinks, radio: number, wallMs: number, effects: RadioLinksEffect[]): void {
  const own = of.radios[radio];
  const { name } = own;
  const part = of.part === undefined ? {} : { part: of.part };
  const renamed = name === undefined ? undefined : rename(of.names, name, wallMs, part);
  if (renamed === undefined) return;
  own.tag = renamed.tag;
  const advert = { version: 1, flags: of.isPairing ? PAIRING_FLAG : 0, ...(renamed.tag ?? NO_TAG) };
  const order: Order = { type: "advertise", on: renamed.tag !== undefined, intervalMs: ADVERT_MS, advert };
  effects.push({ type: "order", radio, order });
}

/** What a radio that is told to advertise nothing is given in place of a tag. */
export const NO_TAG = Object.freeze({ kiosk: new Uint8Array(4), component: new Uint8Array(4) });
