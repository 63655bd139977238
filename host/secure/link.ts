/**
 * A link between two neighbouring hosts, secured: a handshake, sessions one after another, and nothing in the clear.
 *
 * A client begins every handshake. It goes on with the old session until the server has shown that it has the new one, and
 * what is late of the old one is still opened, so that nothing is lost on the way from one to the next.
 */
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { CRITICAL } from "../../protocol/core/packet-class.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { begin, onDrawn, onFirst, onSecond, onThird } from "./agreeing.ts";
import { frameOf, type HandshakeFrame } from "./frames.ts";
import { HANDSHAKE_AGAIN_MAX_MS, HANDSHAKE_AGAIN_MS } from "./limits.ts";
import type { LinkEffect, LinkEvent } from "./link-events.ts";
import { dropAttempt, refuse, type SecureLink } from "./link-state.ts";
import type { SecurePorts } from "./ports.ts";
import { lateDeadline } from "./receiving.ts";
import type { RefusalReason } from "./refusals.ts";
import { endsAt, forget, isWorn, renewsAt, tidy } from "./session.ts";
import { close, onRecord, speak, unsentAll, want } from "./speaking.ts";

export function step(link: SecureLink, event: LinkEvent, effects: LinkEffect[], ports: SecurePorts): void {
  assert(event.at >= link.now, "time runs forward");
  link.now = event.at;
  // What is over is over before anything is said or heard under it.
  expire(link, effects);
  switch (event.type) {
    case "up":
      link.isUp = true;
      link.isResting = false;
      break;
    case "drawn":
      onDrawn(link, event.bytes, effects, ports);
      break;
    case "received":
      onReceived(link, event.packet, effects, ports);
      break;
    case "send":
      speak(link, { kind: event.kind, class: event.class, body: event.body, token: event.token }, effects, ports);
      break;
    case "down":
      onDown(link, effects);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  pursue(link, effects, ports);
}

/** When the link wants a tick. */
export function nextDeadline(link: SecureLink): Millis | undefined {
  const { attempt, current, previous } = link;
  let at = Math.min(link.waitingUntil, attempt === undefined ? pursuesAt(link) : attempt.deadline);
  if (attempt !== undefined) at = Math.min(at, attempt.repeatAt);
  if (current !== undefined) at = Math.min(at, endsAt(current), lateDeadline(current.receiving));
  if (previous !== undefined) at = Math.min(at, previous.retiredAt, lateDeadline(previous.receiving));
  return at === Number.POSITIVE_INFINITY ? undefined : millis(Math.max(at, link.now));
}

function onReceived(link: SecureLink, packet: Uint8Array, effects: LinkEffect[], ports: SecurePorts): void {
  const why = link.isUp ? hear(link, packet, effects, ports) : "down";
  if (why !== undefined) refuse(link, why, effects);
}

function hear(
  link: SecureLink,
  packet: Uint8Array,
  effects: LinkEffect[],
  ports: SecurePorts,
): RefusalReason | undefined {
  const frame = frameOf(packet);
  switch (frame.type) {
    case "refused":
      return frame.why;
    case "record":
      return onRecord(link, frame.name, packet, effects, ports);
    case "handshake":
      return onHandshake(link, frame.frame, packet, effects, ports);
    default:
      return unreachable(frame);
  }
}

function onHandshake(
  link: SecureLink,
  frame: HandshakeFrame,
  packet: Uint8Array,
  effects: LinkEffect[],
  ports: SecurePorts,
): RefusalReason | undefined {
  switch (frame.type) {
    case "first":
      return onFirst(link, frame, packet, effects, ports);
    case "second":
      return onSecond(link, frame, packet, effects, ports);
    case "third":
      return onThird(link, frame, packet, effects, ports);
    case "wanted":
      return onWanted(link);
    default:
      return unreachable(frame);
  }
}

/** Anybody can say so: it costs one attempt in a while at most. */
function onWanted(link: SecureLink): RefusalReason | undefined {
  if (link.options.role === "server" || link.attempt !== undefined) return "unexpected";
  link.isAsked = true;
  return undefined;
}

function onDown(link: SecureLink, effects: LinkEffect[]): void {
  dropAttempt(link);
  close(link, "down", effects);
  forget(link.previous);
  link.previous = undefined;
  link.confirmed = undefined;
  unsentAll(link, "down", effects);
  link.isUp = false;
}

function expire(link: SecureLink, effects: LinkEffect[]): void {
  const { attempt, current, previous, now } = link;
  if (current !== undefined && now >= endsAt(current)) {
    close(link, now >= renewsAt(current) ? "worn out" : "idle", effects);
  }
  if (previous !== undefined && now >= previous.retiredAt) {
    forget(previous);
    link.previous = undefined;
  }
  tidy(link.current, now);
  tidy(link.previous, now);
  if (attempt !== undefined && now >= attempt.deadline) onNoAnswer(link, effects);
  if (now >= link.waitingUntil) unsentAll(link, "no session", effects);
}

function onNoAnswer(link: SecureLink, effects: LinkEffect[]): void {
  dropAttempt(link);
  if (link.options.role === "server") return;
  link.againAt = link.now + Math.min(HANDSHAKE_AGAIN_MAX_MS, HANDSHAKE_AGAIN_MS * 2 ** link.failures);
  link.failures += 1;
  effects.push({ type: "failed", why: "no answer" });
}

/** What is wanted and not under way. */
function pursue(link: SecureLink, effects: LinkEffect[], ports: SecurePorts): void {
  const { attempt, now } = link;
  if (attempt !== undefined) {
    if (now < attempt.repeatAt) return;
    assert(attempt.said !== undefined, "what is repeated was said");
    attempt.repeatMs *= 2;
    attempt.repeatAt = now + attempt.repeatMs;
    effects.push({ type: "transmit", class: CRITICAL, packet: attempt.said });
  } else if (now >= pursuesAt(link)) {
    if (link.options.role === "server") want(link, effects);
    else begin(link, effects, ports);
  }
}

/** When a client begins another session, or a server asks for one; not sooner than a while after the last time. */
const pursuesAt = (link: SecureLink): number => (link.isUp ? Math.max(link.againAt, wishedAt(link)) : NEVER);

function wishedAt({ options, current, isResting, isAsked, waiting, now }: SecureLink): number {
  if (options.role === "server") return current === undefined && waiting.length > 0 ? now : NEVER;
  if (isAsked || (current !== undefined && isWorn(current))) return now;
  if (current !== undefined) return renewsAt(current);
  return isResting ? NEVER : now;
}

const NEVER = Number.POSITIVE_INFINITY;
