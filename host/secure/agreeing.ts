/** The handshake of a link, as either end goes through it. What does not fit is refused and changes nothing, so that whoever
 * throws bytes in between does not end what two honest ends have begun. */

import { encode } from "../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { CRITICAL } from "../../protocol/core/packet-class.ts";
import { NOTHING, wipe } from "./cipher.ts";
import { type HandshakeFrame as Frame, HandshakeFrame, SUITES } from "./frames.ts";
import { introduce, meet } from "./introduction.ts";
import {
  HANDSHAKE_ANSWERS_MAX,
  HANDSHAKE_FAULTS_MAX,
  HANDSHAKE_REFILL_MS,
  HANDSHAKE_REPEAT_MS,
  HANDSHAKE_TIMEOUT_MS,
  HANDSHAKES_BURST_MAX,
  SESSION_NUMBERS,
} from "./limits.ts";
import type { LinkEffect } from "./link-events.ts";
import { type Agreement, type Attempt, dropAttempt, refuse, type SecureLink } from "./link-state.ts";
import { type Handshake, handshake, readMessage, writeMessage } from "./noise.ts";
import type { SecurePorts } from "./ports.ts";
import type { RefusalReason } from "./refusals.ts";
import { type Session, session } from "./session.ts";
import { adopt, confirm } from "./speaking.ts";

/** A client's. */
export function begin(link: SecureLink, effects: LinkEffect[], ports: SecurePorts): void {
  // However often it is asked for.
  link.againAt = link.now + HANDSHAKE_REFILL_MS;
  link.attempt = attemptOf(link, link.number, 0, noiseOf(link, link.options.agreements[0], ports));
  link.number = (link.number + 1) % SESSION_NUMBERS;
  effects.push({ type: "draw" });
}

export function onDrawn(link: SecureLink, bytes: Uint8Array, effects: LinkEffect[], ports: SecurePorts): void {
  const { attempt } = link;
  if (attempt?.stage !== "drawing") {
    wipe(bytes);
    return;
  }
  attempt.handshake.ephemeral = { secret: bytes, public: ports.publicOf(bytes) };
  if (link.options.role === "client") sayFirst(link, attempt, effects, ports);
  else saySecond(link, attempt, effects, ports);
}

function sayFirst(link: SecureLink, attempt: Attempt, effects: LinkEffect[], ports: SecurePorts): void {
  const noise = writeMessage(attempt.handshake, () => NOTHING, ports);
  if (noise === undefined) return;
  const { secret } = link.options.agreements[attempt.agreement];
  const suite = secret === undefined ? SUITES.open : SUITES.table;
  say(link, attempt, "first", { type: "first", session: attempt.number, suite, noise }, effects);
}

/** A server's. */
export function onFirst(
  link: SecureLink,
  frame: Frame & { type: "first" },
  packet: Uint8Array,
  effects: LinkEffect[],
  ports: SecurePorts,
): RefusalReason | undefined {
  if (link.options.role === "client") return "unexpected";
  if (isAnswered(link, packet)) return answerAgain(link, effects);
  const { agreements } = link.options;
  if (frame.suite === SUITES.plain) return "plaintext";
  if (frame.suite !== SUITES.open && frame.suite !== SUITES.table) return "unknown suite";
  let why: RefusalReason = frame.suite === SUITES.open ? "secret required" : "other secret";
  for (let at = 0; at < agreements.length; at++) {
    if ((agreements[at].secret === undefined) !== (frame.suite === SUITES.open)) continue;
    const begun = noiseOf(link, agreements[at], ports);
    const read = readMessage(begun, frame.noise, ports);
    if (!read.ok) {
      // Under a secret the first message shows already that the other end has it.
      why = read.why === "does not open" ? "other secret" : read.why;
      continue;
    }
    if (read.payload.length > 0) return "layout broken";
    if (!takeAnswer(link)) return "too many handshakes";
    dropAttempt(link);
    link.attempt = attemptOf(link, frame.session, at, begun);
    link.attempt.heard = packet.slice();
    effects.push({ type: "draw" });
    return undefined;
  }
  return why;
}

function saySecond(link: SecureLink, attempt: Attempt, effects: LinkEffect[], ports: SecurePorts): void {
  const { version } = link.options;
  const payload = (transcript: Uint8Array): Uint8Array => introduce("responder", version, transcript, ports);
  const noise = writeMessage(attempt.handshake, payload, ports);
  if (noise === undefined) {
    dropAttempt(link);
    refuse(link, "low-order point", effects);
    return;
  }
  say(link, attempt, "second", { type: "second", session: attempt.number, noise }, effects);
}

/** A client's. */
export function onSecond(
  link: SecureLink,
  frame: Frame & { type: "second" },
  packet: Uint8Array,
  effects: LinkEffect[],
  ports: SecurePorts,
): RefusalReason | undefined {
  const { attempt } = link;
  if (isAnswered(link, packet)) return answerAgain(link, effects);
  if (attempt?.stage !== "first" || attempt.number !== frame.session) return "unexpected";
  const met = read(link, attempt, frame.noise, "responder", ports);
  if (!met.ok) return met.why;
  const { version } = link.options;
  const payload = (transcript: Uint8Array): Uint8Array => introduce("initiator", version, transcript, ports);
  const noise = writeMessage(met.handshake, payload, ports);
  if (noise === undefined) return "low-order point";
  Object.assign(attempt.handshake, met.handshake);
  attempt.heard = packet.slice();
  attempt.session = sessionOf(link, attempt, met, ports);
  say(link, attempt, "third", { type: "third", session: attempt.number, noise }, effects);
  return undefined;
}

