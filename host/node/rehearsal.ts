/** Two kiosks that rehearse: each finds the other with its two radios, links, and sends signed votes through the whole
 * protocol, and now and then what a bad neighbour would send. Pure: news of radios, time and signatures come in from outside.
 *
 * vote → seal → packet → radio (fragments, acknowledgements, air), and back up the same stairs. */
import { unreachable } from "../../protocol/core/assert.ts";
import { PROPOSAL_SIZE_MAX } from "../../protocol/core/limits.ts";
import { CRITICAL, HIGH } from "../../protocol/core/packet-class.ts";
import {
  agreedMillis,
  counter,
  type Epoch,
  epoch,
  type LinkGeneration,
  type Millis,
  memberIndex,
  millis,
} from "../../protocol/core/units.ts";
import { type OpenPorts, open, type Table } from "../../protocol/envelope/open.ts";
import { replayWindows } from "../../protocol/envelope/replay.ts";
import { type SealPorts, seal } from "../../protocol/envelope/seal.ts";
import { type StrangerReplay, strangerReplay } from "../../protocol/envelope/stranger-replay.ts";
import type { Message } from "../../protocol/message/kinds.ts";
import { sha256 } from "../crypto/sha256.ts";
import type { News, Order, SessionEffect } from "../radio/events.ts";

const EPOCH: Epoch = epoch(1);
const VOTE_EVERY_MS = 250;
/** Each so many votes: something long, that crosses in many fragments. */
const LONG_EVERY = 10;
/** Each so many votes: an old envelope again, and one with a forged signature. */
const MISCHIEF_EVERY = 20;
/** Away from a multiple of the adverts' interval, at which two clocks can miss each other for long. */
const SCAN_MS = 60;
const ADVERT_MS = 100;

/** A kiosk's two radios, in the order of its devices. */
export const ROLES = ["server", "client"] as const;

export interface Rehearsal {
  now: Millis;
  readonly me: number;
  readonly table: Table;
  readonly strangers: StrangerReplay;
  /** Connections that pass packets, oldest first: votes go over the first alone. */
  readonly links: { readonly radio: number; readonly link: LinkGeneration }[];
  dialling: boolean;
  votes: number;
  counter: number;
  packets: number;
  nextVoteAt: Millis;
  /** Says nothing new any more, but hears and acknowledges. */
  resting: boolean;
  readonly tally: Tally;
}

export interface Tally {
  votesSaid: number;
  votesHeard: number;
  longHeard: number;
  /** What became of packets: the neighbour's host has it, has it not, may have it. */
  sent: number;
  dropped: number;
  unknown: number;
  /** Envelopes refused, by the reason's name. */
  readonly refused: { [why: string]: number };
}

export type RehearsalEvent =
  | { readonly type: "radio"; readonly at: Millis; readonly radio: number; readonly said: SessionEffect }
  | { readonly type: "rest"; readonly at: Millis }
  | { readonly type: "tick"; readonly at: Millis };

export type RehearsalEffect =
  | { readonly type: "order"; readonly radio: number; readonly order: Order }
  | {
      readonly type: "send";
      readonly radio: number;
      readonly id: number;
      readonly link: LinkGeneration;
      readonly class: typeof CRITICAL | typeof HIGH;
      readonly packet: Uint8Array;
    };

export type RehearsalPorts = SealPorts & OpenPorts;

export function rehearsal(me: number, tableId: Uint8Array, members: readonly Uint8Array[]): Rehearsal {
  return {
    now: millis(0),
    me,
    table: { id: tableId, epoch: EPOCH, members, replay: replayWindows(members.length) },
    strangers: strangerReplay(),
    links: [],
    dialling: false,
    votes: 0,
    counter: 0,
    packets: 0,
    nextVoteAt: millis(0),
    resting: false,
    tally: { votesSaid: 0, votesHeard: 0, longHeard: 0, sent: 0, dropped: 0, unknown: 0, refused: {} },
  };
}

export function step(state: Rehearsal, event: RehearsalEvent, effects: RehearsalEffect[], ports: RehearsalPorts): void {
  state.now = event.at;
  if (event.type === "rest") state.resting = true;
  else if (event.type === "radio") onRadio(state, event.radio, event.said, effects, ports);
  if (state.now >= state.nextVoteAt && state.links.length > 0 && !state.resting) {
    state.nextVoteAt = millis(state.now + VOTE_EVERY_MS);
    speak(state, effects, ports);
  }
}

export const nextDeadline = (state: Rehearsal): Millis | undefined =>
  state.links.length > 0 && !state.resting ? state.nextVoteAt : undefined;

