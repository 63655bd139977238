/** From bytes on the wire to whole packets, in order, each once. */

import { utf8Decode } from "../bytes/utf8.ts";
import { DEAD_AFTER_MS, SERIAL_WINDOW } from "../core/limits.ts";
import type { PacketClass } from "../core/packet-class.ts";
import { millis } from "../core/units.ts";
import { type Crc, decodeFrame, type Frame } from "../frame/frame.ts";
import { slipDecode } from "../frame/slip.ts";
import { advance, onGrant, rebase } from "./credit.ts";
import type { LinkEffect, LogLevel } from "./events.ts";
import { onReset, onResetAck } from "./opening.ts";
import { onAck, onAgain } from "./send.ts";
import type { Incoming, Link } from "./state.ts";

export function onReceived(link: Link, bytes: Uint8Array, effects: LinkEffect[], crc: Crc): void {
  link.counters.bytesIn += bytes.length;
  for (let at = 0; at < bytes.length; ) {
    const next = slipDecode(link.slip, bytes, at);
    link.received = advance(link.received, next - at);
    at = next;
    if (link.slip.refused !== undefined) link.counters.misframed += 1;
    if (link.slip.frame !== undefined) onBytes(link, link.slip.frame, effects, crc);
  }
  // The state keeps no view of a buffer that belongs to the caller.
  link.slip.frame = undefined;
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
  if (link.mode === "open") link.deadAt = millis(link.now + DEAD_AFTER_MS);
  if (frame.type === "log") {
    effects.push({ type: "logged", level: frame.level as LogLevel, text: utf8Decode(frame.text) ?? "(not text)" });
    return;
  }
  if (link.mode !== "open") {
    link.counters.unexpected += 1;
    return;
  }
  link.peerOpen = true;
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
    empty(incoming);
  }
  if (!incoming.overlong) append(incoming, chunk, last, link.config.packetSizeMax);
  if (!last) return;
  if (incoming.overlong) {
    link.counters.overlong += 1;
  } else {
    link.counters.packetsIn += 1;
    effects.push({ type: "deliver", class: packetClass, bytes: incoming.bytes });
  }
  incoming.overlong = false;
  empty(incoming);
}

/** A copy: the chunk is a view of the wire's buffer. Room doubles, so that a packet in tiny pieces costs no more than twice
 * its size, up to the longest packet, and is made exact by the last unless it fits well enough: even pieces do. */
function append(incoming: Incoming, chunk: Uint8Array, last: boolean, sizeMax: number): void {
  const size = incoming.size + chunk.length;
  const room = incoming.bytes.length;
  if (last && size <= room && size >= room - (room >> 4)) incoming.bytes = incoming.bytes.subarray(0, size);
  else if (last || size > room) {
    const bytes = new Uint8Array(last ? size : Math.min(2 * size, sizeMax));
    if (incoming.size > 0) bytes.set(incoming.bytes.subarray(0, incoming.size));
    incoming.bytes = bytes;
  }
  incoming.bytes.set(chunk, incoming.size);
  incoming.size = size;
}

function empty(incoming: Incoming): void {
  incoming.bytes = new Uint8Array(0);
  incoming.size = 0;
}
