/** What strangers, neighbours, a wire and a host do to a radio when they mean no good or are broken. Each begins now, goes on
 * for so many milliseconds of virtual time, and leaves room for others at the same time. */
import { encode } from "../../../protocol/bytes/codec.ts";
import { drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import {
  GATT_VALUE_SIZE_MAX,
  PACKET_SIZE_MAX,
  PART_OVERHEAD_MAX,
  RADIO_PEERS_MAX,
} from "../../../protocol/core/limits.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import { Fragment } from "../../../protocol/packet/fragment.ts";
import { peer } from "./facts.ts";
import { command, connect, feedRadio, later, type Neighbour, send, value, type World } from "./world.ts";

const PART_SIZE = GATT_VALUE_SIZE_MAX - PART_OVERHEAD_MAX;
const PARTS = Math.ceil(PACKET_SIZE_MAX / PART_SIZE);

export const random = (state: World, size: number): Uint8Array => drawBytes(state.chance, size);

/** Two thousand addresses, two hundred adverts a second, some of them malformed. */
export function floodAdverts(state: World, ms: number): void {
  every(state, 5, ms, () => {
    const serviceData = random(state, drawBelow(state.chance, 20) === 0 ? drawBelow(state.chance, 20) : 10);
    const rssi = -40 - drawBelow(state.chance, 60);
    feedRadio(state, { type: "advert", peer: peer(1000 + drawBelow(state.chance, 2000)), rssi, serviceData });
  });
}

/** Strangers whom no host keeps; every second one leaves at once. */
export function floodConnections(state: World, ms: number): void {
  every(state, 40, ms, () => {
    const handle = 100 + drawBelow(state.chance, 8);
    feedRadio(state, { type: "connected", handle, role: "server", peer: peer(3000 + drawBelow(state.chance, 2000)) });
    if (drawBelow(state.chance, 2) === 0) feedRadio(state, { type: "disconnected", handle, reason: "remote" });
  });
}

/** Noise, or the tag of a fragment and noise, from a neighbour that comes again under another address when it is barred. */
export function floodValues(state: World, ms: number): void {
  let mutant = connect(state, 50, peer(5000));
  every(state, 5, ms, () => {
    if (!state.neighbours.includes(mutant)) mutant = connect(state, mutant.handle + 1, peer(5000 + mutant.handle));
    const bytes = random(state, drawBelow(state.chance, GATT_VALUE_SIZE_MAX + 1));
    if (drawBelow(state.chance, 2) === 0 && bytes.length > 0) bytes[0] = 1 + drawBelow(state.chance, 5);
    if (state.neighbours.includes(mutant)) value(state, mutant, bytes);
  });
}

/** Bytes between the host's frames; every second piece ends a frame somewhere. */
export function floodWire(state: World, ms: number): void {
  every(state, 10, ms, () => {
    const bytes = random(state, 1 + drawBelow(state.chance, state.facts.receiveSpace));
    if (drawBelow(state.chance, 2) === 0) bytes[drawBelow(state.chance, bytes.length)] = 0xc0;
    feedRadio(state, { type: "serial", bytes });
  });
}

/** A host that reads two thousand bytes a second from here on, and orders on what has to be answered. */
export function deafen(state: World, ms: number): void {
  state.hostReadMs = 0.5;
  every(state, 2, ms, () => {
    if (state.host.waitingSize >= 8_192) return;
    send(state, linkGeneration(999), drawBelow(state.chance, 4), random(state, 1));
    command(state, { type: "counters" });
  });
}

export function barMany(state: World): void {
  for (let i = 0; i < RADIO_PEERS_MAX; i++) command(state, { type: "bar", peer: peer(9000 + i), seconds: 3600 });
}

/** A neighbour begins the longest packet in each class, and again and again, and keeps the first fragment of each to itself. */
export function hoard(state: World, neighbour: Neighbour): void {
  let sequence = 0;
  for (let order = 0; order < 4; order++) {
    for (let index = 1; index < PARTS; index++) {
      for (let packetClass = 0; packetClass < 4; packetClass++) {
        const bytes = partOf(state, sequence & 0xff, packetClass, order, index);
        sequence += 1;
        later(state, sequence * state.facts.intervalMinMs, () => {
          if (!state.neighbours.includes(neighbour)) return;
          feedRadio(state, { type: "value", handle: neighbour.handle, bytes });
        });
      }
    }
  }
}

function partOf(state: World, sequence: number, packetClass: number, order: number, index: number): Uint8Array {
  const last = index === PARTS - 1;
  return encode(Fragment, {
    type: "part",
    sequence,
    expected: 0,
    seen: 0,
    packet: { last: last ? 1 : 0, class: packetClass, order },
    index,
    payload: random(state, last ? PACKET_SIZE_MAX % PART_SIZE : PART_SIZE),
  });
}

function every(state: World, stepMs: number, ms: number, act: () => void): void {
  for (let at = 0; at < ms; at += stepMs) later(state, at, act);
}