/** A server's. */
export function onThird(
  link: SecureLink,
  frame: Frame & { type: "third" },
  packet: Uint8Array,
  effects: LinkEffect[],
  ports: SecurePorts,
): RefusalReason | undefined {
  const { attempt, confirmed } = link;
  if (confirmed !== undefined && bytesEqual(confirmed.packet, packet)) {
    if (confirmed.count === HANDSHAKE_ANSWERS_MAX) return "unexpected";
    confirmed.count += 1;
    confirm(link, effects, ports);
    return undefined;
  }
  if (attempt?.stage !== "second" || attempt.number !== frame.session) return "unexpected";
  const met = read(link, attempt, frame.noise, "initiator", ports);
  if (!met.ok) return met.why;
  Object.assign(attempt.handshake, met.handshake);
  link.confirmed = { packet: packet.slice(), count: 1 };
  attempt.session = sessionOf(link, attempt, met, ports);
  adopt(link, effects, ports);
  return undefined;
}

interface Met {
  readonly ok: true;
  readonly peer: Uint8Array;
  readonly version: Session["version"];
  /** A copy that has read the message. */
  readonly handshake: Handshake;
}

/** Cheap reasons first. The attempt is as it was, but for a fault that is counted. */
function read(
  link: SecureLink,
  attempt: Attempt,
  noise: Uint8Array,
  role: "initiator" | "responder",
  ports: SecurePorts,
): Met | { readonly ok: false; readonly why: RefusalReason } {
  if (attempt.faultCount === HANDSHAKE_FAULTS_MAX) return { ok: false, why: "too many faults" };
  const copy: Handshake = { ...attempt.handshake };
  const opened = readMessage(copy, noise, ports);
  const met = opened.ok ? meet(opened.payload, role, link.options.version, opened.transcript, ports) : opened;
  const why = met.ok ? stranger(link, met.peer) : met.why;
  if (!met.ok || why !== undefined) {
    attempt.faultCount += 1;
    return { ok: false, why: why as RefusalReason };
  }
  return { ok: true, peer: met.peer, version: met.version, handshake: copy };
}

function stranger({ options, current }: SecureLink, peer: Uint8Array): RefusalReason | undefined {
  if (options.expected !== undefined && !bytesEqual(options.expected, peer)) return "wrong identity";
  if (current !== undefined && !bytesEqual(current.peer, peer)) return "other identity";
  return undefined;
}

const sessionOf = (link: SecureLink, { number, handshake: done }: Attempt, met: Met, ports: SecurePorts): Session =>
  session(number, done, met.peer, met.version, link.now, ports);

function noiseOf({ options }: SecureLink, { prologue, secret }: Agreement, ports: SecurePorts): Handshake {
  const role = options.role === "client" ? "initiator" : "responder";
  const pskAt = secret === undefined ? [] : [0];
  const psks = secret === undefined ? [] : [secret];
  return handshake({ role, prologue, pskAt, psks, static: options.static }, ports);
}

const attemptOf = ({ now }: SecureLink, number: number, agreement: number, begun: Handshake): Attempt => ({
  ...{ stage: "drawing", number, agreement, handshake: begun, heard: undefined, said: undefined, session: undefined },
  ...{ repeatAt: Number.POSITIVE_INFINITY, repeatMs: HANDSHAKE_REPEAT_MS, deadline: now + HANDSHAKE_TIMEOUT_MS },
  ...{ answerCount: 0, faultCount: 0 },
});

/** Only a client repeats by itself; a server answers what is repeated. */
function say(
  link: SecureLink,
  attempt: Attempt,
  stage: "first" | "second" | "third",
  frame: Frame,
  effects: LinkEffect[],
): void {
  attempt.stage = stage;
  attempt.said = encode(HandshakeFrame, frame);
  attempt.answerCount = 0;
  if (link.options.role === "client") {
    attempt.repeatMs = HANDSHAKE_REPEAT_MS;
    attempt.repeatAt = link.now + attempt.repeatMs;
  }
  effects.push({ type: "transmit", class: CRITICAL, packet: attempt.said });
}

function isAnswered({ attempt }: SecureLink, packet: Uint8Array): boolean {
  return attempt?.heard !== undefined && bytesEqual(attempt.heard, packet);
}

/** The same bytes again: what was said is still true, and costs nothing. */
function answerAgain(link: SecureLink, effects: LinkEffect[]): RefusalReason | undefined {
  const { attempt } = link;
  if (attempt?.said === undefined || attempt.answerCount === HANDSHAKE_ANSWERS_MAX) {
    return "unexpected";
  }
  attempt.answerCount += 1;
  effects.push({ type: "transmit", class: CRITICAL, packet: attempt.said });
  return undefined;
}

function takeAnswer({ answers, now }: SecureLink): boolean {
  const refilled = Math.floor((now - answers.filledAt) / HANDSHAKE_REFILL_MS);
  if (refilled > 0) {
    answers.count = Math.min(HANDSHAKES_BURST_MAX, answers.count + refilled);
    answers.filledAt = now;
  }
  if (answers.count === 0) return false;
  answers.count -= 1;
  return true;
}
