/** The way out of one link: four queues, the packets begun, and how each of them ends. */
import { assert } from "../core/assert.ts";
import {
  AIR_QUEUE_LENGTH_MAX,
  AIR_RETRIES_MAX,
  CLASS_COUNT,
  CRITICAL_BYTES_RESERVED,
  LINK_BYTES_MAX,
  PACKET_KEPT_SIZE,
  PACKET_TIMEOUT_MS,
  QUEUED_MAX_MS,
  STALLED_MAX_MS,
  STARVED_SHARE,
  UNRESPONSIVE_AFTER,
} from "../core/limits.ts";
import { CRITICAL } from "../core/packet-class.ts";
import { first, push, type Queue, queue, shift } from "../core/queue.ts";
import type { LinkGeneration, Millis } from "../core/units.ts";
import { type PowerState, passes } from "../power/rules.ts";
import type { OutboxCounters, OutboxEffect, Outcome } from "./events.ts";
import type { Outgoing } from "./outgoing.ts";
import { acknowledge, findLost, flightDeadline, type SendWindow, sendWindow } from "./send-window.ts";

export interface Sender {
  readonly generation: LinkGeneration;
  readonly waiting: Queue<Outgoing>[];
  /** Bytes that wait or are unacknowledged. */
  bytes: number;
  /** Begun and not settled: under way, or with parts left to send. */
  readonly begun: Outgoing[];
  /** Of each class, the packet with parts left to send. A neighbour keeps one slot a class, so that a class has one packet
   * in several parts under way and the next waits until the host over there took it. */
  readonly open: (Outgoing | undefined)[];
  /** Given up after their first fragment left; the neighbour must hear of it, in a sequence of its own, because an
   * acknowledgement of an old sequence does not tell whether the part or its cancellation arrived. */
  readonly givenUp: Outgoing[];
  readonly orders: number[];
  /** When each class last had a fragment leave, or began to wait. */
  readonly servedAt: number[];
  sinceRescue: number;
  readonly window: SendWindow;
  valueSize: number;
  unresponsive: boolean;
}

export const sender = (generation: LinkGeneration, windowMax: number, valueSize: number, at: Millis): Sender => ({
  generation,
  waiting: [0, 0, 0, 0].map(() => queue<Outgoing>(AIR_QUEUE_LENGTH_MAX)),
  bytes: 0,
  begun: [],
  open: [undefined, undefined, undefined, undefined],
  givenUp: [],
  orders: [0, 0, 0, 0],
  servedAt: [at, at, at, at],
  sinceRescue: STARVED_SHARE,
  window: sendWindow(windowMax),
  valueSize,
  unresponsive: false,
});

/** False: full. */
export function enqueue(state: Sender, packet: Outgoing): boolean {
  const size = (packet.bytes as Uint8Array).length;
  const room = LINK_BYTES_MAX - (packet.class === CRITICAL ? 0 : CRITICAL_BYTES_RESERVED);
  if (state.bytes + size > room) return false;
  const line = state.waiting[packet.class];
  const idle = line.length === 0 && state.open[packet.class] === undefined;
  if (!push(line, packet)) return false;
  if (idle) state.servedAt[packet.class] = packet.queuedAt;
  state.bytes += size;
  return true;
}

/** What the link's packets take of a board. */
export function keptSize(state: Sender): number {
  let count = state.begun.length;
  for (let c = 0; c < CLASS_COUNT; c++) count += state.waiting[c].length;
  return state.bytes + PACKET_KEPT_SIZE * count;
}

/** False: it acknowledges what was never sent. */
export function onAcknowledged(
  state: Sender,
  expected: number,
  seen: number,
  now: Millis,
  counters: OutboxCounters,
  effects: OutboxEffect[],
): boolean {
  if (!acknowledge(state.window, expected, seen, now)) return false;
  for (let i = 0; i < state.begun.length; i++) {
    const packet = state.begun[i];
    if (packet.acknowledged < packet.partCount) continue;
    state.begun.splice(i--, 1);
    counters.sent += 1;
    settle(state, packet, SENT, effects);
  }
  return true;
}

