/** A modem in virtual time between a host's end of the serial wire and neighbours in the air: the rig of its tests. */
import type { ModemEffect, ModemEvent } from "../../../firmware-js/modem/events.ts";
import { type BoardFacts, type ModemConfig, modemConfig, type PeerAddress } from "../../../firmware-js/modem/facts.ts";
import { nextDeadline, step } from "../../../firmware-js/modem/modem.ts";
import { type Modem, modem } from "../../../firmware-js/modem/state.ts";
import { backlog, nextArrival, put, take, type Wire, wire } from "../../../hardware/virtual/wire.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { SERIAL_AHEAD_SIZE, SERIAL_PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { CRITICAL, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { linkGeneration, type Millis, millis } from "../../../protocol/core/units.ts";
import type { LinkEffect, LinkEvent } from "../../../protocol/link/events.ts";
import { nextDeadline as linkDeadline, step as linkStep } from "../../../protocol/link/link.ts";
import { type Link, link } from "../../../protocol/link/state.ts";
import type { OutboxEffect, OutboxEvent } from "../../../protocol/packet/events.ts";
import {
  type Outbox,
  outbox,
  nextDeadline as outboxDeadline,
  step as outboxStep,
} from "../../../protocol/packet/outbox.ts";
import { Command, commandClass } from "../../../protocol/radio/command.ts";
import { Report } from "../../../protocol/radio/report.ts";

export type Untimed<E> = E extends unknown ? Omit<E, "at"> : never;

export const facts = (over: Partial<BoardFacts> = {}): BoardFacts => ({
  board: "test/board",
  chip: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  build: Uint8Array.of(8, 7, 6, 5, 4, 3, 2, 1),
  address: peer(255),
  receiveSpace: 256,
  bauds: [230_400, 1_000_000],
  roles: { dual: 0, client: 1, server: 1 },
  links: 2,
  linksAsServer: 2,
  linksAsClient: 2,
  stackQueue: 2,
  baud: 230_400,
  intervalMinMs: 8,
  intervalMaxMs: 20,
  natives: { deepSleep: 0, cancel: 0, parameters: 0, crc: 0 },
  ...over,
});

export const peer = (number: number): PeerAddress => ({
  kind: "random",
  address: Uint8Array.of(0xc0, 0, 0, 0, number >> 8, number),
});

export const serviceData = (): Uint8Array => Uint8Array.of(1, 0, 1, 2, 3, 4, 5, 6, 7, 8);

/** Another radio at the end of a connection, with a host that takes everything. */
export interface Neighbour {
  readonly handle: number;
  readonly outbox: Outbox;
  readonly got: Uint8Array[];
  readonly settled: OutboxEffect[];
  token: number;
}

export interface Rig {
  now: Millis;
  readonly facts: BoardFacts;
  modem: Modem;
  boots: number;
  storedRole: ModemConfig["storedRole"];
  host: Link;
  /** While it is off, the wire toward it ends nowhere. */
  hostOn: boolean;
  session: number;
  readonly toHost: Wire;
  readonly toModem: Wire;
  /** Of the host's present session. */
  readonly reports: Report[];
  readonly events: LinkEffect["type"][];
  /** All that the modem did to its board and stack, in order. */
  readonly effects: ModemEffect[];
  readonly neighbours: Map<number, Neighbour>;
  readonly coming: { readonly at: number; readonly act: () => void }[];
  readonly chance: Chance;
  readonly loss: number;
  readonly onReport: (report: Report) => void;
  readonly onSession: () => void;
  /** What else the board and its stack do about an effect. */
  readonly onEffect: (effect: ModemEffect, rig: Rig) => void;
}

export interface RigOptions {
  readonly facts?: Partial<BoardFacts>;
  readonly config?: Partial<ModemConfig>;
  readonly chance: Chance;
  readonly loss?: number;
  readonly toHost?: Wire;
  readonly toModem?: Wire;
  readonly onReport?: (report: Report) => void;
  readonly onSession?: () => void;
  readonly onEffect?: (effect: ModemEffect, rig: Rig) => void;
}

export function rig(options: RigOptions): Rig {
  const zero = millis(0);
  const all = facts(options.facts);
  const made: Rig = {
    now: zero,
    facts: all,
    modem: modem(all, modemConfig(zero, 1, options.config)),
    boots: 1,
    storedRole: options.config?.storedRole,
    host: hostLink(),
    hostOn: true,
    session: 1000,
    toHost: options.toHost ?? wire(1_000_000, 1),
    toModem: options.toModem ?? wire(1_000_000, 1),
    reports: [],
    events: [],
    effects: [],
    neighbours: new Map(),
    coming: [],
    chance: options.chance,
    loss: options.loss ?? 0,
    onReport: options.onReport ?? (() => {}),
    onSession: options.onSession ?? (() => {}),
    onEffect: options.onEffect ?? (() => {}),
  };
  feedModem(made, { type: "boot" });
  feedHost(made, { type: "open", session: made.session });
  return made;
}

