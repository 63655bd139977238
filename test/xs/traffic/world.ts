/** The world of one modem in virtual time: its host behind a serial wire and its neighbours in the air, who are machines of
 * the protocol too and can be told to misbehave. Every event that the modem is given is recorded. */
import type { ModemEffect, ModemEvent } from "../../../firmware-js/modem/events.ts";
import { type BoardFacts, modemConfig, type PeerAddress } from "../../../firmware-js/modem/facts.ts";
import { nextDeadline, step } from "../../../firmware-js/modem/modem.ts";
import { type Modem, modem } from "../../../firmware-js/modem/state.ts";
import type { Board } from "../../../hardware/boards/board.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, chance, drawBelow } from "../../../protocol/core/chance.ts";
import { SERIAL_AHEAD_SIZE, SERIAL_PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { type LinkGeneration, linkGeneration, type Millis, millis } from "../../../protocol/core/units.ts";
import type { LinkEffect, LinkEvent } from "../../../protocol/link/events.ts";
import { nextDeadline as linkDeadline, step as linkStep } from "../../../protocol/link/link.ts";
import { type Link, link } from "../../../protocol/link/state.ts";
import type { OutboxEffect, OutboxEvent } from "../../../protocol/packet/events.ts";
import type { Outbox } from "../../../protocol/packet/outbox.ts";
import { outbox, nextDeadline as outboxDeadline, step as outboxStep } from "../../../protocol/packet/outbox.ts";
import { Command, commandClass } from "../../../protocol/radio/command.ts";
import { Report } from "../../../protocol/radio/report.ts";
import { factsOf } from "./facts.ts";
import { type Recording, record, recording } from "./recording.ts";

type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

export interface Neighbour {
  readonly handle: number;
  readonly outbox: Outbox;
  /** The radio's name for the link, once the host was told. */
  generation: LinkGeneration | undefined;
  /** Packets that it was given and that are not settled. */
  pending: number;
  token: number;
}

export interface World {
  now: Millis;
  readonly facts: BoardFacts;
  readonly modem: Modem;
  readonly recording: Recording;
  readonly chance: Chance;
  host: Link;
  /** Off: it neither reads nor writes, and what comes is lost. */
  hostAwake: boolean;
  /** What its program takes for a byte, beside the wire. */
  hostReadMs: number;
  /** Bytes that either end puts on the wire ahead of it. */
  readonly ahead: number;
  readonly byteMs: number;
  hostFreeAt: number;
  radioFreeAt: number;
  hostReadsAt: number;
  readonly neighbours: Neighbour[];
  readonly coming: Coming[];
  /** Of the host's sends. */
  token: number;
  pending: number;
  /** Packets that the host was given, and its own that were sent and not. */
  received: number;
  sent: number;
  unsent: number;
  /** Asked after each event: who has something to say says it. */
  talk: (world: World) => void;
}

interface Coming {
  readonly at: number;
  readonly act: () => void;
}

export function world(board: Board, over: Partial<BoardFacts> = {}, ahead: number = SERIAL_AHEAD_SIZE): World {
  const facts = { ...factsOf(board), ...over };
  const made: World = {
    now: millis(0),
    facts,
    modem: modem(facts, modemConfig(millis(0), 1)),
    recording: recording(),
    chance: chance(1),
    host: hostLink(),
    hostAwake: true,
    hostReadMs: 0,
    ahead,
    byteMs: 10_000 / (facts.bauds.at(-1) ?? facts.baud),
    hostFreeAt: 0,
    radioFreeAt: 0,
    hostReadsAt: 0,
    neighbours: [],
    coming: [],
    token: 0,
    pending: 0,
    received: 0,
    sent: 0,
    unsent: 0,
    talk: () => {},
  };
  feedRadio(made, { type: "boot" });
  feedHost(made, { type: "open", session: 1000 });
  advance(made, 100);
  command(made, { type: "start", role: "server", name: "hardway" });
  advance(made, 100);
  feedRadio(made, { type: "ready", role: "server" });
  advance(made, 100);
  assert(made.modem.hosted && made.modem.ready, "the radio serves its host");
  return made;
}

export function feedRadio(state: World, event: Untimed<ModemEvent>): void {
  const timed = { ...event, at: state.now } as ModemEvent;
  record(state.recording, timed);
  const effects: ModemEffect[] = [];
  step(state.modem, timed, effects);
  for (const effect of effects) perform(state, effect);
}

function perform(state: World, effect: ModemEffect): void {
  if (effect.type === "serial") {
    const { bytes } = effect;
    state.radioFreeAt = Math.max(state.now, state.radioFreeAt) + bytes.length * state.byteMs;
    state.hostReadsAt = Math.max(state.radioFreeAt, state.hostReadsAt + bytes.length * state.hostReadMs);
    laterAt(state, state.hostReadsAt, () => {
      if (state.hostAwake) feedHost(state, { type: "received", bytes });
    });
  } else if (effect.type === "value") {
    const { handle, bytes } = effect;
    pass(state, () => {
      const neighbour = neighbourOf(state, handle);
      if (neighbour !== undefined) feedNeighbour(state, neighbour, { type: "received", generation: ONE, bytes });
    });
  } else if (effect.type === "disconnect") {
    const { handle } = effect;
    forgetNeighbour(state, handle);
    later(state, 30, () => feedRadio(state, { type: "disconnected", handle, reason: "remote" }));
  }
  assert(effect.type !== "restart", "what happens to a board here makes no restart");
}

export function feedHost(state: World, event: Untimed<LinkEvent>): void {
  const effects: LinkEffect[] = [];
  linkStep(state.host, { ...event, at: state.now } as LinkEvent, effects);
  for (const effect of effects) {
    if (effect.type === "transmit") {
      const { bytes } = effect;
      state.hostFreeAt = Math.max(state.now, state.hostFreeAt) + bytes.length * state.byteMs;
      laterAt(state, state.hostFreeAt, () => feedRadio(state, { type: "serial", bytes }));
    } else if (effect.type === "deliver") {
      const decoded = decode(Report, effect.bytes);
      assert(decoded.ok, "a report can be read");
      onReport(state, decoded.value);
    } else if (effect.type === "closed") {
      state.pending = 0;
      for (const neighbour of state.neighbours) neighbour.generation = undefined;
    }
  }
}

function onReport(state: World, report: Report): void {
  if (report.type === "linkUp") {
    const handle = state.modem.links.find((each) => each.generation === report.link)?.handle;
    const neighbour = handle === undefined ? undefined : neighbourOf(state, handle);
    if (neighbour === undefined) return;
    neighbour.generation = report.link;
    command(state, { type: "keep", link: report.link });
  } else if (report.type === "received") {
    state.received += 1;
  } else if (report.type === "sent" || report.type === "dropped" || report.type === "unknown") {
    state.pending -= 1;
    if (report.type === "sent") state.sent += 1;
    else state.unsent += 1;
  }
}

export function command(state: World, value: Command): void {
  feedHost(state, { type: "submit", class: commandClass(value), bytes: encode(Command, value).slice(), token: 0 });
}

export function send(state: World, generation: LinkGeneration, packetClass: number, packet: Uint8Array): void {
  state.pending += 1;
  state.token += 1;
  command(state, { type: "send", link: generation, class: packetClass, token: state.token & 0xffff, packet });
}

export function feedNeighbour(state: World, neighbour: Neighbour, event: Untimed<OutboxEvent>): void {
  const effects: OutboxEffect[] = [];
  outboxStep(neighbour.outbox, { ...event, at: state.now } as OutboxEvent, effects);
  for (const effect of effects) {
    if (effect.type === "transmit") {
      value(state, neighbour, effect.bytes);
    } else if (effect.type === "deliver") {
      const { token } = effect;
      later(state, 3, () => feedNeighbour(state, neighbour, { type: "taken", token }));
    } else if (effect.type === "settled" || effect.type === "refused") {
      neighbour.pending -= 1;
    }
  }
}

/** Whatever it is, it reaches the radio if the connection still stands. */
export function value(state: World, neighbour: Neighbour, bytes: Uint8Array): void {
  pass(state, () => {
    if (neighbourOf(state, neighbour.handle) !== neighbour) return;
    feedRadio(state, { type: "value", handle: neighbour.handle, bytes });
  });
}

export function connect(state: World, handle: number, address: PeerAddress): Neighbour {
  const neighbour: Neighbour = { handle, outbox: outbox(state.now), generation: undefined, pending: 0, token: 0 };
  state.neighbours.push(neighbour);
  const { stackQueue, intervalMaxMs: intervalMs } = state.facts;
  feedNeighbour(state, neighbour, { type: "up", generation: ONE, mtu: 247, stackQueue, intervalMs });
  feedRadio(state, { type: "connected", handle, role: "server", peer: address });
  if (neighbourOf(state, handle) === neighbour) feedRadio(state, { type: "mtu", handle, mtu: 247 });
  return neighbour;
}

export function forgetNeighbour(state: World, handle: number): void {
  const at = state.neighbours.findIndex((each) => each.handle === handle);
  if (at >= 0) state.neighbours.splice(at, 1);
}

const neighbourOf = (state: World, handle: number): Neighbour | undefined =>
  state.neighbours.find((each) => each.handle === handle);

function pass(state: World, act: () => void): void {
  const { intervalMinMs, intervalMaxMs } = state.facts;
  later(state, intervalMinMs + drawBelow(state.chance, Math.ceil(intervalMaxMs - intervalMinMs) + 1), act);
}

export const later = (state: World, ms: number, act: () => void): void => laterAt(state, state.now + ms, act);

/** Few are under way at a time, and most go last. */
function laterAt(state: World, at: number, act: () => void): void {
  let place = state.coming.length;
  while (place > 0 && state.coming[place - 1]!.at > at) place -= 1;
  state.coming.splice(place, 0, { at, act });
}

export function advance(state: World, ms: number): void {
  const until = state.now + ms;
  while (next(state, until));
  state.now = millis(until);
}

function next(state: World, until: number): boolean {
  const first = state.coming[0];
  const hostAt = state.hostAwake ? (linkDeadline(state.host) ?? never) : never;
  const hostRoomAt = state.hostAwake && state.host.room < 16 ? roomAt(state, state.hostFreeAt) : never;
  const radioRoomAt = state.modem.serial.room < 16 ? roomAt(state, state.radioFreeAt) : never;
  const radioAt = nextDeadline(state.modem) ?? never;
  let at = Math.min(first?.at ?? never, hostAt, hostRoomAt, radioRoomAt, radioAt);
  let idle: Neighbour | undefined;
  for (const neighbour of state.neighbours) {
    const due = outboxDeadline(neighbour.outbox) ?? never;
    if (due >= at) continue;
    at = due;
    idle = neighbour;
  }
  if (at > until) return false;
  state.now = millis(Math.max(state.now, at));
  if (idle !== undefined) feedNeighbour(state, idle, { type: "tick" });
  else if (first?.at === at) state.coming.shift()?.act();
  else if (radioRoomAt === at) feedRadio(state, { type: "writable", room: state.ahead });
  else if (hostRoomAt === at) feedHost(state, { type: "writable", room: state.ahead });
  else if (radioAt === at) feedRadio(state, { type: "tick" });
  else feedHost(state, { type: "tick" });
  state.talk(state);
  return true;
}

/** A port takes more when half of what it was given has left. */
const roomAt = (state: World, freeAt: number): number => Math.max(state.now, freeAt - (state.ahead / 2) * state.byteMs);

function hostLink(): Link {
  return link({
    major: 1,
    minor: 0,
    features: 0,
    space: 4096,
    packetSizeMax: SERIAL_PACKET_SIZE_MAX,
    waitingSizeMax: 131_072,
  });
}

const never = Number.POSITIVE_INFINITY;
const ONE = linkGeneration(1);
