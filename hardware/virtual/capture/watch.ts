/** What a capture is told of the radios that it watches, and what becomes of what it writes: whole records with a time,
 * which leave in the order of their times. */
import type { LinkId } from "../air/events.ts";

export interface Watched {
  /** One each, as the air counts them; fixed random addresses, most significant byte first. */
  readonly addresses: readonly Uint8Array[];
  /** In milliseconds since 1970: when the air's own time began. */
  readonly beganAt: number;
}

export interface TimedRecord {
  readonly atUs: number;
  readonly bytes: Uint8Array;
}

/** A sight comes when its packets are over, so that another may have begun before and come later. A pair of the longest
 * packets takes 36 ms on the slowest physical layer. */
const HOLD_US = 40_000;

/** Of which something is known. A radio that starts afresh does not say that its links are over, so that some are never
 * seen to end; far fewer than this are alive at a time. */
export const LINKS_MAX = 512;

export function remember<L>(links: Map<LinkId, L>, id: LinkId, link: L): void {
  links.set(id, link);
  if (links.size <= LINKS_MAX) return;
  const [oldest] = links.keys();
  links.delete(oldest);
}

/** Takes out what nothing can overtake any more; everything with a time of infinity. */
export function release(held: TimedRecord[], nowUs: number): TimedRecord[] {
  held.sort((a, b) => a.atUs - b.atUs);
  let count = 0;
  while (count < held.length && held[count].atUs <= nowUs - HOLD_US) count += 1;
  return held.splice(0, count);
}
