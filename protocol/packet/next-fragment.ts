/** Which fragment of a link is next. Priority holds between fragments: a vote overtakes a transfer in the middle. A class that
 * starves is rescued, seldom enough that a vote does not notice. */
import { assert } from "../core/assert.ts";
import {
  AIR_ANSWER_INTERVALS,
  CLASS_COUNT,
  ORDER_COUNT,
  REASSEMBLY_EXTRA_SLOTS,
  REASSEMBLY_STEP_SIZE,
  STARVED_AFTER_MS,
  STARVED_SHARE,
  WHOLE_OVERHEAD,
} from "../core/limits.ts";
import { CRITICAL } from "../core/packet-class.ts";
import { first, shift } from "../core/queue.ts";
import type { Millis } from "../core/units.ts";
import { begin, type Outgoing } from "./outgoing.ts";
import { type Flight, launch, mayRepeat, maySend, relaunch } from "./send-window.ts";
import { isIdle, type Sender } from "./sender.ts";

/** A class, with `RESCUED` added when it goes before its turn. */
export type Choice = number;
export const NOTHING = -1;
export const RESCUED = CLASS_COUNT;
export const classOf = (choice: Choice): number => choice % CLASS_COUNT;
/** Waits neither for a flush nor, within a bound, for the budget. */
export const urgent = (choice: Choice): boolean => choice === CRITICAL || choice >= RESCUED;

/** Whose fragment is next as far as the window goes. */
export function choose(state: Sender, now: Millis): Choice {
  const { window } = state;
  if (isIdle(state) || !mayRepeat(window)) return NOTHING;
  const { flights } = window;
  let ready = 0;
  for (let i = 0; i < flights.length; i++) if (flights[i].lost) ready |= 1 << classOfFlight(flights[i]);
  if (maySend(window)) {
    if (state.givenUp.length > 0) return CRITICAL;
    for (let c = 0; c < CLASS_COUNT; c++) if (state.open[c] !== undefined || mayBegin(state, c)) ready |= 1 << c;
  }
  if (ready === 0) return NOTHING;
  let top = 0;
  while ((ready & (1 << top)) === 0) top += 1;
  if (ready === 1 << top || state.sinceRescue < STARVED_SHARE - 1) return top;
  let starved = NOTHING;
  for (let c = top + 1; c < CLASS_COUNT; c++) {
    if ((ready & (1 << c)) === 0 || now < state.servedAt[c] + STARVED_AFTER_MS) continue;
    if (starved === NOTHING || state.servedAt[c] < state.servedAt[starved]) starved = c;
  }
  return starved === NOTHING ? top : starved + RESCUED;
}

/** The fragment that was chosen, as under way. */
export function take(state: Sender, choice: Choice, now: Millis, intervalMs: number): Flight {
  const chosen = classOf(choice);
  state.servedAt[chosen] = now;
  state.sinceRescue = choice >= RESCUED ? 0 : Math.min(STARVED_SHARE, state.sinceRescue + 1);
  const { window } = state;
  const floorMs = AIR_ANSWER_INTERVALS * intervalMs;
  const { flights } = window;
  for (let i = 0; i < flights.length; i++) {
    if (!flights[i].lost || classOfFlight(flights[i]) !== chosen) continue;
    relaunch(window, flights[i], now, floorMs);
    return flights[i];
  }
  if (chosen === CRITICAL && state.givenUp.length > 0) {
    return launch(window, state.givenUp.shift() as Outgoing, 0, true, now, floorMs);
  }
  const packet = state.open[chosen] ?? beginNext(state, chosen, now);
  const index = packet.next;
  packet.next += 1;
  packet.progressAt = now;
  state.open[chosen] = packet.next < packet.partCount ? packet : undefined;
  return launch(window, packet, index, false, now, floorMs);
}

/** One packet in several fragments may be under way in each class, and a few short ones more: those that have not wholly
 * arrived are what the neighbour has slots for. Whether its host has a packet yet does not matter. */
function mayBegin(state: Sender, c: number): boolean {
  const head = first(state.waiting[c]);
  if (head === undefined) return false;
  const size = (head.bytes as Uint8Array).length;
  if (size <= state.valueSize - WHOLE_OVERHEAD) return true;
  const { flights } = state.window;
  let packets = 0;
  let classes = 0;
  for (let i = 0; i < flights.length; i++) {
    const { packet, arrived } = flights[i];
    if (arrived || packet.partCount === 1 || isCounted(flights, i)) continue;
    packets += 1;
    classes |= 1 << packet.class;
    if (packet.class === c && packet.partCount * packet.partSize > REASSEMBLY_STEP_SIZE) return false;
  }
  if ((classes & (1 << c)) === 0) return true;
  return size <= REASSEMBLY_STEP_SIZE && packets - bitCount(classes) < REASSEMBLY_EXTRA_SLOTS;
}

/** An earlier flight is of the same packet, and has not arrived either. */
function isCounted(flights: readonly Flight[], at: number): boolean {
  for (let i = 0; i < at; i++) if (flights[i].packet === flights[at].packet && !flights[i].arrived) return true;
  return false;
}

const bitCount = (bits: number): number => (bits & 1) + ((bits >> 1) & 1) + ((bits >> 2) & 1) + ((bits >> 3) & 1);

function beginNext(state: Sender, c: number, now: Millis): Outgoing {
  const packet = shift(state.waiting[c]);
  assert(packet !== undefined, "a class that was chosen has something to send");
  begin(packet, state.orders[c], state.valueSize, now);
  state.orders[c] = (state.orders[c] + 1) % ORDER_COUNT;
  state.begun.push(packet);
  return packet;
}

/** The news that a packet is given up frees the neighbour's window and memory. */
const classOfFlight = (flight: Flight): number => (flight.cancels ? CRITICAL : flight.packet.class);
