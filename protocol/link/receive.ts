/** From bytes on the wire to whole packets, in order, each once. */

import { utf8Decode } from "../bytes/utf8.ts";
import { assert } from "../core/assert.ts";
import { DEAD_AFTER_MS, SERIAL_WINDOW } from "../core/limits.ts";
import type { PacketClass } from "../core/packet-class.ts";
import { millis } from "../core/units.ts";
import { type Crc, decodeFrame, type Frame } from "../frame/frame.ts";
import { slipDecode } from "../frame/slip.ts";
import { advance, onGrant, rebase } from "./credit.ts";
import type { LinkEffect, LogLevel } from "./events.ts";
import { onReset, onResetAck, open } from "./opening.ts";
import { onAck, onAgain } from "./send.ts";
import type { Link } from "./state.ts";

export function onReceived(link: Link, bytes: Uint8Array, effects: LinkEffect[], crc: Crc): void {
  link.counters.bytesIn += bytes.length;
  for (let at = 0; at < bytes.length; ) {
    const next = slipDecode(link.slip, bytes, at);
    link.received = advance(link.received, next - at);
    at = next;
    if (link.slip.refused !== undefined) link.counters.misframed += 1;
    if (link.slip.frame !== undefined) onBytes(link, link.slip.frame, effects, crc);
  }
}

function onBytes(link: Link, bytes: Uint8Array, effects: LinkEffect[], crc: Crc): void {
  const decoded = decodeFrame(bytes, crc);
  if (!decoded.ok) {
    if (decoded.why === "damaged" || decoded.why === "cut short") link.counters.damaged += 1;
    else link.counters.malformed += 1;
    return;
  }
  link.counters.framesIn += 1;
  rebase(link, decoded.frame.position, link.slip.frameWireSize);
  onFrame(link, decoded.frame, effects);
}

function onFrame(link: Link, frame: Frame, effects: LinkEffect[]): void {
  if (link.mode === "closed") {
    link.counters.unexpected += 1;
    return;
  }
  if (frame.type === "reset") {
    onReset(link, frame, effects);
    return;
  }
  if (frame.type === "resetAck") {
    onResetAck(link, frame, effects);
    return;
  }
  if (frame.type === "log") {
    // A board talks of its boot before anybody answers it.
    effects.push({ type: "logged", level: frame.level as LogLevel, text: utf8Decode(frame.text) ?? "(not text)" });
    return;
  }
  if (link.mode === "opening" && link.peer !== undefined) open(link, effects);
  if (link.mode !== "open") {
    link.counters.unexpected += 1;
    return;
  }
  link.deadAt = millis(link.now + DEAD_AFTER_MS);
  onGrant(link, frame.grant);
  onAck(link, frame.ack, effects);
  if (frame.type === "again") onAgain(link);
  if (frame.type === "data") onData(link, frame, effects);
}

function onData(link: Link, frame: Frame & { type: "data" }, effects: LinkEffect[]): void {
  const distance = (frame.sequence - link.expected) & 0xff;
  if (distance !== 0) {
    // Half the circle is behind: what was received already is acknowledged again. What lies ahead shows a gap.
    if (distance < SERIAL_WINDOW) {
      link.counters.gaps += 1;
      if (link.gap === "none") link.gap = "seen";
    } else {
      link.counters.repeated += 1;
      link.ackOwed = true;
    }
    return;
  }
  link.expected = (link.expected + 1) & 0xff;
  link.ackOwed = true;
  link.gap = "none";
  onChunk(link, frame.flags.class as PacketClass, frame.chunk, frame.flags.last === 1, effects);
}

function onChunk(link: Link, packetClass: PacketClass, chunk: Uint8Array, last: boolean, effects: LinkEffect[]): void {
  const incoming = link.incoming[packetClass];
  if (incoming.size + chunk.length > link.config.packetSizeMax) {
    incoming.overlong = true;
    incoming.pieces = [];
    incoming.size = 0;
  }
  if (!incoming.overlong) {
    // A copy: the chunk is a view of the wire's buffer.
    incoming.pieces.push(chunk.slice());
    incoming.size += chunk.length;
  }
  if (!last) return;
  if (incoming.overlong) {
    link.counters.overlong += 1;
  } else {
    link.counters.packetsIn += 1;
    effects.push({ type: "deliver", class: packetClass, bytes: join(incoming.pieces, incoming.size) });
  }
  incoming.pieces = [];
  incoming.size = 0;
  incoming.overlong = false;
}

function join(pieces: readonly Uint8Array[], size: number): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  assert(at === size, "the pieces make the packet");
  return bytes;
}
