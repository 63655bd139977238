/** Byte credits as absolute positions on a circle of 16 bits. Neither board has flow control, so the receiver says up to
 * which position of the sender's count it takes bytes. Each good frame names the sender's position, which sets the
 * receiver's count right: a byte lost on the wire leaks nothing for longer than a frame. */
import { CRC_SIZE, DATA_FRAME_OVERHEAD, HEARTBEAT_MS, QUIET_MS, WIRE_FRAME_SIZE_MAX } from "../core/limits.ts";
import { millis } from "../core/units.ts";
import { slipSizeMax } from "../frame/slip.ts";
import type { Link } from "./state.ts";

/** What a frame that grants and says no more may take on the wire. */
const GRANT_WIRE_SIZE_MAX = slipSizeMax(DATA_FRAME_OVERHEAD + CRC_SIZE);

/** How far `to` lies ahead of `from`; negative if behind. */
export const ahead = (from: number, to: number): number => (((to - from) & 0xffff) << 16) >> 16;

export const advance = (position: number, size: number): number => (position + size) & 0xffff;

/** Bytes that may go on the wire now. */
export const credit = (link: Link): number => Math.max(0, ahead(link.sent, link.granted));

/** The longest chunk that is sure of its grant where a frame is not begun without one: the other end grants anew before
 * an eighth of its space is unmentioned, and every byte may need an escape. */
export const chunkSizeSure = (link: Link): number => {
  const space = link.peer?.space ?? 0;
  return ((space - (space >> 3) - reserve(link) - 2) >> 1) - DATA_FRAME_OVERHEAD - CRC_SIZE;
};

/** The other end takes a frame with such a chunk, and grants enough is left for what follows. */
export function fits(link: Link, chunkSize: number): boolean {
  if (sendsByPiece(link)) return credit(link) > 0;
  return credit(link) >= slipSizeMax(DATA_FRAME_OVERHEAD + chunkSize + CRC_SIZE) + reserve(link);
}

/** The other end takes a frame that grants. */
export const fitsGrant = (link: Link): boolean => credit(link) >= (sendsByPiece(link) ? 1 : GRANT_WIRE_SIZE_MAX);

/** The position up to which this end takes bytes. Sending it is what counts, so whoever asks puts it in a frame. */
export function grant(link: Link): number {
  link.grantSent = advance(link.received, link.config.space);
  // Whatever grants is as good as a heartbeat; a log line is not.
  link.heartbeatDue = false;
  if (link.mode === "open") link.heartbeatAt = millis(link.now + HEARTBEAT_MS);
  return link.grantSent;
}

/** Bytes taken that no grant has mentioned. */
export const ungranted = (link: Link): number => ahead(link.grantSent, advance(link.received, link.config.space));

/** A grant is due at an eighth of the space: 128 B behind a bridge of 2 ms carry half the wire so, and a fifth less at a
 * quarter. A busy board takes more at a time and so grants more seldom by itself. Out of the reserve, half the space. */
export const grantDue = (link: Link): boolean => ungranted(link) >= link.config.space >> (isShort(link) ? 1 : 3);

/** One frame more and the reserve is touched. */
export const isShort = (link: Link): boolean =>
  !sendsByPiece(link) && credit(link) < reserve(link) + GRANT_WIRE_SIZE_MAX;

/** An end with room for a whole frame sends to one without frame by piece, as grants come; that one finishes each frame it
 * begins. Were both to send by piece, each could wait in mid-frame for the other's grant. */
export const sendsByPiece = (link: Link): boolean =>
  link.config.space >= WIRE_FRAME_SIZE_MAX && (link.peer?.space ?? 0) < WIRE_FRAME_SIZE_MAX;

/** Credit that data and log lines leave alone, so that it never comes to both ends waiting for a grant that the other has
 * no credit to send. One grant is enough where frames are not begun in vain: it lets the other send its own. An end that
 * sends by piece grants nothing in mid-frame, so it takes as many as lead it through its longest frame. */
function reserve(link: Link): number {
  const peerByPiece = link.config.space < WIRE_FRAME_SIZE_MAX && (link.peer?.space ?? 0) >= WIRE_FRAME_SIZE_MAX;
  if (!peerByPiece) return GRANT_WIRE_SIZE_MAX;
  return GRANT_WIRE_SIZE_MAX * (2 + Math.ceil(WIRE_FRAME_SIZE_MAX / (link.config.space >> 1)));
}

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
    link.starvedAt = undefined;
    link.counters.starved += 1;
    sendAgain(link);
  }
}

/** What went out since the last acknowledgement was lost, the frame half sent included. */
export function sendAgain(link: Link): void {
  link.wireFrom = link.wireTo;
  link.underway = 0;
  link.flush = true;
}
