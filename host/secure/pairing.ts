/**
 * Two kiosks that share nothing meet by a code of six digits: both screens show one, and two people look whether it is the same.
 *
 * The code is a digest of the session's handshake and of a number of each end. The server commits to its number before it
 * hears the client's, and shows it after. Whoever stands between has two sessions with different handshakes and must choose
 * its own numbers before it can know what code comes of them: one guess in a million, for which two people must have begun
 * a pairing. Without the commitment it would try a million numbers and show the same code on both screens.
 */

import { encode } from "../../protocol/bytes/codec.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { unreachable } from "../../protocol/core/assert.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import { PAIRING_REPEAT_MAX_MS, PAIRING_REPEAT_MS, PAIRING_TIMEOUT_MS } from "./limits.ts";
import { codeOf, commitmentOf } from "./pairing-code.ts";
import { type GivenTable, PairingRecord, pairingRecordOf } from "./pairing-record.ts";
import type { NoisePorts } from "./ports.ts";

export interface PairingOptions {
  /** As on the session's link: a server commits. */
  readonly role: "client" | "server";
  /** The session's. */
  readonly transcript: Uint8Array;
  /** 32 bytes that nobody can guess, drawn for this. */
  readonly number: Uint8Array;
  /** What the other end is given once both people have seen the same code. */
  readonly table: GivenTable | undefined;
}

export interface Pairing {
  now: Millis;
  readonly options: PairingOptions;
  stage: "open" | "paired" | "failed";
  /** What was said last: said again until it is answered. */
  said: PairingRecord | undefined;
  repeatAt: number;
  repeatMs: number;
  readonly deadline: number;
  commitment: Uint8Array | undefined;
  /** The other end's. */
  number: Uint8Array | undefined;
  code: string | undefined;
  ourAnswer: boolean | undefined;
  theirAnswer: boolean | undefined;
  isGiven: boolean;
}

export type PairingEvent =
  /** A pairing record of the session. */
  | { readonly type: "received"; readonly at: Millis; readonly body: Uint8Array }
  /** Our person looked at both screens. */
  | { readonly type: "answer"; readonly at: Millis; readonly isSame: boolean }
  | { readonly type: "tick"; readonly at: Millis };

export type PairingEffect =
  | { readonly type: "send"; readonly body: Uint8Array }
  /** Six digits. */
  | { readonly type: "show"; readonly code: string }
  /** Both people saw the same: the session's peer is the kiosk that has the other screen. */
  | { readonly type: "paired" }
  /** By that kiosk, to ours. */
  | { readonly type: "given"; readonly table: GivenTable }
  | { readonly type: "failed"; readonly why: PairingFailure }
  | { readonly type: "refused"; readonly why: "layout broken" | "unexpected" | "over" };

export type PairingFailure =
  /** The number is not the one that was committed to: nobody honest does that. */
  "commitment broken" | "codes differ" | "no answer";

/** A person began it, and the session is open. */
export function pairing(options: PairingOptions, at: Millis, effects: PairingEffect[], ports: NoisePorts): Pairing {
  const state: Pairing = {
    ...{ now: at, options, stage: "open", said: undefined },
    ...{ repeatAt: Number.POSITIVE_INFINITY, repeatMs: PAIRING_REPEAT_MS },
    ...{ deadline: at + PAIRING_TIMEOUT_MS, commitment: undefined, number: undefined, code: undefined },
    ...{ ourAnswer: undefined, theirAnswer: undefined, isGiven: false },
  };
  const { role, transcript, number } = options;
  if (role === "server") {
    say(state, { type: "commit", commitment: commitmentOf(transcript, number, ports) }, effects);
  }
  return state;
}

