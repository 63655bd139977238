/**
 * The handshake of the Noise Protocol Framework (revision 34), section 5.3, in the one pattern that links use: XX, with or
 * without secrets that both know beforehand.
 *
 *     → e        ← e, ee, s, es        → s, se
 *
 * XXpsk0 mixes a secret in before all else, XXpsk1 to XXpsk3 after the message of that number (section 9).
 */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { assert } from "../../protocol/core/assert.ts";
import { DH_SIZE, NOISE_MESSAGE_SIZE_MAX, TAG_SIZE } from "./limits.ts";
import type { NoisePorts } from "./ports.ts";
import {
  decryptAndHash,
  encryptAndHash,
  mixHash,
  mixKey,
  mixKeyAndHash,
  type Symmetric,
  split,
  symmetric,
} from "./symmetric.ts";

export interface KeyHalves {
  readonly secret: Uint8Array;
  readonly public: Uint8Array;
}

export type NoiseRole = "initiator" | "responder";

export interface NoiseOptions {
  readonly role: NoiseRole;
  /** What both ends must know alike: it is under the handshake's hash and is not sent. */
  readonly prologue: Uint8Array;
  /** Where each of the secrets is mixed in, ascending; none is plain XX. */
  readonly pskAt: readonly number[];
  readonly psks: readonly Uint8Array[];
  readonly static: KeyHalves;
}

export interface Handshake {
  readonly role: NoiseRole;
  readonly messages: readonly (readonly Token[])[];
  readonly psks: readonly Uint8Array[];
  readonly static: KeyHalves;
  /** A responder needs none before it answers. */
  ephemeral: KeyHalves | undefined;
  symmetric: Symmetric;
  remoteStatic: Uint8Array | undefined;
  remoteEphemeral: Uint8Array | undefined;
  /** Of the message that is next. */
  turn: number;
  pskCount: number;
}

type Token = "e" | "s" | "ee" | "es" | "se" | "psk";

export type NoiseFault = "cut short" | "too long" | "low-order point" | "reflected" | "does not open";

export type NoiseRead =
  /** `transcript`: what the payload was encrypted under, the same that its sender signed. */
  | { readonly ok: true; readonly payload: Uint8Array; readonly transcript: Uint8Array }
  | { readonly ok: false; readonly why: NoiseFault };

export function handshake(options: NoiseOptions, ports: NoisePorts): Handshake {
  const { role, prologue, pskAt, psks } = options;
  assert(pskAt.length === psks.length, "a secret has its place");
  const messages: Token[][] = [["e"], ["e", "ee", "s", "es"], ["s", "se"]];
  for (const at of pskAt) {
    if (at === 0) messages[0].unshift("psk");
    else messages[at - 1].push("psk");
  }
  return {
    ...{ role, messages, psks, static: options.static, ephemeral: undefined },
    symmetric: mixHash(symmetric(protocolName(pskAt), ports), prologue, ports),
    ...{ remoteStatic: undefined, remoteEphemeral: undefined, turn: 0, pskCount: 0 },
  };
}

export const protocolName = (pskAt: readonly number[]): string =>
  `Noise_XX${pskAt.map((at) => `psk${at}`).join("+")}_25519_ChaChaPoly_SHA256`;

export const isOver = (state: Handshake): boolean => state.turn === state.messages.length;
const isOurs = (state: Handshake): boolean => (state.turn % 2 === 0) === (state.role === "initiator");

/** Undefined where the other end's point is of low order. The payload may depend on what was agreed before it. */
export function writeMessage(
  state: Handshake,
  payloadOf: (transcript: Uint8Array) => Uint8Array,
  ports: NoisePorts,
): Uint8Array | undefined {
  assert(!isOver(state) && isOurs(state), "it is our turn");
  const parts: Uint8Array[] = [];
  for (const token of state.messages[state.turn]) {
    if (token === "e") {
      assert(state.ephemeral !== undefined, "an ephemeral key was made");
      parts.push(state.ephemeral.public);
      onEphemeral(state, state.ephemeral.public, ports);
    } else if (token === "s") {
      const { state: next, bytes } = encryptAndHash(state.symmetric, state.static.public, ports);
      state.symmetric = next;
      parts.push(bytes);
    } else if (!mixToken(state, token, ports)) return undefined;
  }
  const { state: next, bytes } = encryptAndHash(state.symmetric, payloadOf(state.symmetric.transcript), ports);
  state.symmetric = next;
  state.turn += 1;
  return joined([...parts, bytes]);
}

