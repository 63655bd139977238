/** When a link's events are, and how long each may last: a radio has one antenna, and its links share its time. */
import type { Air, Link } from "./state.ts";

/** From a CONNECT_IND to the first event, at the least (Bluetooth Core, Vol 6 Part B 4.5.3). */
const TRANSMIT_WINDOW_DELAY_US = 1250;

/** The first event of a new link: in the middle of the longest gap that the client's other links leave, so that two, four or
 * eight links with one interval share it evenly. The server's other links follow their own clients and may be in the way. */
export function firstEventUs(air: Air, client: number, intervalUs: number): number {
  const from = air.nowUs + TRANSMIT_WINDOW_DELAY_US;
  const others = air.links.filter((link) => link.ends[0].node === client && !link.ends[0].gone);
  if (others.length === 0) return from;
  const cycle = others.reduce((common, link) => divisor(common, link.intervalUs), intervalUs);
  const taken = others.map((link) => link.nextEventUs % cycle).sort((a, b) => a - b);
  let best = { length: -1, middle: 0 };
  taken.forEach((start, place) => {
    const end = taken[place + 1] ?? taken[0]! + cycle;
    if (end - start > best.length) best = { length: end - start, middle: start + Math.floor((end - start) / 2) };
  });
  return from + ((((best.middle - from) % cycle) + cycle) % cycle);
}

/** Of another link that needs one of the same radios, the next event from `atUs` on; and who of the two has waited longer. */
export function nextRival(air: Air, link: Link, atUs: number): { readonly atUs: number; readonly missed: number } {
  let next = { atUs: Number.POSITIVE_INFINITY, missed: 0 };
  for (const other of air.links) {
    if (other === link || !sharesRadio(link, other)) continue;
    const event = upcoming(other, atUs);
    if (event < next.atUs || (event === next.atUs && other.missed > next.missed)) {
      next = { atUs: event, missed: other.missed };
    }
  }
  return next;
}

/** A dormant link's clock runs on. */
export function upcoming(link: Link, atUs: number): number {
  if (link.nextEventUs >= atUs) return link.nextEventUs;
  return link.nextEventUs + Math.ceil((atUs - link.nextEventUs) / link.intervalUs) * link.intervalUs;
}

/** From here on its events count again. The ends have heard each other in all that were left out. */
export function wake(link: Link, atUs: number): void {
  if (!link.dormant) return;
  link.dormant = false;
  const next = upcoming(link, atUs);
  const left = (next - link.nextEventUs) / link.intervalUs;
  if (left > 0) {
    for (const end of link.ends) end.lastHeardUs = next - link.intervalUs;
  }
  link.event += left;
  link.nextEventUs = next;
}

const sharesRadio = (a: Link, b: Link): boolean =>
  b.ends.some((end) => !end.gone && a.ends.some((mine) => mine.node === end.node));

function divisor(a: number, b: number): number {
  while (b > 0) [a, b] = [b, a % b];
  return a;
}