const hostLink = (): Link =>
  link({
    major: 1,
    minor: 0,
    features: 0,
    space: 4096,
    packetSizeMax: SERIAL_PACKET_SIZE_MAX,
    waitingSizeMax: 65_536,
  });

/** Booted, with a host, in a role, and ready. */
export function readyRig(role: "server" | "client", options: RigOptions): Rig {
  const made = rig(options);
  advance(made, 50);
  command(made, { type: "start", role, name: "test" });
  advance(made, 20);
  feedModem(made, { type: "ready", role });
  advance(made, 20);
  return made;
}

export function feedModem(rig: Rig, event: Untimed<ModemEvent>): void {
  const effects: ModemEffect[] = [];
  step(rig.modem, { ...event, at: rig.now } as ModemEvent, effects);
  for (const effect of effects) {
    if (effect.type !== "serial" && effect.type !== "value") rig.effects.push(effect);
    perform(rig, effect);
  }
}

function perform(rig: Rig, effect: ModemEffect): void {
  if (effect.type === "serial") {
    put(rig.toHost, effect.bytes, rig.now);
  } else if (effect.type === "value") {
    const { bytes } = effect;
    passAir(rig, () => {
      const neighbour = rig.neighbours.get(effect.handle);
      if (neighbour !== undefined) feedNeighbour(rig, neighbour, { type: "received", generation: ONE, bytes });
    });
  } else if (effect.type === "disconnect") {
    hangUp(rig, effect.handle);
  } else if (effect.type === "storeRole") {
    rig.storedRole = effect.role;
  } else if (effect.type === "restart") {
    reboot(rig);
  }
  rig.onEffect(effect, rig);
}

/** All connections end, and a new modem begins under a new boot. */
export function reboot(rig: Rig): void {
  rig.neighbours.clear();
  rig.boots += 1;
  const { storedRole } = rig;
  rig.modem = modem(rig.facts, modemConfig(rig.now, 1 + 7 * rig.boots, { storedRole, reset: "software" }));
  later(rig, 100, () => feedModem(rig, { type: "boot" }));
}

export function connect(
  rig: Rig,
  handle: number,
  address: PeerAddress,
  role: "server" | "client" = "server",
): Neighbour {
  const neighbour: Neighbour = { handle, outbox: outbox(rig.now), got: [], settled: [], token: 0 };
  rig.neighbours.set(handle, neighbour);
  feedNeighbour(rig, neighbour, { type: "up", generation: ONE, mtu: 247, stackQueue: 2, intervalMs: 20 });
  feedModem(rig, { type: "connected", handle, role, peer: address });
  if (rig.neighbours.get(handle) === neighbour) feedModem(rig, { type: "mtu", handle, mtu: 247 });
  return neighbour;
}

/** The stack ends a connection because the modem told it to. */
function hangUp(rig: Rig, handle: number): void {
  if (!rig.neighbours.delete(handle)) return;
  later(rig, 30, () => {
    if (!rig.neighbours.has(handle)) feedModem(rig, { type: "disconnected", handle, reason: "remote" });
  });
}

export function breakLink(rig: Rig, handle: number): void {
  if (rig.neighbours.delete(handle)) feedModem(rig, { type: "disconnected", handle, reason: "supervision" });
}

export function say(rig: Rig, neighbour: Neighbour, packetClass: PacketClass, bytes: Uint8Array): void {
  neighbour.token += 1;
  const { token } = neighbour;
  feedNeighbour(rig, neighbour, { type: "submit", generation: ONE, class: packetClass, bytes, token });
}

export function feedNeighbour(rig: Rig, neighbour: Neighbour, event: Untimed<OutboxEvent>): void {
  const effects: OutboxEffect[] = [];
  outboxStep(neighbour.outbox, { ...event, at: rig.now } as OutboxEvent, effects);
  for (const effect of effects) {
    if (effect.type === "transmit") {
      const { bytes } = effect;
      passAir(rig, () => {
        if (rig.neighbours.get(neighbour.handle) !== neighbour) return;
        feedModem(rig, { type: "value", handle: neighbour.handle, bytes });
      });
    } else if (effect.type === "deliver") {
      const { token } = effect;
      neighbour.got.push(effect.bytes.slice());
      later(rig, 3, () => feedNeighbour(rig, neighbour, { type: "taken", token }));
    } else {
      neighbour.settled.push(effect);
    }
  }
}

function passAir(rig: Rig, act: () => void): void {
  if (draw(rig.chance) >= rig.loss) later(rig, 5 + drawBelow(rig.chance, 10), act);
}

export function later(rig: Rig, ms: number, act: () => void): void {
  rig.coming.push({ at: rig.now + ms, act });
}

