/** What goes on the wire next, and what its acknowledgements mean. Lost frames are sent again from the first that is
 * missing: a board has no room to keep what came after it. */
import { assert } from "../core/assert.ts";
import {
  CHUNK_GROWTH_SIZE,
  CHUNK_SIZE_MAX,
  CHUNK_SIZE_MIN,
  CLASS_COUNT,
  SERIAL_WINDOW,
  STREAM_MEMORY_MS,
} from "../core/limits.ts";
import { first, peek, push, shift } from "../core/queue.ts";
import { measured, progressed, timedOut } from "../core/round-trip.ts";
import { millis } from "../core/units.ts";
import { type Crc, encodeFrame, type Frame } from "../frame/frame.ts";
import { END, slipEncode } from "../frame/slip.ts";
import {
  advance,
  chunkSizeSure,
  credit,
  fits,
  fitsGrant,
  grant,
  grantDue,
  isShort,
  sendsByPiece,
  ungranted,
} from "./credit.ts";
import type { LinkEffect } from "./events.ts";
import { cutText } from "./log.ts";
import { opening } from "./opening.ts";
import type { InFlight, Link, Outgoing } from "./state.ts";

/** Puts on the wire what it takes and the other end has granted. */
export function pump(link: Link, effects: LinkEffect[], crc: Crc): void {
  while (link.room > 0) {
    if (link.wireFrom === link.wireTo) {
      // The wire takes more, so it has what it was given: from here on an answer can be late.
      if (link.inFlight.length > 0 && link.retransmitAt === undefined) armRetransmit(link);
      if (!compose(link, crc)) return;
    }
    const left = link.wireTo - link.wireFrom;
    const size = Math.min(link.whole ? left : link.room, link.wireFree ? left : credit(link), left);
    if (size === 0) return;
    const bytes = link.wire.slice(link.wireFrom, link.wireFrom + size);
    link.wireFrom += size;
    link.room -= size;
    link.sent = advance(link.sent, size);
    link.lastTransmitAt = link.now;
    link.counters.bytesOut += size;
    effects.push({ type: "transmit", bytes });
  }
}

/** Chooses the next frame: the opening, a question after a gap, then data with the acknowledgement inside it, or a bare
 * acknowledgement. Log lines come last, for they carry none: a storm of them must not keep the other end from sending. */
function compose(link: Link, crc: Crc): boolean {
  if (link.answerOwed && link.peer !== undefined) {
    link.answerOwed = false;
    const position = openingPosition(link);
    place(
      link,
      { type: "resetAck", position, grant: grant(link), echo: link.peer.session, opening: opening(link) },
      crc,
    );
    return true;
  }
  if (link.resetDue) {
    link.resetDue = false;
    place(link, { type: "reset", position: openingPosition(link), opening: opening(link) }, crc);
    return true;
  }
  if (link.mode !== "open") return false;
  if (link.probeDue) {
    link.probeDue = false;
    place(link, { type: "ack", ack: link.expected, position: start(link), grant: grant(link) }, crc);
    link.wireFree = true;
    return true;
  }
  if (link.gap === "seen" && fitsGrant(link)) {
    link.gap = "asked";
    link.ackOwed = false;
    place(link, { type: "again", ack: link.expected, position: start(link), grant: grant(link) }, crc);
    return true;
  }
  return composeData(link, crc) || composeAck(link, crc) || composeLog(link, crc);
}

function composeData(link: Link, crc: Crc): boolean {
  const repeat = link.underway < link.inFlight.length;
  const frame = repeat ? peek(link.inFlight, link.underway) : nextChunk(link);
  if (frame === undefined) return false;
  const size = frame.to - frame.from;
  if (!fits(link, size)) return false;
  if (repeat) {
    frame.resent = true;
    frame.sentAt = link.now;
    link.counters.resent += 1;
  } else {
    commit(link, frame);
  }
  link.underway += 1;
  link.ackOwed = false;
  place(
    link,
    {
      type: "data",
      sequence: frame.sequence,
      ack: link.expected,
      position: start(link),
      grant: grant(link),
      flags: { class: frame.packet.class, last: frame.to === frame.packet.bytes.length ? 1 : 0 },
      chunk: frame.packet.bytes.subarray(frame.from, frame.to),
    },
    crc,
  );
  return true;
}

