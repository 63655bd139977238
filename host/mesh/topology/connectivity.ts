/** How many kiosks may fall silent before the others no longer hear each other. Kiosks are bits of a number, which thirty fit. */
import { assert } from "../../../protocol/core/assert.ts";

/** By kiosk, the others that it has a link with. */
export type Links = readonly number[];

export const KIOSKS_MAX = 30;

/** The most of them that may be taken away, whichever, while the rest stays together; and one more. Between all pairs of a
 * whole mesh there are links, so that it is never parted: one less than its kiosks. */
export function connectivity(links: Links): number {
  let count = 0;
  while (count + 1 < links.length && cuts(links, count) === 0) count += 1;
  return count;
}

/** Over all ways to take away so many kiosks: into how many parts too many the rest falls, summed up. Nothing where the rest
 * always stays together, and less the nearer it is to that. */
export function cuts(links: Links, taken: number): number {
  assert(links.length <= KIOSKS_MAX, "a number has a bit for each kiosk");
  return take(links, (2 ** links.length - 1) | 0, taken, 0);
}

export function bitsOf(set: number): number {
  let count = 0;
  for (let rest = set; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}

function take(links: Links, rest: number, more: number, from: number): number {
  if (more === 0) return parts(links, rest) - 1;
  let sum = 0;
  for (let kiosk = from; kiosk + more <= links.length; kiosk++)
    sum += take(links, rest & ~(1 << kiosk), more - 1, kiosk + 1);
  return sum;
}

function parts(links: Links, all: number): number {
  let count = 0;
  for (let rest = all; rest !== 0; count++) {
    let edge = rest & -rest;
    rest &= ~edge;
    while (edge !== 0) {
      const kiosk = 31 - Math.clz32(edge);
      edge &= ~(1 << kiosk);
      const found = links[kiosk] & rest;
      rest &= ~found;
      edge |= found;
    }
  }
  return count;
}