export function command(rig: Rig, value: Command): void {
  feedHost(rig, { type: "submit", class: commandClass(value), bytes: encode(Command, value).slice(), token: 0 });
}

/** A program that takes the port anew, and knows nothing of the one before. */
export function restartHost(rig: Rig): void {
  rig.host = hostLink();
  rig.session += 1000;
  rig.onSession();
  rig.reports.length = 0;
  feedHost(rig, { type: "open", session: rig.session });
}

export function feedHost(rig: Rig, event: Untimed<LinkEvent>): void {
  const effects: LinkEffect[] = [];
  const { host } = rig;
  linkStep(host, { ...event, at: rig.now } as LinkEvent, effects);
  for (const effect of effects) {
    if (effect.type === "transmit") {
      put(rig.toModem, effect.bytes, rig.now);
      continue;
    }
    rig.events.push(effect.type);
    if (effect.type === "closed") {
      rig.onSession();
      rig.reports.length = 0;
    } else if (effect.type === "deliver") {
      const decoded = decode(Report, effect.bytes);
      assert(decoded.ok, "a report can be read");
      rig.reports.push(decoded.value);
      rig.onReport(decoded.value);
    }
  }
}

export function advance(rig: Rig, ms: number): void {
  const until = rig.now + ms;
  while (next(rig, until));
  rig.now = millis(until);
}

function next(rig: Rig, until: number): boolean {
  let at = Math.min(
    nextDeadline(rig.modem) ?? Number.POSITIVE_INFINITY,
    rig.hostOn ? (linkDeadline(rig.host) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY,
    nextArrival(rig.toHost) ?? Number.POSITIVE_INFINITY,
    nextArrival(rig.toModem) ?? Number.POSITIVE_INFINITY,
    roomAt(rig, rig.modem.serial, rig.toHost),
    rig.hostOn ? roomAt(rig, rig.host, rig.toModem) : Number.POSITIVE_INFINITY,
  );
  for (const neighbour of rig.neighbours.values()) {
    at = Math.min(at, outboxDeadline(neighbour.outbox) ?? Number.POSITIVE_INFINITY);
  }
  let soonest = -1;
  for (let i = 0; i < rig.coming.length; i++) {
    if (soonest < 0 || rig.coming[i].at < rig.coming[soonest].at) soonest = i;
  }
  if (soonest >= 0) at = Math.min(at, rig.coming[soonest].at);
  if (at > until) return false;
  rig.now = millis(Math.max(rig.now, at));
  if (soonest >= 0 && rig.coming[soonest].at <= rig.now) rig.coming.splice(soonest, 1)[0].act();
  for (let bytes = take(rig.toModem, rig.now); bytes !== undefined; bytes = take(rig.toModem, rig.now)) {
    feedModem(rig, { type: "serial", bytes });
  }
  for (let bytes = take(rig.toHost, rig.now); bytes !== undefined; bytes = take(rig.toHost, rig.now)) {
    if (rig.hostOn) feedHost(rig, { type: "received", bytes });
  }
  if (roomAt(rig, rig.modem.serial, rig.toHost) <= rig.now) {
    feedModem(rig, { type: "writable", room: SERIAL_AHEAD_SIZE - backlog(rig.toHost, rig.now) });
  }
  if (rig.hostOn && roomAt(rig, rig.host, rig.toModem) <= rig.now) {
    feedHost(rig, { type: "writable", room: SERIAL_AHEAD_SIZE - backlog(rig.toModem, rig.now) });
  }
  if ((nextDeadline(rig.modem) ?? Number.POSITIVE_INFINITY) <= rig.now) feedModem(rig, { type: "tick" });
  if (rig.hostOn && (linkDeadline(rig.host) ?? Number.POSITIVE_INFINITY) <= rig.now) feedHost(rig, { type: "tick" });
  for (const neighbour of rig.neighbours.values()) {
    if ((outboxDeadline(neighbour.outbox) ?? Number.POSITIVE_INFINITY) <= rig.now) {
      feedNeighbour(rig, neighbour, { type: "tick" });
    }
  }
  return true;
}

function roomAt(rig: Rig, end: Link, out: Wire): number {
  if (end.room >= SERIAL_AHEAD_SIZE / 2) return Number.POSITIVE_INFINITY;
  return Math.max(rig.now, out.busyUntil - (SERIAL_AHEAD_SIZE / 2) * out.byteMs);
}

export const told = <T extends Report["type"]>(rig: Rig, type: T): (Report & { type: T })[] =>
  rig.reports.filter((report): report is Report & { type: T } => report.type === type);

export const did = <T extends ModemEffect["type"]>(rig: Rig, type: T): (ModemEffect & { type: T })[] =>
  rig.effects.filter((effect): effect is ModemEffect & { type: T } => effect.type === type);

export const ONE = linkGeneration(1);
export const VOTE = CRITICAL;
