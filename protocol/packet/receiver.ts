/** The way in of one link: each packet once, whole, and in the order of its class. */
import { CLASS_COUNT, ORDER_COUNT } from "../core/limits.ts";
import type { PacketClass } from "../core/packet-class.ts";
import type { LinkGeneration, Millis } from "../core/units.ts";
import type { OutboxCounters, OutboxEffect } from "./events.ts";
import { type Fragment, packetId } from "./fragment.ts";
import { claim, forget, letGo, type Reassembler, reassemble, reassembler } from "./reassembler.ts";
import { arrived, placeOf, type ReceiveWindow, receiveWindow, release } from "./receive-window.ts";

export interface Receiver {
  readonly generation: LinkGeneration;
  readonly window: ReceiveWindow;
  readonly reassembler: Reassembler;
  /** Of each class, the order that is delivered next, and a bit for each one after it that will never come. */
  readonly orders: number[];
  readonly skipped: number[];
  /** Complete before their turn. Each holds a sequence of the window back, which bounds them. */
  readonly early: Arrival[];
  readonly untaken: Untaken[];
}

interface Arrival {
  readonly class: PacketClass;
  readonly order: number;
  readonly sequence: number;
  readonly bytes: Uint8Array;
  readonly claimed: number;
}

interface Untaken {
  readonly token: number;
  readonly sequence: number;
  readonly claimed: number;
}

/** Tokens of deliveries, over all links of a radio. */
export interface Tokens {
  next: number;
}

export const receiver = (generation: LinkGeneration, sizeMax: number): Receiver => ({
  generation,
  window: receiveWindow(),
  reassembler: reassembler(sizeMax),
  orders: new Array<number>(CLASS_COUNT).fill(0),
  skipped: new Array<number>(CLASS_COUNT).fill(0),
  early: [],
  untaken: [],
});

/** True: an acknowledgement is due. What is refused is as if it had not come, and its sequence may come again. */
export function onFragment(
  state: Receiver,
  fragment: Exclude<Fragment, { type: "ack" | "ask" }>,
  now: Millis,
  tokens: Tokens,
  counters: OutboxCounters,
  effects: OutboxEffect[],
): boolean {
  const place = placeOf(state.window, fragment.sequence);
  if (place === "outside") {
    counters.outsideWindow += 1;
    return false;
  }
  if (place === "repeated") {
    counters.duplicates += 1;
    return true;
  }
  const packetClass = fragment.packet.class as PacketClass;
  const { order } = fragment.packet;
  if (fragment.type === "cancel") {
    arrived(state.window, fragment.sequence, false);
    onCancel(state, packetClass, order, tokens, counters, effects);
    return true;
  }
  if (!mayArrive(state, packetClass, order)) {
    counters.outOfOrder += 1;
    return false;
  }
  if (fragment.type === "whole") return onWhole(state, fragment, tokens, counters, effects);
  const id = packetId(packetClass, order);
  const got = reassemble(state.reassembler, id, fragment.index, fragment.packet.last === 1, fragment.payload, now);
  if (got.type === "refused") {
    if (got.why === "no room") counters.withoutRoom += 1;
    else counters.contradictory += 1;
    return false;
  }
  arrived(state.window, fragment.sequence, got.type === "complete");
  if (got.type === "complete") {
    const { bytes, claimed } = got;
    state.early.push({ class: packetClass, order, sequence: fragment.sequence, bytes, claimed });
    deliverInOrder(state, packetClass, tokens, counters, effects);
  }
  return true;
}

/** False: no such token. */
export function onTaken(state: Receiver, token: number): boolean {
  for (let i = 0; i < state.untaken.length; i++) {
    if (state.untaken[i].token !== token) continue;
    const [taken] = state.untaken.splice(i, 1);
    letGo(state.reassembler, taken.claimed);
    release(state.window, taken.sequence);
    return true;
  }
  return false;
}

function onWhole(
  state: Receiver,
  fragment: Fragment & { type: "whole" },
  tokens: Tokens,
  counters: OutboxCounters,
  effects: OutboxEffect[],
): boolean {
  const packetClass = fragment.packet.class as PacketClass;
  const { order } = fragment.packet;
  const { payload, sequence } = fragment;
  if (payload.length === 0) {
    counters.contradictory += 1;
    return false;
  }
  if (!claim(state.reassembler, payload.length)) {
    counters.withoutRoom += 1;
    return false;
  }
  // Parts of the same number contradict it, and this is complete.
  forget(state.reassembler, packetId(packetClass, order));
  arrived(state.window, sequence, true);
  const inTurn = order === state.orders[packetClass];
  const bytes = inTurn ? payload : payload.slice();
  state.early.push({ class: packetClass, order, sequence, bytes, claimed: payload.length });
  if (inTurn) deliverInOrder(state, packetClass, tokens, counters, effects);
  return true;
}

function onCancel(
  state: Receiver,
  packetClass: PacketClass,
  order: number,
  tokens: Tokens,
  counters: OutboxCounters,
  effects: OutboxEffect[],
): void {
  // It may have come whole before its sender gave it up.
  if (!mayArrive(state, packetClass, order)) return;
  forget(state.reassembler, packetId(packetClass, order));
  state.skipped[packetClass] |= 1 << aheadBy(state, packetClass, order);
  deliverInOrder(state, packetClass, tokens, counters, effects);
}

/** Neither delivered, nor complete, nor given up. */
function mayArrive(state: Receiver, packetClass: PacketClass, order: number): boolean {
  const ahead = aheadBy(state, packetClass, order);
  if (ahead >= ORDER_COUNT / 2 || (state.skipped[packetClass] & (1 << ahead)) !== 0) return false;
  return earlyAt(state, packetClass, order) < 0;
}

const aheadBy = (state: Receiver, packetClass: PacketClass, order: number): number =>
  (order - state.orders[packetClass] + ORDER_COUNT) % ORDER_COUNT;

function earlyAt(state: Receiver, packetClass: PacketClass, order: number): number {
  for (let i = 0; i < state.early.length; i++) {
    if (state.early[i].class === packetClass && state.early[i].order === order) return i;
  }
  return -1;
}

function deliverInOrder(
  state: Receiver,
  packetClass: PacketClass,
  tokens: Tokens,
  counters: OutboxCounters,
  effects: OutboxEffect[],
): void {
  for (;;) {
    if ((state.skipped[packetClass] & 1) === 0) {
      const at = earlyAt(state, packetClass, state.orders[packetClass]);
      if (at < 0) return;
      const [arrival] = state.early.splice(at, 1);
      const token = tokens.next;
      tokens.next += 1;
      state.untaken.push({ token, sequence: arrival.sequence, claimed: arrival.claimed });
      counters.delivered += 1;
      effects.push({
        type: "deliver",
        generation: state.generation,
        class: packetClass,
        bytes: arrival.bytes,
        token,
      });
    }
    state.skipped[packetClass] >>>= 1;
    state.orders[packetClass] = (state.orders[packetClass] + 1) % ORDER_COUNT;
  }
}
