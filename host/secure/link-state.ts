/** One secured link: the attempt that is being made, the session in use, the one before it, and what waits. */
import { assert } from "../../protocol/core/assert.ts";
import type { PacketClass } from "../../protocol/core/packet-class.ts";
import { type Queue, queue } from "../../protocol/core/queue.ts";
import type { Millis } from "../../protocol/core/units.ts";
import type { ProtocolVersion } from "../../protocol/core/version.ts";
import { wipe } from "./cipher.ts";
import { DH_SIZE, HANDSHAKES_BURST_MAX, HASH_SIZE, SENDS_WAITING_MAX } from "./limits.ts";
import type { LinkEffect } from "./link-events.ts";
import type { Handshake, KeyHalves } from "./noise.ts";
import { REFUSALS, type RefusalReason } from "./refusals.ts";
import { forget, type Session } from "./session.ts";

/** What both ends must have alike. */
export interface Agreement {
  readonly prologue: Uint8Array;
  /** Of a table; without one, whoever comes may introduce itself. */
  readonly secret: Uint8Array | undefined;
}

export interface LinkOptions {
  /** A client opened the connection, and begins every handshake. */
  readonly role: "client" | "server";
  /** A client offers the first; a server takes whichever of them fits. */
  readonly agreements: readonly Agreement[];
  /** Of this process; identities are signed with another. */
  readonly static: KeyHalves;
  readonly version: ProtocolVersion;
  /** Nobody else is spoken to. */
  readonly expected?: Uint8Array;
}

export interface SecureLink {
  now: Millis;
  readonly options: LinkOptions;
  isUp: boolean;
  attempt: Attempt | undefined;
  current: Session | undefined;
  previous: Session | undefined;
  readonly waiting: Queue<Waiting>;
  waitingUntil: number;
  /** Of the attempt that is next. */
  number: number;
  /** A client's next attempt, a server's next question for one. */
  againAt: number;
  /** In a row. */
  failures: number;
  /** The session ended in silence: there is no other until somebody has something to say. */
  isResting: boolean;
  /** A client was asked for the next session. */
  isAsked: boolean;
  /** First messages that a server may answer now. */
  readonly answers: Allowance;
  /** The third message that led to the current session, and how often it was confirmed. */
  confirmed: { readonly packet: Uint8Array; count: number } | undefined;
  /** By reason: as many as there are reasons. */
  readonly counters: { [why in RefusalReason]?: number };
}

export interface Allowance {
  count: number;
  filledAt: Millis;
}

export interface Waiting {
  readonly kind: "message" | "pairing";
  readonly class: PacketClass;
  readonly body: Uint8Array;
  readonly token?: number | undefined;
}

/** - drawing: for chance. - first, second, third: what was said last. */
export interface Attempt {
  stage: "drawing" | "first" | "second" | "third";
  readonly number: number;
  readonly agreement: number;
  readonly handshake: Handshake;
  /** The packet that was answered last, and the answer. */
  heard: Uint8Array | undefined;
  said: Uint8Array | undefined;
  /** Of a client, once it has said the third. It is used when the other end has. */
  session: Session | undefined;
  repeatAt: number;
  repeatMs: number;
  readonly deadline: number;
  answerCount: number;
  faultCount: number;
}

export function secureLink(options: LinkOptions, at: Millis): SecureLink {
  assert(options.agreements.length > 0, "something can be agreed on");
  assert(options.static.secret.length === DH_SIZE, "a static key has its size");
  for (const { secret } of options.agreements) {
    assert(secret === undefined || secret.length === HASH_SIZE, "a secret has its size");
  }
  return {
    ...{ now: at, options, isUp: false, attempt: undefined, current: undefined, previous: undefined },
    ...{ waiting: queue<Waiting>(SENDS_WAITING_MAX), waitingUntil: Number.POSITIVE_INFINITY },
    ...{ number: 0, againAt: Number.NEGATIVE_INFINITY, failures: 0, isResting: false },
    answers: { count: HANDSHAKES_BURST_MAX, filledAt: at },
    ...{ isAsked: false, confirmed: undefined, counters: {} },
  };
}

export function refuse(link: SecureLink, why: RefusalReason, effects: LinkEffect[]): void {
  link.counters[why] = (link.counters[why] ?? 0) + 1;
  effects.push({ type: "refused", why, verdict: REFUSALS[why] });
}

/** What a handshake knew that nobody needs any more. */
export function dropAttempt(link: SecureLink): void {
  const { attempt } = link;
  if (attempt === undefined) return;
  wipe(attempt.handshake.ephemeral?.secret);
  forget(attempt.session);
  link.attempt = undefined;
}