/** Whatever time has brought: lost fragments, packets that nobody answers, packets gone stale in a queue. */
export function onTime(state: Sender, now: Millis, counters: OutboxCounters, effects: OutboxEffect[]): void {
  if (isIdle(state)) return;
  const lost = findLost(state.window, now);
  counters.lost += lost;
  const { flights } = state.window;
  for (let i = 0; lost > 0 && i < flights.length; i++) {
    const flight = flights[i];
    if (!flight.lost) continue;
    if (!flight.cancels && flight.tries >= AIR_RETRIES_MAX)
      giveUp(state, flight.packet, "unacknowledged", counters, effects);
    if (flight.tries >= UNRESPONSIVE_AFTER && !state.unresponsive) {
      state.unresponsive = true;
      effects.push({ type: "unresponsive", generation: state.generation });
    }
  }
  for (let i = state.begun.length - 1; i >= 0; i--) {
    const packet = state.begun[i];
    if (now >= expiry(state, packet)) giveUp(state, packet, "expired", counters, effects);
  }
  for (let c = 0; c < CLASS_COUNT; c++) {
    const line = state.waiting[c];
    for (let head = first(line); head !== undefined && now >= head.queuedAt + QUEUED_MAX_MS; head = first(line)) {
      shift(line);
      drop(state, head, "expired", counters, effects);
    }
  }
}

/** A packet that was begun is finished: what it holds of the neighbour's memory is worth more than the rest of it costs. */
export function onPower(state: Sender, power: PowerState, counters: OutboxCounters, effects: OutboxEffect[]): void {
  for (const line of state.waiting) {
    let head = first(line);
    if (head === undefined || passes(power, head.class)) continue;
    for (; head !== undefined; head = first(line)) {
      shift(line);
      drop(state, head, "power", counters, effects);
    }
  }
}

export function onLinkLost(state: Sender, counters: OutboxCounters, effects: OutboxEffect[]): void {
  for (const packet of state.begun) {
    doubt(state, packet, counters, effects);
  }
  for (const line of state.waiting) {
    for (let packet = shift(line); packet !== undefined; packet = shift(line)) {
      drop(state, packet, "link lost", counters, effects);
    }
  }
  assert(state.bytes === 0, "every packet of a lost link is settled");
}

export function senderDeadline(state: Sender): number {
  if (isIdle(state)) return Number.POSITIVE_INFINITY;
  let at = flightDeadline(state.window);
  for (let i = 0; i < state.begun.length; i++) at = Math.min(at, expiry(state, state.begun[i]));
  for (let c = 0; c < CLASS_COUNT; c++) {
    const head = first(state.waiting[c]);
    if (head !== undefined) at = Math.min(at, head.queuedAt + QUEUED_MAX_MS);
  }
  return at;
}

/** Most of the time of most links. */
export const isIdle = (state: Sender): boolean =>
  state.bytes === 0 && state.window.flights.length === 0 && state.givenUp.length === 0;

function giveUp(
  state: Sender,
  packet: Outgoing,
  why: "unacknowledged" | "expired",
  counters: OutboxCounters,
  effects: OutboxEffect[],
): void {
  const allLeft = packet.next === packet.partCount;
  let complete = allLeft;
  for (const flight of state.window.flights) {
    if (flight.packet !== packet || flight.arrived) continue;
    flight.cancels = true;
    complete = false;
  }
  if (!complete) state.givenUp.push(packet);
  if (state.open[packet.class] === packet) state.open[packet.class] = undefined;
  state.begun.splice(state.begun.indexOf(packet), 1);
  // Its acknowledgements may be what was lost.
  if (allLeft) doubt(state, packet, counters, effects);
  else drop(state, packet, why, counters, effects);
}

/** A packet that stands back behind others, with nothing under way, has longer. */
function expiry(state: Sender, packet: Outgoing): number {
  let waitsForUs = packet.next < packet.partCount;
  const { flights } = state.window;
  for (let i = 0; i < flights.length; i++) if (flights[i].packet === packet) waitsForUs = false;
  return packet.progressAt + (waitsForUs ? STALLED_MAX_MS : PACKET_TIMEOUT_MS);
}

function drop(
  state: Sender,
  packet: Outgoing,
  why: (Outcome & { type: "dropped" })["why"],
  counters: OutboxCounters,
  effects: OutboxEffect[],
): void {
  counters.dropped += 1;
  settle(state, packet, { type: "dropped", why }, effects);
}

function doubt(state: Sender, packet: Outgoing, counters: OutboxCounters, effects: OutboxEffect[]): void {
  counters.unknown += 1;
  settle(state, packet, UNKNOWN, effects);
}

function settle(state: Sender, packet: Outgoing, outcome: Outcome, effects: OutboxEffect[]): void {
  assert(packet.bytes !== undefined, "a packet is settled once");
  state.bytes -= packet.bytes.length;
  packet.bytes = undefined;
  effects.push({ type: "settled", generation: state.generation, token: packet.token, outcome });
}

const SENT: Outcome = Object.freeze({ type: "sent" });
const UNKNOWN: Outcome = Object.freeze({ type: "unknown" });
