/** One link, both ways: what arrives acknowledges what left, and what leaves acknowledges what arrived. */
import { decode } from "../bytes/codec.ts";
import { Writer } from "../bytes/cursor.ts";
import { assert } from "../core/assert.ts";
import {
  AIR_ANSWER_INTERVALS,
  AIR_WINDOW_MAX,
  ATT_OVERHEAD,
  LINK_BYTES_PER_SECOND,
  MTU_MAX,
  MTU_MIN,
  PART_OVERHEAD_MAX,
  REASSEMBLY_SIZE_MAX,
} from "../core/limits.ts";
import type { LinkGeneration, Millis } from "../core/units.ts";
import { POWER_RULES, type PowerState } from "../power/rules.ts";
import { affordableAt, type Budget, budget, setFlushInterval, spend } from "./budget.ts";
import type { OutboxCounters, OutboxEffect } from "./events.ts";
import { Fragment } from "./fragment.ts";
import { type Choice, choose, NOTHING, take, urgent } from "./next-fragment.ts";
import { lastAt, leave, type Pace, pace, roomAt } from "./pace.ts";
import { expireSlots, slotDeadline } from "./reassembler.ts";
import { onFragment, onTaken, type Receiver, receiver, type Tokens } from "./receiver.ts";
import { asks, type Flight, askAt as windowAsksAt } from "./send-window.ts";
import { onAcknowledged, onTime, type Sender, sender, senderDeadline } from "./sender.ts";
import { partOf } from "./splitter.ts";

export interface Flow {
  readonly generation: LinkGeneration;
  mtu: number;
  /** Of the connection. */
  intervalMs: number;
  readonly sender: Sender;
  readonly receiver: Receiver;
  readonly pace: Pace;
  readonly budget: Budget;
  acknowledgementDue: boolean;
}

export function flow(
  generation: LinkGeneration,
  mtu: number,
  stackQueue: number,
  intervalMs: number,
  power: PowerState,
  at: Millis,
  bytesPerSecond: number = LINK_BYTES_PER_SECOND,
  reassemblySizeMax: number = REASSEMBLY_SIZE_MAX,
): Flow {
  const depth = Math.min(AIR_WINDOW_MAX, Math.max(1, stackQueue));
  return {
    generation,
    mtu,
    intervalMs,
    sender: sender(generation, windowMax(depth), valueSize(mtu, power), at),
    receiver: receiver(generation, reassemblySizeMax),
    pace: pace(depth),
    budget: budget(bytesPerSecond, POWER_RULES[power].intervalMs, at),
    acknowledgementDue: false,
  };
}

export function setPower(state: Flow, power: PowerState, now: Millis): void {
  state.sender.valueSize = valueSize(state.mtu, power);
  setFlushInterval(state.budget, POWER_RULES[power].intervalMs, now);
}

export function setMtu(state: Flow, mtu: number, power: PowerState): void {
  state.mtu = mtu;
  state.sender.valueSize = valueSize(mtu, power);
}

export function received(
  state: Flow,
  bytes: Uint8Array,
  now: Millis,
  tokens: Tokens,
  counters: OutboxCounters,
  effects: OutboxEffect[],
): void {
  const decoded = decode(Fragment, bytes);
  if (!decoded.ok) {
    counters.malformed += 1;
    return;
  }
  const fragment = decoded.value;
  if (!onAcknowledged(state.sender, fragment.expected, fragment.seen, now, counters, effects)) {
    counters.falselyAcknowledged += 1;
  }
  if (fragment.type === "ack") return;
  if (fragment.type === "ask") {
    state.acknowledgementDue = true;
    return;
  }
  if (onFragment(state.receiver, fragment, now, tokens, counters, effects)) state.acknowledgementDue = true;
}

/** False: the token is of another link. */
export function taken(state: Flow, token: number): boolean {
  if (!onTaken(state.receiver, token)) return false;
  state.acknowledgementDue = true;
  return true;
}

export function pass(state: Flow, now: Millis, counters: OutboxCounters, effects: OutboxEffect[]): void {
  onTime(state.sender, now, counters, effects);
  expireSlots(state.receiver.reassembler, now);
}

/** When the fragment that is next may leave; never while there is none. `flushAt`: the earliest moment for what is not
 * urgent. */
