/** Byte credits as absolute positions on a circle of 16 bits. Neither board has flow control, so the receiver says up to
 * which position of the sender's count it takes bytes. Each good frame names the sender's position, which sets the
 * receiver's count right: a byte lost on the wire leaks nothing for longer than a frame. */
import { CRC_SIZE, DATA_FRAME_OVERHEAD, QUIET_MS, WIRE_FRAME_SIZE_MAX } from "../core/limits.ts";
import type { Link } from "./state.ts";

/** How far `to` lies ahead of `from`; negative if behind. */
export const ahead = (from: number, to: number): number => (((to - from) & 0xffff) << 16) >> 16;

export const advance = (position: number, size: number): number => (position + size) & 0xffff;

/** Bytes that may go on the wire now. */
export const credit = (link: Link): number => Math.max(0, ahead(link.sent, link.granted));

/** The longest chunk that is sure of its grant where a frame is not begun without one: the other end grants anew before
 * an eighth of its space is unmentioned, and every byte may need an escape. */
export const chunkSizeSure = (link: Link): number => {
  const space = link.peer?.space ?? 0;
  return ((space - (space >> 3) - 2) >> 1) - DATA_FRAME_OVERHEAD - CRC_SIZE;
};

/** The position up to which this end takes bytes. Sending it is what counts, so whoever asks puts it in a frame. */
export function grant(link: Link): number {
  link.grantSent = advance(link.received, link.config.space);
  return link.grantSent;
}

/** Bytes taken that no grant has mentioned. */
export const ungranted = (link: Link): number => ahead(link.grantSent, advance(link.received, link.config.space));

/** An eighth of the space: 128 B behind a bridge of 2 ms carry half the wire so, and a fifth less at a quarter. A busy
 * board takes more at a time and so grants more seldom by itself. */
export const grantStep = (link: Link): number => link.config.space >> 3;

/** An end with room for a whole frame lets the other finish each frame it starts, so it may itself send frame by piece as
 * grants come. Were both to send by piece, each could wait in mid-frame for the other's grant. */
export const sendsByPiece = (link: Link): boolean => link.config.space >= WIRE_FRAME_SIZE_MAX;

/** A good frame began at `position` and took `wireSize`: that, not the count, is where its sender stands. */
export function rebase(link: Link, position: number, wireSize: number): void {
  const right = advance(position, wireSize);
  link.counters.rebased += Math.abs(ahead(link.received, right));
  link.received = right;
}

/** When nothing of ours can still be on the way, an honest receiver has read all that came and grants its whole space. Two
 * heartbeats that do not: then what is missing was lost on the wire, and one small frame beyond the grant, which finds that
 * room empty, sets the receiver's count right. */
export function onGrant(link: Link, granted: number): void {
  link.granted = granted;
  const space = link.peer?.space ?? 0;
  if (credit(link) >= space || link.now - link.lastTransmitAt < QUIET_MS) {
    link.starvedAt = undefined;
  } else if (link.starvedAt === undefined) {
    link.starvedAt = link.now;
  } else if (link.now - link.starvedAt >= QUIET_MS) {
    link.probeDue = true;
    // Whatever filled that room was lost too, the frame half sent included.
    link.wireFrom = link.wireTo;
    link.underway = 0;
    link.flush = true;
    link.starvedAt = undefined;
    link.counters.starved += 1;
  }
}
