/** Which links a kiosk opens again: those of a ring that came too soon, and those that stand in the way of the plan. */
import { draw } from "../../../protocol/core/chance.ts";
import { millis } from "../../../protocol/core/units.ts";
import { GIVE_WAY_AFTER_MS, RING_PATIENCE_MS } from "../limits.ts";
import type { PeerName } from "../peer-name.ts";
import type { DialEffect, DialLink, Dialler } from "./dial-state.ts";

/** Without a plan a ring without everyone keeps the others out: who opened its last link opens it again. */
export function openRing<A>(of: Dialler, effects: DialEffect<A>[]): void {
  const again = linksToOpenAgain(of);
  if (again.length === 0) {
    of.ringSince = undefined;
    return;
  }
  of.ringSince ??= of.now;
  if (of.now < of.ringSince + RING_PATIENCE_MS) return;
  for (const link of again) effects.push({ type: "close", link: link.name, why: "ring too soon" });
}

/** Links that stood before there was a plan may hold the radios that it wants. Where the table so bears no loss, or somebody is kept
 * out, one that nobody is cut off without gives way; hardly ever two at a time, so that all stay together. */
export function giveWay<A>(of: Dialler, effects: DialEffect<A>[]): void {
  const { planned, part, radios } = of;
  const link =
    planned === undefined
      ? undefined
      : [...radios.values()]
          .flatMap(({ links }) => links)
          .find(({ peer, isOpener }) => isOpener && !planned.includes(peer) && part.loose.includes(peer));
  if (link === undefined) {
    of.giveWayAt = undefined;
    return;
  }
  of.giveWayAt ??= millis(of.now + GIVE_WAY_AFTER_MS * (1 + draw(of.chance)));
  if (of.now < of.giveWayAt) return;
  of.giveWayAt = undefined;
  effects.push({ type: "close", link: link.name, why: "in the way" });
}

function linksToOpenAgain({ me, planned, part: { opens }, radios }: Dialler): readonly DialLink[] {
  if (planned !== undefined || opens?.includes(me) !== true) return [];
  const other = opens[0] === me ? opens[1] : opens[0];
  return [...radios.values()].flatMap(({ links }) => links.filter(({ isOpener, peer }) => isOpener && peer === other));
}

/** A link that the plan has the other way round holds two radios that it wants for others. */
export function turns({ planned, part, radios }: Dialler, kiosk: PeerName): boolean {
  if (!part.isFragile || !planned?.includes(kiosk)) return false;
  return [...radios.values()].every(({ links }) => links.every(({ peer, isOpener }) => peer !== kiosk || !isOpener));
}