/** Changes nothing unless the message is whole, right and new. */
export function readMessage(state: Handshake, message: Uint8Array, ports: NoisePorts): NoiseRead {
  assert(!isOver(state) && !isOurs(state), "it is the other end's turn");
  if (message.length > NOISE_MESSAGE_SIZE_MAX) return refuse("too long");
  const attempt: Handshake = { ...state };
  let at = 0;
  for (const token of attempt.messages[attempt.turn]) {
    if (token === "e") {
      if (message.length < at + DH_SIZE) return refuse("cut short");
      const remote = message.slice(at, at + DH_SIZE);
      if (attempt.ephemeral !== undefined && bytesEqual(remote, attempt.ephemeral.public)) return refuse("reflected");
      attempt.remoteEphemeral = remote;
      onEphemeral(attempt, remote, ports);
      at += DH_SIZE;
    } else if (token === "s") {
      const size = DH_SIZE + (attempt.symmetric.key === undefined ? 0 : TAG_SIZE);
      if (message.length < at + size) return refuse("cut short");
      const opened = decryptAndHash(attempt.symmetric, message.subarray(at, at + size), ports);
      if (opened === undefined) return refuse("does not open");
      if (bytesEqual(opened.bytes, attempt.static.public)) return refuse("reflected");
      attempt.remoteStatic = opened.bytes.slice();
      attempt.symmetric = opened.state;
      at += size;
    } else if (!mixToken(attempt, token, ports)) return refuse("low-order point");
  }
  if (attempt.symmetric.key !== undefined && message.length < at + TAG_SIZE) return refuse("cut short");
  const { transcript } = attempt.symmetric;
  const opened = decryptAndHash(attempt.symmetric, message.subarray(at), ports);
  if (opened === undefined) return refuse("does not open");
  attempt.symmetric = opened.state;
  attempt.turn += 1;
  Object.assign(state, attempt);
  return { ok: true, payload: opened.bytes, transcript };
}

/** What comes of a handshake: a key for each direction, and its hash, which names it. */
export function finish(state: Handshake, ports: NoisePorts): { send: Uint8Array; receive: Uint8Array } {
  assert(isOver(state), "all messages are exchanged");
  const [there, back] = split(state.symmetric, ports);
  return state.role === "initiator" ? { send: there, receive: back } : { send: back, receive: there };
}

function onEphemeral(state: Handshake, key: Uint8Array, ports: NoisePorts): void {
  state.symmetric = mixHash(state.symmetric, key, ports);
  // Section 9.2: otherwise two handshakes would encrypt under one secret with one nonce.
  if (state.psks.length > 0) state.symmetric = mixKey(state.symmetric, key, ports);
}

function mixToken(state: Handshake, token: "ee" | "es" | "se" | "psk", ports: NoisePorts): boolean {
  if (token === "psk") {
    state.symmetric = mixKeyAndHash(state.symmetric, state.psks[state.pskCount], ports);
    state.pskCount += 1;
    return true;
  }
  const isStatic = token === (state.role === "initiator" ? "se" : "es");
  const isRemoteStatic = token === (state.role === "initiator" ? "es" : "se");
  const own = isStatic ? state.static : state.ephemeral;
  const remote = isRemoteStatic ? state.remoteStatic : state.remoteEphemeral;
  assert(own !== undefined && remote !== undefined, "a pattern says a key before it uses it");
  const shared = ports.agree(own.secret, remote);
  if (shared === undefined) return false;
  state.symmetric = mixKey(state.symmetric, shared, ports);
  return true;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const refuse = (why: NoiseFault): NoiseRead => ({ ok: false, why });
