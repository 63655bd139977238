/** How a link opens: reset, resetAck, and any frame as the third leg. Either end may begin, both may at once. A session is
 * never used twice, so a reset under the peer's present session is a repetition, and under another one a new life. */
import { assert } from "../core/assert.ts";
import {
  CHUNK_SIZE_MAX,
  CLASS_COUNT,
  DEAD_AFTER_MS,
  HEARTBEAT_MS,
  OPENING_RETRY_MAX_MS,
  OPENING_RETRY_MS,
  SERIAL_SPACE_MAX,
  SERIAL_SPACE_MIN,
} from "../core/limits.ts";
import { clear, peek, shift } from "../core/queue.ts";
import { roundTrip } from "../core/round-trip.ts";
import { millis } from "../core/units.ts";
import type { Frame, Opening } from "../frame/frame.ts";
import { advance } from "./credit.ts";
import type { LinkEffect } from "./events.ts";
import type { Link } from "./state.ts";

export const opening = (link: Link): Opening => ({
  session: link.session,
  major: link.config.major,
  minor: link.config.minor,
  features: link.config.features,
  space: link.config.space,
  packetSizeMax: link.config.packetSizeMax,
});

export function startOver(link: Link, session: number, why: "silent" | "started over", effects: LinkEffect[]): void {
  assert(session !== link.session || link.mode === "closed", "a session is never used twice");
  close(link, why, effects);
  link.mode = "opening";
  link.session = session;
  link.peer = undefined;
  link.answerOwed = false;
  link.openingAt = link.now;
  link.openingRetryMs = OPENING_RETRY_MS;
  link.counters.resets += 1;
}

export function onOpeningDue(link: Link): void {
  link.resetDue = true;
  link.openingAt = millis(link.now + link.openingRetryMs);
  link.openingRetryMs = Math.min(OPENING_RETRY_MAX_MS, 2 * link.openingRetryMs);
}

export function onReset(link: Link, frame: Frame & { type: "reset" }, effects: LinkEffect[]): void {
  if (!acceptable(frame.opening)) {
    link.counters.malformed += 1;
    return;
  }
  if (link.peer?.session !== frame.opening.session) {
    close(link, "peer started over", effects);
    if (!meet(link, frame.opening, effects)) return;
    link.mode = "opening";
    // Should the third leg be lost, this end asks too.
    link.openingAt = millis(link.now + OPENING_RETRY_MS);
    link.openingRetryMs = OPENING_RETRY_MS;
    // What it takes is unknown until it says so in its first frame.
    link.granted = link.sent;
  }
  link.answerOwed = true;
}

export function onResetAck(link: Link, frame: Frame & { type: "resetAck" }, effects: LinkEffect[]): void {
  if (frame.echo !== link.session || link.mode !== "opening" || !acceptable(frame.opening)) {
    link.counters.unexpected += 1;
    return;
  }
  if (link.peer?.session !== frame.opening.session) {
    resetStreams(link);
    if (!meet(link, frame.opening, effects)) return;
  }
  link.granted = frame.grant;
  open(link, effects);
  // The third leg tells the answering end that it may speak.
  link.ackOwed = true;
}

/** Whatever was under way is lost: the other end may have it or not. */
function close(link: Link, why: (LinkEffect & { type: "closed" })["why"], effects: LinkEffect[]): void {
  if (link.mode === "open") effects.push({ type: "closed", why });
  for (let i = 0; i < link.inFlight.length; i++) {
    const { packet, to } = peek(link.inFlight, i);
    // A packet of which a part is still unsent waits in its queue and is named there.
    if (to === packet.bytes.length) effects.push({ type: "lost", token: packet.token });
  }
  for (const line of link.waiting) {
    for (let packet = shift(line); packet !== undefined; packet = shift(line)) {
      effects.push({ type: "lost", token: packet.token });
    }
  }
  link.waitingSize = 0;
  link.deadAt = undefined;
  link.heartbeatAt = undefined;
  resetStreams(link);
}

function resetStreams(link: Link): void {
  clear(link.inFlight);
  link.underway = 0;
  link.nextSequence = 0;
  link.chunkSize = CHUNK_SIZE_MAX;
  link.expected = 0;
  link.ackOwed = false;
  link.gap = "none";
  link.retransmitAt = undefined;
  link.starvedAt = undefined;
  link.probeDue = false;
  link.wireFrom = link.wireTo;
  link.flush = true;
  Object.assign(link.roundTrip, roundTrip());
  for (let i = 0; i < CLASS_COUNT; i++) link.incoming[i] = { pieces: [], size: 0, overlong: false };
}

function meet(link: Link, peer: Opening, effects: LinkEffect[]): boolean {
  link.peer = peer;
  if (peer.major === link.config.major) return true;
  link.mode = "incompatible";
  link.openingAt = undefined;
  link.resetDue = false;
  link.answerOwed = true;
  effects.push({ type: "incompatible", peer });
  return false;
}

/** Also called for the third leg: the first frame under a session that this end has answered. */
export function open(link: Link, effects: LinkEffect[]): void {
  assert(link.mode === "opening" && link.peer !== undefined, "a link opens once both ends know each other");
  link.mode = "open";
  link.openingAt = undefined;
  link.resetDue = false;
  link.heartbeatAt = millis(link.now + HEARTBEAT_MS);
  link.deadAt = millis(link.now + DEAD_AFTER_MS);
  link.grantSent = advance(link.received, link.config.space);
  effects.push({ type: "opened", peer: link.peer });
}

const acceptable = (peer: Opening): boolean => peer.space >= SERIAL_SPACE_MIN && peer.space <= SERIAL_SPACE_MAX;
