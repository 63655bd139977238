/** How a link opens: each end asks with a reset and opens at the resetAck that names its session, for then it knows the
 * other and the other has forgotten what came before. Either may begin, both may at once; who is answered before it was
 * asked answers all the same, which is the third leg. A reset under a session that is known is a repetition, under another
 * one a new life. */
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
import { negotiate } from "../core/version.ts";
import type { Frame, Opening } from "../frame/frame.ts";
import { sendAgain } from "./credit.ts";
import type { LinkEffect } from "./events.ts";
import { incoming, type Link, type Outgoing } from "./state.ts";

export const opening = (link: Link): Opening => ({
  session: link.session,
  major: link.config.major,
  minor: link.config.minor,
  features: link.config.features,
  space: link.config.space,
  packetSizeMax: link.config.packetSizeMax,
});

export function startOver(link: Link, session: number, why: "silent" | "started over", effects: LinkEffect[]): void {
  close(link, why, effects);
  link.mode = "opening";
  // After a silence this end chose a session by itself: whoever names that one next means another.
  link.session = session === link.session ? (session + 1) >>> 0 : session;
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
  // An end that is open asks no more: one that was and does has drawn the same session in a new life.
  if (link.peer?.session !== frame.opening.session || link.peerOpen) {
    close(link, "peer started over", effects);
    if (!meet(link, frame.opening, effects)) return;
    link.mode = "opening";
    // Should the third leg be lost, this end asks too.
    link.openingAt = millis(link.now + OPENING_RETRY_MS);
    link.openingRetryMs = OPENING_RETRY_MS;
  } else if (link.mode === "open") {
    // It missed the answer and took nothing of what came after, so no grant will come for the frame half sent.
    sendAgain(link);
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
    link.answerOwed = true;
  }
  link.mode = "open";
  link.granted = frame.grant;
  link.openingAt = undefined;
  link.resetDue = false;
  link.heartbeatDue = false;
  link.heartbeatAt = millis(link.now + HEARTBEAT_MS);
  link.deadAt = millis(link.now + DEAD_AFTER_MS);
  // What was said first under a session counts: an answer that differs changes nothing.
  const { peer } = link;
  const agreed = peer === undefined ? undefined : negotiate(link.config, peer);
  assert(peer !== undefined && agreed?.ok === true, "a link opens between ends of one major version that have met");
  effects.push({ type: "opened", peer, version: agreed.version });
}

/** Whatever was under way is lost: the other end may have it or not. */
function close(link: Link, why: (LinkEffect & { type: "closed" })["why"], effects: LinkEffect[]): void {
  if (link.mode === "open") effects.push({ type: "closed", why });
  for (let i = 0; i < link.inFlight.length; i++) {
    const { packet, to } = peek(link.inFlight, i);
    // A packet of which a part is still unsent waits in its queue and is named there.
    if (to === packet.bytes.length) lose(link, packet, effects);
  }
  for (const line of link.waiting) {
    for (let packet = shift(line); packet !== undefined; packet = shift(line)) lose(link, packet, effects);
  }
  link.waitingSize = 0;
  link.deadAt = undefined;
  link.heartbeatAt = undefined;
  resetStreams(link);
}

function lose(link: Link, packet: Outgoing, effects: LinkEffect[]): void {
  link.counters.lost += 1;
  effects.push({ type: "lost", token: packet.token });
}

function resetStreams(link: Link): void {
  clear(link.inFlight);
  sendAgain(link);
  link.peerOpen = false;
  link.nextSequence = 0;
  link.chunkSize = CHUNK_SIZE_MAX;
  link.expected = 0;
  link.ackOwed = false;
  link.gap = "none";
  link.retransmitAt = undefined;
  link.starvedAt = undefined;
  link.probeDue = false;
  Object.assign(link.roundTrip, roundTrip());
  for (let i = 0; i < CLASS_COUNT; i++) link.incoming[i] = incoming();
}

function meet(link: Link, peer: Opening, effects: LinkEffect[]): boolean {
  link.peer = peer;
  if (negotiate(link.config, peer).ok) return true;
  link.mode = "incompatible";
  link.openingAt = undefined;
  link.resetDue = false;
  link.answerOwed = true;
  effects.push({ type: "incompatible", peer });
  return false;
}

const acceptable = (peer: Opening): boolean => peer.space >= SERIAL_SPACE_MIN && peer.space <= SERIAL_SPACE_MAX;