export function readyAt(state: Flow, choice: Choice, flushAt: number): number {
  if (choice === NOTHING) return Number.POSITIVE_INFINITY;
  const hurry = urgent(choice);
  const at = Math.max(roomAt(state.pace, state.intervalMs), affordableAt(state.budget, hurry));
  return hurry ? at : Math.max(at, flushAt);
}

/** When an acknowledgement may leave alone: an interval after whatever left last, so that several share one. */
export function acknowledgementAt(state: Flow): number {
  if (!state.acknowledgementDue) return Number.POSITIVE_INFINITY;
  return Math.max(roomAt(state.pace, state.intervalMs), lastAt(state.pace) + state.intervalMs);
}

export function transmit(
  state: Flow,
  choice: Choice,
  now: Millis,
  counters: OutboxCounters,
  effects: OutboxEffect[],
): void {
  const flight = take(state.sender, choice, now, state.intervalMs);
  if (flight.tries > 0) counters.repeated += 1;
  put(state, fragmentOf(state, flight), now, counters, effects);
}

export function acknowledgeAlone(state: Flow, now: Millis, counters: OutboxCounters, effects: OutboxEffect[]): void {
  const { expected, seen } = state.receiver.window;
  put(state, { type: "ack", expected, seen }, now, counters, effects);
}

export function askAt(state: Flow): number {
  const at = windowAsksAt(state.sender.window, AIR_ANSWER_INTERVALS * state.intervalMs);
  return Math.max(at, roomAt(state.pace, state.intervalMs));
}

export function ask(state: Flow, now: Millis, counters: OutboxCounters, effects: OutboxEffect[]): void {
  const { expected, seen } = state.receiver.window;
  asks(state.sender.window, now);
  put(state, { type: "ask", expected, seen }, now, counters, effects);
}

export function flowDeadline(state: Flow, now: Millis, flushAt: number): number {
  return Math.min(
    senderDeadline(state.sender),
    slotDeadline(state.receiver.reassembler),
    readyAt(state, choose(state.sender, now), flushAt),
    acknowledgementAt(state),
    askAt(state),
  );
}

function put(state: Flow, fragment: Fragment, now: Millis, counters: OutboxCounters, effects: OutboxEffect[]): void {
  // In a buffer of its size: the stack keeps it a while, and most are acknowledgements.
  const size = "payload" in fragment ? fragment.payload.length : 0;
  const out = new Writer(PART_OVERHEAD_MAX + size);
  Fragment.write(out, fragment);
  const bytes = out.take();
  assert(bytes.length <= MTU_MAX - ATT_OVERHEAD, "a fragment fits one value");
  state.acknowledgementDue = false;
  counters.transmitted += 1;
  leave(state.pace, now);
  spend(state.budget, bytes.length, now);
  effects.push({ type: "transmit", generation: state.generation, bytes });
}

function fragmentOf(state: Flow, flight: Flight): Fragment {
  const { expected, seen } = state.receiver.window;
  const { sequence, packet, index } = flight;
  const mark = { class: packet.class, order: packet.order };
  if (flight.cancels) return { type: "cancel", sequence, expected, seen, packet: mark };
  assert(packet.bytes !== undefined, "what is under way has its bytes");
  if (packet.partCount === 1) return { type: "whole", sequence, expected, seen, packet: mark, payload: packet.bytes };
  return {
    type: "part",
    sequence,
    expected,
    seen,
    packet: { last: index === packet.partCount - 1 ? 1 : 0, class: packet.class, order: packet.order },
    index,
    payload: partOf(packet.bytes, packet.partSize, index),
  };
}

/** What a link carries until the first is acknowledged: with no more than one queue of the stack under way, each event that
 * brings an acknowledgement would carry nothing else. What a bad air lets pile up is lost in the queue and halves this. */
const windowMax = (depth: number): number => Math.min(AIR_WINDOW_MAX, AIR_ANSWER_INTERVALS * depth);

const valueSize = (mtu: number, power: PowerState): number =>
  Math.min(Math.max(MTU_MIN, Math.min(MTU_MAX, mtu)) - ATT_OVERHEAD, POWER_RULES[power].valueSizeMax);
