/**
 * Kiosks with a mesh each, and links between them that delay, lose in bursts, break and come back; all of it from one seed. A
 * kiosk may be a liar: what it would send goes through a function that changes it, and what it hears too.
 */
import type { LinkName, MeshEffect, MeshEvent } from "../../../host/mesh/events.ts";
import { nextDeadline, step } from "../../../host/mesh/mesh.ts";
import { type Mesh, mesh } from "../../../host/mesh/state.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { type Chance, chance, draw, drawBelow } from "../../../protocol/core/chance.ts";
import { CRITICAL, LOW, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import { digestOf, heartbeat, kioskOf, type Letter, nameOf, ports, seal, VOTE_BODY_SIZE } from "./letters.ts";

export interface Air {
  /** Of one packet from host to host. */
  readonly delayMs: (world: World, wire: Wire) => number;
  /** Between two packets that arrive over one link. A stock radio carries one an interval. */
  readonly packetMs: number;
  /** Share of time in which a link loses everything, and how long such a time lasts. */
  readonly lossShare: number;
  readonly burstMs: number;
  /** Of what is lost, how much the sender cannot tell from what arrived. */
  readonly unknownShare: number;
}

export const CALM: Air = {
  delayMs: (world) => 5 + draw(world.chance) * 20,
  packetMs: 10,
  lossShare: 0,
  burstMs: 0,
  unknownShare: 0,
};

/** A stock link at an interval of 20 ms: a packet waits for the next event, and takes 5 ms on each board and 3 on each wire. */
export const STOCK: Air = {
  ...CALM,
  packetMs: 20,
  delayMs(world, { name }) {
    const phase = (name * 7.3) % INTERVAL_MS;
    const ready = world.now + BOARD_AND_WIRE_MS;
    return BOARD_AND_WIRE_MS + INTERVAL_MS - ((ready - phase + INTERVAL_MS) % INTERVAL_MS) + BOARD_AND_WIRE_MS;
  },
};

const INTERVAL_MS = 20;
const BOARD_AND_WIRE_MS = 8;

/** One life of a link. */
export interface Wire {
  readonly name: LinkName;
  readonly ends: readonly [number, number];
  isUp: boolean;
  /** By the end that sends: until when the air is bad, or good; when the last packet arrives; what crossed. */
  readonly ways: readonly [WireWay, WireWay];
}

interface WireWay {
  isBad: boolean;
  until: number;
  freeAt: number;
  packets: number;
  bytes: number;
  readonly carried: Map<string, number>;
}

export interface Kiosk {
  readonly index: number;
  readonly mesh: Mesh;
  readonly wires: Wire[];
  /** Letters that it was given, by signer and number, and when. */
  readonly heard: Map<string, number>;
  readonly arrived: Uint8Array[];
  readonly suspicions: { readonly at: number; readonly of: number; readonly isSuspected: boolean }[];
  readonly told: { readonly [type: string]: number };
  liar: Liar | undefined;
  isOn: boolean;
  number: number;
  wakesAt: number;
}

export interface Liar {
  /** Instead of a packet: what it sends over which of its links. */
  readonly onSend: (world: World, me: Kiosk, wire: Wire, packet: Uint8Array) => readonly [Wire, Uint8Array][];
  /** Before its own mesh hears it. */
  readonly onHear?: (world: World, me: Kiosk, wire: Wire, packet: Uint8Array) => void;
  readonly onBeat?: (world: World, me: Kiosk) => void;
  /** Names for its heartbeat. */
  readonly names?: (world: World, me: Kiosk) => readonly number[];
}

const BACKLOG_MS = 1_000;

export interface World {
  now: number;
  readonly chance: Chance;
  readonly air: Air;
  readonly kiosks: Kiosk[];
  readonly wires: Wire[];
  readonly queue: Entry[];
  nextOrder: number;
  nextName: LinkName;
  /** Copies of one letter that an honest kiosk brought over one link in one direction, beyond the first. */
  repeated: number;
  /** By letter, what it is counted under on the links. */
  readonly said: Map<string, string>;
  wrongs: string[];
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

export function world(kioskCount: number, seed: number, air: Air = CALM): World {
  const made: World = {
    ...{ now: 0, chance: chance(seed), air, kiosks: [], wires: [], queue: [], nextOrder: 0, nextName: 1 },
    ...{ repeated: 0, said: new Map(), wrongs: [] },
  };
  for (let index = 0; index < kioskCount; index++) {
    made.kiosks.push({
      ...{ index, mesh: mesh(nameOf(index), millis(drawBelow(made.chance, 100)), seed * 1000 + index), wires: [] },
      ...{
        heard: new Map(),
        arrived: [],
        suspicions: [],
        told: {},
        liar: undefined,
        isOn: true,
        number: 0,
        wakesAt: 0,
      },
    });
  }
  const members = made.kiosks.map(({ index }) => nameOf(index));
  for (const kiosk of made.kiosks) {
    kiosk.mesh.beatAt = millis(100 + draw(made.chance) * 4900);
    at(made, 100, () => feed(made, kiosk, { type: "members", at: millis(made.now), peers: members }));
  }
  return made;
}

export function at(world: World, time: number, run: () => void): void {
  assert(time >= world.now, "nothing happens before now");
  const entry = { at: time, order: world.nextOrder++, run };
  const { queue } = world;
  let place = queue.push(entry) - 1;
  while (place > 0) {
    const parent = (place - 1) >> 1;
    if (!isBefore(entry, queue[parent])) break;
    queue[place] = queue[parent];
    place = parent;
  }
  queue[place] = entry;
}

export function runUntil(world: World, time: number): void {
  while (world.queue.length > 0 && world.queue[0].at <= time) {
    const entry = pop(world.queue);
    world.now = entry.at;
    entry.run();
  }
  world.now = time;
}

export function connect(world: World, left: number, right: number, isStranger = false): Wire {
  const way = (): WireWay => ({ isBad: false, until: -1, freeAt: 0, packets: 0, bytes: 0, carried: new Map() });
  const wire: Wire = { name: world.nextName++, ends: [left, right], isUp: true, ways: [way(), way()] };
  world.wires.push(wire);
  for (const [end, other] of [
    [left, right],
    [right, left],
  ]) {
    const kiosk = world.kiosks[end];
    kiosk.wires.push(wire);
    const peer = nameOf(other);
    at(world, Math.max(world.now, 101), () => {
      if (wire.isUp) feed(world, kiosk, { type: "linkUp", at: millis(world.now), link: wire.name, peer, isStranger });
    });
  }
  return wire;
}

export function disconnect(world: World, wire: Wire): void {
  if (!wire.isUp) return;
  wire.isUp = false;
  for (const end of wire.ends) {
    const kiosk = world.kiosks[end];
    kiosk.wires.splice(kiosk.wires.indexOf(wire), 1);
    at(world, Math.max(world.now, 102), () =>
      feed(world, kiosk, { type: "linkDown", at: millis(world.now), link: wire.name }),
    );
  }
}

/** How often that letter crossed a link. */
export function copies({ wires, said }: World, key: string): number {
  const id = said.get(key) ?? "";
  return wires.reduce((sum, { ways }) => sum + (ways[0].carried.get(id) ?? 0) + (ways[1].carried.get(id) ?? 0), 0);
}

/** A letter to everyone, and what it is called. */
export function say(world: World, from: number, packetClass: PacketClass = CRITICAL, size = VOTE_BODY_SIZE): string {
  const kiosk = world.kiosks[from];
  const number = kiosk.number++;
  const packet = seal({ origin: from, number, packetClass, body: new Uint8Array(size).fill(number) });
  feed(world, kiosk, { type: "say", at: millis(world.now), packet, digest: digestOf(packet), packetClass });
  const key = `${from}/${number}`;
  kiosk.heard.set(key, world.now);
  world.said.set(key, idOf(packet));
  return key;
}

export function feed(world: World, kiosk: Kiosk, event: MeshEvent): void {
  if (!kiosk.isOn) return;
  const effects: MeshEffect<Letter>[] = [];
  step(kiosk.mesh, event, ports, effects);
  for (const effect of effects) perform(world, kiosk, effect);
  const wakesAt = nextDeadline(kiosk.mesh);
  if (wakesAt >= kiosk.wakesAt && kiosk.wakesAt > world.now) return;
  kiosk.wakesAt = Math.max(wakesAt, world.now + 0.01);
  const due = kiosk.wakesAt;
  at(world, due, () => {
    if (kiosk.wakesAt === due) feed(world, kiosk, { type: "tick", at: millis(world.now) });
  });
}

function perform(world: World, kiosk: Kiosk, effect: MeshEffect<Letter>): void {
  const told = kiosk.told as { [type: string]: number };
  told[effect.type] = (told[effect.type] ?? 0) + 1;
  switch (effect.type) {
    case "send": {
      const wire = kiosk.wires.find(({ name }) => name === effect.link);
      if (wire === undefined) return;
      if (kiosk.liar === undefined) transmit(world, kiosk, wire, effect.packet, effect.token);
      else {
        for (const [over, packet] of kiosk.liar.onSend(world, kiosk, wire, effect.packet))
          transmit(world, kiosk, over, packet);
        settle(world, kiosk, wire, effect.token, "sent", 20);
      }
      return;
    }
    case "deliver": {
      const { origin, number, packetClass } = effect.what;
      if (packetClass === LOW) return;
      const key = `${origin}/${number}`;
      if (kiosk.heard.has(key)) world.wrongs.push(`kiosk ${kiosk.index} is given ${key} twice`);
      kiosk.heard.set(key, world.now);
      return;
    }
    case "arrived":
      kiosk.arrived.push(effect.envelope);
      return;
    case "close": {
      const wire = kiosk.wires.find(({ name }) => name === effect.link);
      if (wire !== undefined) at(world, world.now, () => disconnect(world, wire));
      return;
    }
    case "beat": {
      const names = kiosk.liar?.names?.(world, kiosk);
      const own = effect.peers;
      const peers =
        names === undefined
          ? own
          : names.map((other) => ({ peer: Uint8Array.of(0xa0, 0, other, 7, 7, 7, 7, 7), ageSeconds: 0, signal: -60 }));
      const body = heartbeat(Math.floor(world.now), peers);
      const packet = seal({ origin: kiosk.index, number: kiosk.number++, packetClass: LOW, body });
      feed(world, kiosk, { type: "say", at: millis(world.now), packet, digest: digestOf(packet), packetClass: LOW });
      kiosk.liar?.onBeat?.(world, kiosk);
      return;
    }
    case "suspected":
    case "returned":
      kiosk.suspicions.push({ at: world.now, of: kioskOf(effect.peer), isSuspected: effect.type === "suspected" });
      return;
    default:
      return;
  }
}

/** Over the air; a packet without a token is nobody's to hear of. */
export function transmit(world: World, from: Kiosk, wire: Wire, packet: Uint8Array, token?: number): void {
  if (!wire.isUp) return;
  const side = wire.ends[0] === from.index ? 0 : 1;
  const to = world.kiosks[wire.ends[1 - side]];
  const way = wire.ways[side];
  // What its host gives it beyond that, a radio refuses.
  if (way.freeAt > world.now + BACKLOG_MS) return;
  way.packets += 1;
  way.bytes += packet.length;
  const isLost = isBad(world, way);
  const arrivesAt = Math.max(way.freeAt + world.air.packetMs, world.now + world.air.delayMs(world, wire));
  way.freeAt = arrivesAt;
  const isUnknown = isLost && draw(world.chance) < world.air.unknownShare;
  // Of what nobody knows about, half arrived.
  if (!isLost || (isUnknown && draw(world.chance) < 0.5)) {
    at(world, arrivesAt, () => {
      if (wire.isUp && to.isOn) hear(world, from, to, wire, way, packet);
    });
  }
  if (token === undefined) return;
  if (isLost) settle(world, from, wire, token, isUnknown ? "unknown" : "dropped", 500 + arrivesAt - world.now);
  else settle(world, from, wire, token, "sent", arrivesAt - world.now + 10);
}

function hear(world: World, from: Kiosk, to: Kiosk, wire: Wire, way: WireWay, packet: Uint8Array): void {
  if (from.liar === undefined && packet[0] < 0x40) {
    const id = idOf(packet);
    const count = (way.carried.get(id) ?? 0) + 1;
    way.carried.set(id, count);
    if (count > 1) world.repeated += 1;
  }
  // Liars that answer each other would do so for ever.
  if (from.liar === undefined) to.liar?.onHear?.(world, to, wire, packet);
  feed(world, to, { type: "received", at: millis(world.now), link: wire.name, packet: packet.slice() });
}

function settle(
  world: World,
  kiosk: Kiosk,
  wire: Wire,
  token: number,
  outcome: "sent" | "dropped" | "unknown",
  ms: number,
): void {
  at(world, world.now + ms, () => {
    if (wire.isUp) feed(world, kiosk, { type: "settled", at: millis(world.now), token, outcome });
  });
}

/** Gilbert and Elliott: good and bad times of exponential length. */
function isBad(world: World, way: WireWay): boolean {
  const { lossShare, burstMs } = world.air;
  if (lossShare === 0) return false;
  while (way.until < world.now) {
    const wasNever = way.until < 0;
    way.isBad = wasNever ? draw(world.chance) < lossShare : !way.isBad;
    const meanMs = way.isBad ? burstMs : (burstMs * (1 - lossShare)) / lossShare;
    way.until = Math.max(0, wasNever ? world.now : way.until) - Math.log(1 - draw(world.chance)) * meanMs;
  }
  return way.isBad;
}

const isBefore = (left: Entry, right: Entry): boolean =>
  left.at < right.at || (left.at === right.at && left.order < right.order);

function pop(queue: Entry[]): Entry {
  const first = queue[0];
  const last = queue.pop() as Entry;
  if (queue.length === 0) return first;
  let place = 0;
  for (;;) {
    let child = 2 * place + 1;
    if (child >= queue.length) break;
    if (child + 1 < queue.length && isBefore(queue[child + 1], queue[child])) child += 1;
    if (!isBefore(queue[child], last)) break;
    queue[place] = queue[child];
    place = child;
  }
  queue[place] = last;
  return first;
}

const idOf = (packet: Uint8Array): string => Buffer.from(digestOf(packet)).toString("latin1");