/** The next piece of the most urgent packet that waits. */
function nextChunk(link: Link): InFlight | undefined {
  if (link.inFlight.length === SERIAL_WINDOW) return undefined;
  for (let i = 0; i < CLASS_COUNT; i++) {
    // Asked at every turn, so that the question is kept cheap.
    if (link.waiting[i].length === 0) continue;
    const packet = first(link.waiting[i]) as Outgoing;
    const size = packet.bytes.length - packet.from;
    // Even pieces: a last one of a few bytes would be mostly header.
    const to = packet.from + Math.ceil(size / Math.max(1, Math.ceil(size / chunkSizeMax(link))));
    return { sequence: link.nextSequence, packet, from: packet.from, to, sentAt: link.now, resent: false };
  }
  return undefined;
}

function commit(link: Link, frame: InFlight): void {
  const packet: Outgoing = frame.packet;
  packet.from = frame.to;
  if (frame.to === packet.bytes.length) {
    shift(link.waiting[packet.class]);
    link.waitingSize -= packet.bytes.length;
  }
  link.nextSequence = (link.nextSequence + 1) & 0xff;
  assert(push(link.inFlight, frame), "the window has room");
}

/** While bytes stream in, our frames carry the grants, and two of them, and what the port has taken ahead, must fit
 * into the time in which the other end uses up our space: a third of it each. A bare acknowledgement now and then is no
 * stream. */
function chunkSizeMax(link: Link): number {
  const space = link.config.space;
  if (ungranted(link) > space >> 2) link.streamAt = link.now;
  let size = link.chunkSize;
  if (link.streamAt !== undefined && link.now - link.streamAt < STREAM_MEMORY_MS) {
    size = Math.min(size, Math.max(CHUNK_SIZE_MIN, Math.floor(space / 3)));
  }
  if (!sendsByPiece(link)) size = Math.min(size, chunkSizeSure(link));
  return size;
}

function composeLog(link: Link, crc: Crc): boolean {
  const line = first(link.logs);
  if (line === undefined) return false;
  const text = sendsByPiece(link) ? line.text : cutText(line.text, chunkSizeSure(link));
  if (!fits(link, text.length)) return false;
  shift(link.logs);
  place(link, { type: "log", position: start(link), level: line.level, text }, crc);
  return true;
}

function composeAck(link: Link, crc: Crc): boolean {
  const due = (link.ackOwed && !isShort(link)) || link.heartbeatDue || grantDue(link);
  if (!due || !fitsGrant(link)) return false;
  link.ackOwed = false;
  place(link, { type: "ack", ack: link.expected, position: start(link), grant: grant(link) }, crc);
  return true;
}

/** The position of the frame about to be placed; the flushing END counts before it. */
const start = (link: Link): number => advance(link.sent, link.flush ? 1 : 0);

function openingPosition(link: Link): number {
  link.flush = true;
  return start(link);
}

function place(link: Link, frame: Frame, crc: Crc): void {
  let from = 0;
  if (link.flush) link.wire[from++] = END;
  link.flush = false;
  link.wireFrom = 0;
  link.wireTo = slipEncode(encodeFrame(frame, link.scratch, crc), link.wire, from);
  link.wireFree = frame.type === "reset" || frame.type === "resetAck";
  link.counters.framesOut += 1;
}

export function onAck(link: Link, ack: number, effects: LinkEffect[]): void {
  const count = (ack - (link.nextSequence - link.inFlight.length)) & 0xff;
  if (count === 0) return;
  if (count > link.inFlight.length) {
    link.counters.unexpected += 1;
    return;
  }
  for (let i = 0; i < count; i++) {
    const frame = shift(link.inFlight) as InFlight;
    if (frame.resent) progressed(link.roundTrip);
    else if (i === count - 1) measured(link.roundTrip, link.now - frame.sentAt);
    if (!frame.resent) link.chunkSize = Math.min(CHUNK_SIZE_MAX, link.chunkSize + CHUNK_GROWTH_SIZE);
    if (frame.to !== frame.packet.bytes.length) continue;
    link.counters.packetsOut += 1;
    effects.push({ type: "acknowledged", token: frame.packet.token });
  }
  link.underway = Math.max(0, link.underway - count);
  link.retransmitAt = undefined;
  if (link.inFlight.length > 0) armRetransmit(link);
}

/** The other end misses what it waits for: everything from there on is sent again. */
export function onAgain(link: Link): void {
  link.underway = 0;
}

export function onRetransmitDue(link: Link): void {
  assert(link.inFlight.length > 0, "something waits for its acknowledgement");
  link.counters.timeouts += 1;
  link.underway = 0;
  link.flush = true;
  timedOut(link.roundTrip);
  link.chunkSize = Math.max(CHUNK_SIZE_MIN, link.chunkSize >> 1);
  armRetransmit(link);
}

function armRetransmit(link: Link): void {
  link.retransmitAt = millis(link.now + link.roundTrip.timeoutMs);
}
