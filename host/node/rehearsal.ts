/** Two kiosks that rehearse: each sends signed votes to the other through the whole protocol, and now and then what a bad
 * neighbour would send. Pure: bytes, time and signatures come in from outside.
 *
 * vote → seal → outbox (fragments, acknowledgements) → serial link (frames, credits) → wire, and back up the same stairs. */

import { MTU_MAX, SERIAL_PACKET_SIZE_MAX } from "../../protocol/core/limits.ts";
import { CRITICAL, HIGH } from "../../protocol/core/packet-class.ts";
import {
  counter,
  type Epoch,
  epoch,
  linkGeneration,
  type Millis,
  memberIndex,
  millis,
  sequence,
  view,
} from "../../protocol/core/units.ts";
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from "../../protocol/core/version.ts";
import { type OpenPorts, open, type Table } from "../../protocol/envelope/open.ts";
import { replayWindows } from "../../protocol/envelope/replay.ts";
import { type SealPorts, seal } from "../../protocol/envelope/seal.ts";
import { type StrangerReplay, strangerReplay } from "../../protocol/envelope/stranger-replay.ts";
import type { LinkEffect, LinkEvent } from "../../protocol/link/events.ts";
import { nextDeadline as linkDeadline, step as linkStep } from "../../protocol/link/link.ts";
import { type Link, link } from "../../protocol/link/state.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import type { OutboxEffect, OutboxEvent } from "../../protocol/packet/events.ts";
import {
  type Outbox,
  outbox,
  nextDeadline as outboxDeadline,
  step as outboxStep,
} from "../../protocol/packet/outbox.ts";
import { sha256 } from "../crypto/sha256.ts";

const EPOCH: Epoch = epoch(1);
const LINK = linkGeneration(1);
const VOTE_EVERY_MS = 50;
/** Each so many votes: something long, that crosses in many fragments. */
const LONG_EVERY = 20;
/** Each so many votes: an old envelope again, and one with a forged signature. */
const MISCHIEF_EVERY = 60;

export interface Rehearsal {
  now: Millis;
  readonly me: number;
  readonly table: Table;
  readonly strangers: StrangerReplay;
  readonly link: Link;
  readonly outbox: Outbox;
  votes: number;
  counter: number;
  token: number;
  nextVoteAt: Millis;
  /** Says nothing new any more, but hears and acknowledges. */
  resting: boolean;
  readonly tally: Tally;
}

export interface Tally {
  votesSent: number;
  votesHeard: number;
  longHeard: number;
  /** Envelopes refused, by the reason's name. */
  readonly refused: { [why: string]: number };
}

export type RehearsalEvent =
  | { readonly type: "begin"; readonly at: Millis; readonly session: number }
  | { readonly type: "received"; readonly at: Millis; readonly bytes: Uint8Array }
  | { readonly type: "writable"; readonly at: Millis; readonly room: number }
  | { readonly type: "rest"; readonly at: Millis }
  | { readonly type: "tick"; readonly at: Millis };

export type RehearsalEffect = { readonly type: "transmit"; readonly bytes: Uint8Array };

export type RehearsalPorts = SealPorts & OpenPorts;

export function rehearsal(me: number, tableId: Uint8Array, members: readonly Uint8Array[]): Rehearsal {
  const zero = millis(0);
  const config = {
    major: PROTOCOL_MAJOR,
    minor: PROTOCOL_MINOR,
    features: 0,
    space: 4096,
    packetSizeMax: SERIAL_PACKET_SIZE_MAX,
    waitingSizeMax: 65_536,
  };
  return {
    now: zero,
    me,
    table: { id: tableId, epoch: EPOCH, members, replay: replayWindows(members.length) },
    strangers: strangerReplay(),
    link: link(config),
    outbox: outbox(zero),
    votes: 0,
    counter: 0,
    token: 0,
    nextVoteAt: zero,
    resting: false,
    tally: { votesSent: 0, votesHeard: 0, longHeard: 0, refused: {} },
  };
}

export function step(state: Rehearsal, event: RehearsalEvent, effects: RehearsalEffect[], ports: RehearsalPorts): void {
  state.now = event.at;
  if (event.type === "begin") onLink(state, { type: "open", at: event.at, session: event.session }, effects, ports);
  else if (event.type === "rest") state.resting = true;
  else onLink(state, event, effects, ports);
  if (state.now >= state.nextVoteAt && state.link.mode === "open" && !state.resting) {
    state.nextVoteAt = millis(state.now + VOTE_EVERY_MS);
    speak(state, effects, ports);
  }
  onOutbox(state, { type: "tick", at: state.now }, effects, ports);
}