export function step(state: Pairing, event: PairingEvent, effects: PairingEffect[], ports: NoisePorts): void {
  state.now = event.at;
  switch (event.type) {
    case "received":
      onReceived(state, event.body, effects, ports);
      break;
    case "answer":
      onAnswer(state, event.isSame, effects);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
  if (state.now >= state.deadline) {
    if (state.stage === "open") fail(state, "no answer", effects);
    hush(state);
  }
  if (state.said === undefined || state.now < state.repeatAt) return;
  // People take their time: what waits for one of them is said less often.
  state.repeatMs = Math.min(PAIRING_REPEAT_MAX_MS, 2 * state.repeatMs);
  state.repeatAt = state.now + state.repeatMs;
  effects.push(sending(state.said));
}

export function nextDeadline(state: Pairing): Millis | undefined {
  const isWaiting = state.stage === "open" || state.said !== undefined;
  const at = Math.min(state.repeatAt, isWaiting ? state.deadline : Number.POSITIVE_INFINITY);
  return at === Number.POSITIVE_INFINITY ? undefined : millis(Math.max(state.now, at));
}

function onReceived(state: Pairing, body: Uint8Array, effects: PairingEffect[], ports: NoisePorts): void {
  const record = pairingRecordOf(body);
  if (record === undefined) refuse("layout broken", effects);
  else if (state.stage === "failed") refuse("over", effects);
  else if (record.type === "answer") onTheirAnswer(state, record.isSame, effects);
  else if (record.type === "give") onGiven(state, record.table, effects);
  else if (record.type === "taken") onTaken(state, effects);
  else if (record.type === "commit") onCommit(state, record.commitment, effects);
  else onNumber(state, record.type, record.number, effects, ports);
}

/** A client's. What comes again is answered by what is said again. */
function onCommit(state: Pairing, commitment: Uint8Array, effects: PairingEffect[]): void {
  if (state.options.role === "server" || state.commitment !== undefined) {
    refuse("unexpected", effects);
    return;
  }
  state.commitment = commitment.slice();
  say(state, { type: "number", number: state.options.number }, effects);
}

function onNumber(
  state: Pairing,
  type: "number" | "reveal",
  number: Uint8Array,
  effects: PairingEffect[],
  ports: NoisePorts,
): void {
  const { role, transcript } = state.options;
  const isOurs = type === (role === "server" ? "number" : "reveal");
  if (isOurs && role === "server" && state.number !== undefined && bytesEqual(state.number, number)) {
    // What answered it was lost.
    effects.push(sending({ type: "reveal", number: state.options.number }));
    return;
  }
  if (!isOurs || state.number !== undefined || (role === "client" && state.commitment === undefined)) {
    refuse("unexpected", effects);
    return;
  }
  if (role === "client" && !bytesEqual(commitmentOf(transcript, number, ports), state.commitment as Uint8Array)) {
    effects.push(sending({ type: "answer", isSame: false }));
    fail(state, "commitment broken", effects);
    return;
  }
  state.number = number.slice();
  hush(state);
  if (role === "server") effects.push(sending({ type: "reveal", number: state.options.number }));
  const numbers = role === "server" ? [state.number, state.options.number] : [state.options.number, state.number];
  state.code = codeOf(transcript, numbers[0], numbers[1], ports);
  effects.push({ type: "show", code: state.code });
}

function onAnswer(state: Pairing, isSame: boolean, effects: PairingEffect[]): void {
  if (state.stage !== "open" || state.code === undefined || state.ourAnswer !== undefined) {
    refuse("unexpected", effects);
    return;
  }
  state.ourAnswer = isSame;
  say(state, { type: "answer", isSame }, effects);
  settle(state, effects);
}

function onTheirAnswer(state: Pairing, isSame: boolean, effects: PairingEffect[]): void {
  // Nobody has seen a code that is not there; that something is wrong may be said before.
  if (state.code === undefined && isSame) refuse("unexpected", effects);
  // They do not know it yet. Not our answer again: two ends would go on answering each other.
  else if (state.stage === "paired") effects.push(sending({ type: "taken" }));
  else if (state.theirAnswer === undefined) {
    state.theirAnswer = isSame;
    settle(state, effects);
  }
}

/** Says as well that their person saw the same, should that have been lost. */
function onGiven(state: Pairing, table: GivenTable, effects: PairingEffect[]): void {
  if (state.ourAnswer !== true) {
    refuse("unexpected", effects);
    return;
  }
  state.theirAnswer = true;
  if (state.stage === "open") settle(state, effects);
  const { id, secret, about } = table;
  if (!state.isGiven) {
    effects.push({ type: "given", table: { id: id.slice(), secret: secret.slice(), about: about.slice() } });
  }
  state.isGiven = true;
  effects.push(sending({ type: "taken" }));
}

/** The other end is paired. Nothing answers this. */
function onTaken(state: Pairing, effects: PairingEffect[]): void {
  if (state.said?.type === "give") hush(state);
  else if (state.stage === "open" && state.ourAnswer === true) {
    state.theirAnswer = true;
    settle(state, effects);
  }
}

/** One no is enough, and until there are two yeses nothing is given. */
function settle(state: Pairing, effects: PairingEffect[]): void {
  if (state.ourAnswer === false || state.theirAnswer === false) fail(state, "codes differ", effects);
  else if (state.ourAnswer === true && state.theirAnswer === true) {
    state.stage = "paired";
    hush(state);
    effects.push({ type: "paired" });
    // Should they still wait for our answer: what is given says it as well, and they ask by repeating theirs.
    if (state.options.table !== undefined) say(state, { type: "give", table: state.options.table }, effects);
  }
}

function fail(state: Pairing, why: PairingFailure, effects: PairingEffect[]): void {
  state.stage = "failed";
  hush(state);
  effects.push({ type: "failed", why });
}

function say(state: Pairing, record: PairingRecord, effects: PairingEffect[]): void {
  state.said = record;
  state.repeatMs = PAIRING_REPEAT_MS;
  state.repeatAt = state.now + state.repeatMs;
  effects.push(sending(record));
}

function hush(state: Pairing): void {
  state.said = undefined;
  state.repeatAt = Number.POSITIVE_INFINITY;
}

const sending = (record: PairingRecord): PairingEffect => ({ type: "send", body: encode(PairingRecord, record) });

const refuse = (why: "layout broken" | "unexpected" | "over", effects: PairingEffect[]): void => {
  effects.push({ type: "refused", why });
};
