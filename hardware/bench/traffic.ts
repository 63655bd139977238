/** The load of a measurement and what became of it: every packet has a name and a content of its own, so that whatever is
 * lost, repeated, out of order or spoilt is seen at the other end. */
import type { Outcome } from "../../host/radio/events.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type LinkGeneration, type Millis, millis } from "../../protocol/core/units.ts";
import { HOLD_AFTER_DROP_MS, PAYLOAD_SIZE_MIN } from "./limits.ts";

/** `down`: from server to client, by notification; `up`: by writing. */
export type Direction = "up" | "down";

export interface Flow {
  readonly direction: Direction;
  readonly from: string;
  readonly to: string;
  readonly link: LinkGeneration;
  readonly peerLink: LinkGeneration;
  readonly packets: PacketLife[];
  underway: number;
  /** Nothing is given before. */
  notBefore: Millis;
  /** Its link is gone. */
  closed: boolean;
  /** The last one that arrived. */
  lastHeard: number;
}

export interface PacketLife {
  readonly at: Millis;
  settledAt: Millis | undefined;
  outcome: Outcome | undefined;
  arrivedAt: Millis | undefined;
}

export interface Traffic {
  readonly flows: readonly Flow[];
  readonly payload: number;
  readonly window: number;
  /** Between two packets of one flow; 0: as fast as the window lets them. */
  readonly everyMs: number;
  repeated: number;
  misordered: number;
  spoilt: number;
  /** Of packets that arrived whole, in their order. */
  readonly arrivals: { readonly at: Millis; readonly direction: Direction }[];
}

export interface FlowPlace {
  readonly direction: Direction;
  readonly from: string;
  readonly to: string;
  readonly link: LinkGeneration;
  readonly peerLink: LinkGeneration;
}

export interface Given {
  readonly flow: Flow;
  readonly id: number;
  readonly packet: Uint8Array;
}

export function traffic(
  places: readonly FlowPlace[],
  payload: number,
  window: number,
  packetsPerSecond: number | undefined,
  at: Millis,
): Traffic {
  assert(places.length <= FLOWS_MAX && payload >= PAYLOAD_SIZE_MIN, "a packet has room for its name");
  const everyMs = packetsPerSecond === undefined ? 0 : 1000 / packetsPerSecond;
  return {
    // Paced flows do not all speak in the same moment.
    flows: places.map((place, index) => ({
      ...place,
      packets: [],
      underway: 0,
      notBefore: millis(at + (everyMs * index) / places.length),
      closed: false,
      lastHeard: -1,
    })),
    payload,
    window,
    everyMs,
    repeated: 0,
    misordered: 0,
    spoilt: 0,
    arrivals: [],
  };
}

/** What may be given now. */
export function pump(traffic: Traffic, at: Millis): Given[] {
  const given: Given[] = [];
  for (const [index, flow] of traffic.flows.entries()) {
    while (!flow.closed && flow.underway < traffic.window && at >= flow.notBefore) {
      const sequence = flow.packets.length;
      assert(sequence < SEQUENCE_MAX, "a measurement ends before its names do");
      flow.packets.push({ at, settledAt: undefined, outcome: undefined, arrivedAt: undefined });
      flow.underway += 1;
      if (traffic.everyMs > 0) flow.notBefore = millis(flow.notBefore + traffic.everyMs);
      given.push({ flow, id: index * SEQUENCE_MAX + sequence, packet: packetOf(index, sequence, traffic.payload) });
    }
    // What the window held back is not made up for: the next packet is due when it would have been.
    if (traffic.everyMs > 0 && flow.notBefore < at) flow.notBefore = millis(at + traffic.everyMs);
  }
  return given;
}

export function onSettled(traffic: Traffic, from: string, id: number, outcome: Outcome, at: Millis): void {
  const flow = traffic.flows[Math.floor(id / SEQUENCE_MAX)];
  const packet = flow?.packets[id % SEQUENCE_MAX];
  // A packet of an earlier point, or of one that is over.
  if (packet === undefined || flow.from !== from || packet.outcome !== undefined) return;
  packet.outcome = outcome;
  packet.settledAt = at;
  flow.underway -= 1;
  if (outcome.type !== "sent") flow.notBefore = millis(Math.max(flow.notBefore, at + HOLD_AFTER_DROP_MS));
}

export function onArrived(traffic: Traffic, to: string, link: LinkGeneration, bytes: Uint8Array, at: Millis): void {
  const index = bytes[0];
  const sequence = (bytes[1] << 16) | (bytes[2] << 8) | bytes[3];
  const flow = traffic.flows[index];
  const packet = flow?.packets[sequence];
  const isWhole =
    flow?.to === to &&
    flow.peerLink === link &&
    packet !== undefined &&
    isSame(bytes, index, sequence, traffic.payload);
  if (!isWhole) {
    traffic.spoilt += 1;
    return;
  }
  if (packet.arrivedAt !== undefined) {
    traffic.repeated += 1;
    return;
  }
  if (sequence < flow.lastHeard) traffic.misordered += 1;
  flow.lastHeard = Math.max(flow.lastHeard, sequence);
  packet.arrivedAt = at;
  traffic.arrivals.push({ at, direction: flow.direction });
}

/** A link ended at one of its ends: what is under way on it is settled, and nothing more is given. */
export function onLinkDown(traffic: Traffic, name: string, link: LinkGeneration): void {
  for (const flow of traffic.flows) {
    if ((flow.from === name && flow.link === link) || (flow.to === name && flow.peerLink === link)) flow.closed = true;
  }
}

export const isSettled = (traffic: Traffic): boolean => traffic.flows.every(({ underway }) => underway === 0);

/** Every packet that its sender was told to be sent has arrived. */
export const isKept = (traffic: Traffic): boolean => traffic.flows.every(({ packets }) => !packets.some(isBroken));

export const isBroken = ({ outcome, arrivedAt }: PacketLife): boolean =>
  outcome?.type === "sent" && arrivedAt === undefined;

function packetOf(flow: number, sequence: number, size: number): Uint8Array {
  const packet = new Uint8Array(size);
  for (let at = 0; at < size; at++) packet[at] = byteOf(flow, sequence, at);
  return packet;
}

function isSame(bytes: Uint8Array, flow: number, sequence: number, size: number): boolean {
  if (bytes.length !== size) return false;
  for (let at = 0; at < size; at++) if (bytes[at] !== byteOf(flow, sequence, at)) return false;
  return true;
}

/** The name, then every value alike, as in what is encrypted. */
function byteOf(flow: number, sequence: number, at: number): number {
  if (at === 0) return flow;
  if (at < PAYLOAD_SIZE_MIN) return (sequence >>> (8 * (3 - at))) & 0xff;
  return (sequence * 29 + at * 73) & 0xff;
}

/** One byte and three of every packet. */
const FLOWS_MAX = 256;
const SEQUENCE_MAX = 2 ** 24;
