/** How the radios of two kiosks that are being paired find each other: for as long as people want it, a kiosk's adverts say so, and
 * one that is being paired as well calls whoever says so and is none of its table's. */
import type { News } from "../radio/events.ts";
import { ADVERT_MS, NO_TAG, PAIRING_FLAG } from "./radio-duties.ts";
import type { BothTimes, RadioLinks, RadioLinksEffect } from "./radio-links-state.ts";
import { calledBy } from "./radio-names.ts";

export function setPairing(of: RadioLinks, isOn: boolean, effects: RadioLinksEffect[]): void {
  if (of.isPairing === isOn) return;
  of.isPairing = isOn;
  // What is advertised goes on with another flag.
  for (const [radio, { name, tag }] of of.radios.entries()) {
    if (!name?.isOn || tag === undefined) continue;
    const advert = { version: 1, flags: isOn ? PAIRING_FLAG : 0, ...(tag ?? NO_TAG) };
    effects.push({ type: "order", radio, order: { type: "advertise", on: true, intervalMs: ADVERT_MS, advert } });
  }
}

/** True where it was called. */
export function callToPair(
  of: RadioLinks,
  radio: number,
  { advert, peer }: News & { type: "discovered" },
  { at }: BothTimes,
  effects: RadioLinksEffect[],
): boolean {
  const own = of.radios[radio];
  const isWanted = of.isPairing && (advert.flags & PAIRING_FLAG) !== 0 && calledBy(of.names, advert) === undefined;
  if (!isWanted || own.role === "server" || own.dialling !== undefined || own.links.length >= own.linksMax)
    return false;
  // One call at a time, from whichever radio heard it first.
  if (of.radios.some(({ links }) => links.some(({ other }) => isSame(other, peer)))) return false;
  own.dialling = { expected: undefined, since: at, isCancelled: false, isForPairing: true };
  effects.push({ type: "order", radio, order: { type: "connect", to: peer } });
  return true;
}

type Address = (News & { type: "discovered" })["peer"];

const isSame = (left: Address, right: Address): boolean =>
  left.kind === right.kind && left.address.every((byte, at) => byte === right.address[at]);