export function nextDeadline(state: Rehearsal): Millis {
  const deadlines = [linkDeadline(state.link), outboxDeadline(state.outbox)];
  if (state.link.mode === "open" && !state.resting) deadlines.push(state.nextVoteAt);
  return millis(Math.min(...deadlines.map((at) => at ?? Number.POSITIVE_INFINITY)));
}

function onLink(state: Rehearsal, event: LinkEvent, effects: RehearsalEffect[], ports: RehearsalPorts): void {
  const done: LinkEffect[] = [];
  linkStep(state.link, event, done);
  for (const effect of done) {
    if (effect.type === "transmit") effects.push(effect);
    if (effect.type === "opened") {
      const up = { type: "up", at: state.now, generation: LINK, mtu: MTU_MAX, stackQueue: 4, intervalMs: 20 } as const;
      onOutbox(state, up, effects, ports);
    }
    if (effect.type === "closed") onOutbox(state, { type: "down", at: state.now, generation: LINK }, effects, ports);
    if (effect.type === "deliver") {
      onOutbox(state, { type: "received", at: state.now, generation: LINK, bytes: effect.bytes }, effects, ports);
    }
  }
}

function onOutbox(state: Rehearsal, event: OutboxEvent, effects: RehearsalEffect[], ports: RehearsalPorts): void {
  const done: OutboxEffect[] = [];
  outboxStep(state.outbox, event, done);
  for (const effect of done) {
    if (effect.type === "transmit") {
      const submit = { type: "submit", at: state.now, class: HIGH, bytes: effect.bytes, token: 0 } as const;
      onLink(state, submit, effects, ports);
    }
    if (effect.type === "deliver") {
      hear(state, effect.bytes, ports);
      onOutbox(state, { type: "taken", at: state.now, token: effect.token }, effects, ports);
    }
  }
}

function speak(state: Rehearsal, effects: RehearsalEffect[], ports: RehearsalPorts): void {
  state.votes += 1;
  const place = { view: view(0), sequence: sequence(state.votes) };
  const digest = sha256(Uint8Array.of(state.me, state.votes & 0xff, state.votes >>> 8));
  const vote = sealed(state, { type: "prepare", ...place, digest }, ports);
  submit(state, vote, CRITICAL, effects, ports);
  state.tally.votesSent += 1;
  if (state.votes % LONG_EVERY === 0) {
    const batch = new Uint8Array(2500).fill(state.votes);
    submit(
      state,
      sealed(state, { type: "prePrepare", ...place, digest, batch }, ports, Number.POSITIVE_INFINITY),
      HIGH,
      effects,
      ports,
    );
  }
  if (state.votes % MISCHIEF_EVERY === 0) {
    submit(state, vote.slice(), CRITICAL, effects, ports);
    const forged = sealed(
      state,
      { type: "commit", ...place, digest },
      { ...ports, sign: () => new Uint8Array(64).fill(1) },
    );
    submit(state, forged, CRITICAL, effects, ports);
  }
}

function sealed(state: Rehearsal, message: Message, ports: SealPorts, packAbove?: number): Uint8Array {
  state.counter += 1;
  const { table, me } = state;
  const sender = {
    type: "member",
    table: table.id,
    epoch: table.epoch,
    sender: memberIndex(me),
    counter: counter(state.counter),
  } as const;
  return seal(message, sender, ports, packAbove === undefined ? {} : { packAbove }).bytes;
}

function submit(
  state: Rehearsal,
  bytes: Uint8Array,
  packetClass: typeof CRITICAL | typeof HIGH,
  effects: RehearsalEffect[],
  ports: RehearsalPorts,
): void {
  state.token += 1;
  onOutbox(
    state,
    { type: "submit", at: state.now, generation: LINK, class: packetClass, bytes, token: state.token },
    effects,
    ports,
  );
}

function hear(state: Rehearsal, bytes: Uint8Array, ports: RehearsalPorts): void {
  const opened = open(bytes, { tables: [state.table], strangers: state.strangers, now: state.now }, ports);
  if (!opened.ok) state.tally.refused[opened.why] = (state.tally.refused[opened.why] ?? 0) + 1;
  else if (opened.message.type === "prepare") state.tally.votesHeard += 1;
  else state.tally.longHeard += 1;
}
