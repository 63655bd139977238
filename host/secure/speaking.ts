/** Sessions in use: what is said goes under the newest that both ends have, what comes is opened by whichever it names. */

import { encode } from "../../protocol/bytes/codec.ts";
import { assert } from "../../protocol/core/assert.ts";
import { CRITICAL } from "../../protocol/core/packet-class.ts";
import { push, shift } from "../../protocol/core/queue.ts";
import { NOTHING } from "./cipher.ts";
import { HandshakeFrame, type RecordName } from "./frames.ts";
import {
  HANDSHAKE_AGAIN_MS,
  HANDSHAKE_REFILL_MS,
  HANDSHAKE_TIMEOUT_MS,
  LATE_MAX_MS,
  RECORD_BODY_SIZE_MAX,
} from "./limits.ts";
import type { LinkEffect } from "./link-events.ts";
import { dropAttempt, type SecureLink, type Waiting } from "./link-state.ts";
import type { SecurePorts } from "./ports.ts";
import type { RefusalReason } from "./refusals.ts";
import { asksToRenew, forget, open, seal } from "./session.ts";

/** The attempt's session is the one in use from now on. */
export function adopt(link: SecureLink, effects: LinkEffect[], ports: SecurePorts): void {
  const { attempt, current, now } = link;
  const made = attempt?.session;
  assert(attempt !== undefined && made !== undefined, "a session was made");
  attempt.session = undefined;
  dropAttempt(link);
  forget(link.previous);
  link.previous = current;
  if (current !== undefined) current.retiredAt = now + LATE_MAX_MS;
  link.current = made;
  link.isResting = false;
  link.isAsked = false;
  link.failures = 0;
  link.againAt = now + HANDSHAKE_REFILL_MS;
  const { peer, version, transcript } = made;
  const { agreement } = attempt;
  effects.push({ type: "opened", peer, version, transcript, agreement, isRenewal: current !== undefined });
  if (link.options.role === "server") confirm(link, effects, ports);
  link.waitingUntil = Number.POSITIVE_INFINITY;
  for (let next = shift(link.waiting); next !== undefined; next = shift(link.waiting))
    speak(link, next, effects, ports);
}

/** Anything that opens confirms the third message; this is what a server has to say at once. */
export function confirm(link: SecureLink, effects: LinkEffect[], ports: SecurePorts): void {
  if (link.current === undefined) return;
  const packet = seal(link.current, { kind: "confirm", body: NOTHING }, link.now, ports);
  if (packet !== undefined) effects.push({ type: "transmit", class: CRITICAL, packet });
}

export function speak(link: SecureLink, saying: Waiting, effects: LinkEffect[], ports: SecurePorts): void {
  if (!link.isUp) unsent(saying, "down", effects);
  else if (saying.body.length > RECORD_BODY_SIZE_MAX) unsent(saying, "too long", effects);
  else if (!speakNow(link, saying, effects, ports)) wait(link, saying, effects);
}

function speakNow(link: SecureLink, saying: Waiting, effects: LinkEffect[], ports: SecurePorts): boolean {
  const { current, now } = link;
  if (current === undefined) return false;
  const packet = seal(current, { kind: saying.kind, body: saying.body }, now, ports);
  if (packet === undefined) {
    close(link, "worn out", effects);
    return false;
  }
  const { token } = saying;
  effects.push({ type: "transmit", class: saying.class, packet, ...(token === undefined ? {} : { token }) });
  if (link.options.role === "client" || !asksToRenew(current)) return true;
  const asking = seal(current, { kind: "renew", body: NOTHING }, now, ports);
  if (asking !== undefined) effects.push({ type: "transmit", class: CRITICAL, packet: asking });
  return true;
}

function wait(link: SecureLink, saying: Waiting, effects: LinkEffect[]): void {
  link.isResting = false;
  if (!push(link.waiting, saying)) unsent(saying, "full", effects);
  else if (link.waiting.length === 1) link.waitingUntil = link.now + HANDSHAKE_TIMEOUT_MS;
}

/** A server's: whatever it says in the clear is one byte that anybody could say. */
export function want(link: SecureLink, effects: LinkEffect[]): void {
  if (link.now < link.againAt || link.attempt !== undefined) return;
  link.againAt = link.now + HANDSHAKE_AGAIN_MS;
  effects.push({ type: "transmit", class: CRITICAL, packet: encode(HandshakeFrame, { type: "wanted" }) });
}

export function onRecord(
  link: SecureLink,
  name: RecordName,
  packet: Uint8Array,
  effects: LinkEffect[],
  ports: SecurePorts,
): RefusalReason | undefined {
  let why: RefusalReason = "no session";
  for (const of of [link.attempt?.session, link.current, link.previous]) {
    if (of === undefined || of.number !== name.session) continue;
    const read = open(of, name, packet, link.now, ports);
    if (!read.ok) {
      why = read.why;
      continue;
    }
    // The server has the third message.
    if (of === link.attempt?.session) adopt(link, effects, ports);
    const { kind, body } = read.text;
    if (kind === "message" || kind === "pairing") effects.push({ type: "heard", kind, body });
    else if (body.length > 0) return "record broken";
    else if (kind === "renew" && link.options.role === "client") link.isAsked = of === link.current;
    return undefined;
  }
  // It holds a session that we lost: a client begins anew by itself.
  if (why === "no session" && link.options.role === "server") want(link, effects);
  return why;
}

export function close(link: SecureLink, why: "idle" | "worn out" | "down", effects: LinkEffect[]): void {
  if (link.current === undefined) return;
  forget(link.current);
  link.current = undefined;
  link.isResting = why === "idle";
  link.isAsked = false;
  effects.push({ type: "closed", why });
}

export function unsentAll(link: SecureLink, why: "no session" | "down", effects: LinkEffect[]): void {
  link.waitingUntil = Number.POSITIVE_INFINITY;
  for (let next = shift(link.waiting); next !== undefined; next = shift(link.waiting)) unsent(next, why, effects);
}

function unsent(saying: Waiting, why: (LinkEffect & { type: "unsent" })["why"], effects: LinkEffect[]): void {
  const { kind, body, token } = saying;
  effects.push({ type: "unsent", kind, class: saying.class, body, why, ...(token === undefined ? {} : { token }) });
}