function onRadio(
  state: Rehearsal,
  radio: number,
  said: SessionEffect,
  effects: RehearsalEffect[],
  ports: RehearsalPorts,
): void {
  switch (said.type) {
    case "up":
      tell(effects, radio, { type: "start", role: ROLES[radio], name: `kiosk ${state.me}` });
      break;
    case "down":
      forgetLinks(state, radio);
      break;
    case "news":
      onNews(state, radio, said.report, effects);
      break;
    case "arrived":
      hear(state, said.packet, ports);
      break;
    case "settled":
      state.tally[said.outcome.type] += 1;
      break;
    // The driver's own, or told by a counter.
    case "transmit":
    case "refused":
    case "logged":
      break;
    default:
      unreachable(said);
  }
}

function onNews(state: Rehearsal, radio: number, report: News, effects: RehearsalEffect[]): void {
  switch (report.type) {
    case "ready": {
      const advert = { version: 1, flags: 0, kiosk: tagOf(state.me), component: tagOf(state.me) };
      if (report.role === "server")
        tell(effects, radio, { type: "advertise", on: true, intervalMs: ADVERT_MS, advert });
      else scan(effects, radio, true);
      break;
    }
    case "discovered":
      // Own tags are refused: the kiosk's other radio is heard best of all.
      if (state.dialling || report.advert.kiosk[0] === state.me || linksOf(state, radio) > 0) break;
      state.dialling = true;
      tell(effects, radio, { type: "connect", to: report.peer });
      break;
    case "linkUp":
      if (report.role === "server") tell(effects, radio, { type: "keep", link: report.link });
      else {
        state.dialling = false;
        scan(effects, radio, false);
      }
      state.links.push({ radio, link: report.link });
      break;
    case "notConnected":
      state.dialling = false;
      break;
    case "linkDown": {
      const at = state.links.findIndex((each) => each.radio === radio && each.link === report.link);
      if (at >= 0) state.links.splice(at, 1);
      if (ROLES[radio] === "client") scan(effects, radio, true);
      break;
    }
    default:
      break;
  }
}

const scan = (effects: RehearsalEffect[], radio: number, on: boolean): void =>
  tell(effects, radio, { type: "scan", on, intervalMs: SCAN_MS, windowMs: SCAN_MS });

const linksOf = (state: Rehearsal, radio: number): number => state.links.filter((each) => each.radio === radio).length;

function forgetLinks(state: Rehearsal, radio: number): void {
  if (ROLES[radio] === "client") state.dialling = false;
  state.links.splice(0, state.links.length, ...state.links.filter((each) => each.radio !== radio));
}

function tell(effects: RehearsalEffect[], radio: number, order: Order): void {
  effects.push({ type: "order", radio, order });
}

function speak(state: Rehearsal, effects: RehearsalEffect[], ports: RehearsalPorts): void {
  state.votes += 1;
  const digest = sha256(Uint8Array.of(state.me, state.votes & 0xff, state.votes >>> 8));
  const vote = sealed(state, { type: "vote", proposal: digest, answer: "accept", reason: "" }, ports);
  send(state, vote, CRITICAL, effects);
  state.tally.votesSaid += 1;
  if (state.votes % LONG_EVERY === 0) {
    const content = new Uint8Array(PROPOSAL_SIZE_MAX).fill(state.votes);
    const proposal = { type: "proposal", subject: "game", state: digest, expires: agreedMillis(0), content } as const;
    const long = sealed(state, proposal, ports, Number.POSITIVE_INFINITY);
    send(state, long, HIGH, effects);
  }
  if (state.votes % MISCHIEF_EVERY === 0) {
    send(state, vote.slice(), CRITICAL, effects);
    const forger = { ...ports, sign: () => new Uint8Array(64).fill(1) };
    send(
      state,
      sealed(state, { type: "disputeVote", dispute: digest, answer: "uphold", reason: "" }, forger),
      CRITICAL,
      effects,
    );
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

function send(
  state: Rehearsal,
  packet: Uint8Array,
  packetClass: typeof CRITICAL | typeof HIGH,
  effects: RehearsalEffect[],
): void {
  const { radio, link } = state.links[0];
  state.packets += 1;
  effects.push({ type: "send", radio, id: state.packets, link, class: packetClass, packet });
}

function hear(state: Rehearsal, packet: Uint8Array, ports: RehearsalPorts): void {
  const opened = open(packet, { tables: [state.table], strangers: state.strangers, now: state.now }, ports);
  if (!opened.ok) state.tally.refused[opened.why] = (state.tally.refused[opened.why] ?? 0) + 1;
  else if (opened.message.type === "vote") state.tally.votesHeard += 1;
  else state.tally.longHeard += 1;
}

const tagOf = (kiosk: number): Uint8Array => Uint8Array.of(kiosk, 0, 0, 0);
