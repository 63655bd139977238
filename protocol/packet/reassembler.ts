/** Parts become packets again, in whatever order they come. Memory is taken as bytes arrive, never because a neighbour
 * says how many will; a contradiction is refused and costs nothing but, at worst, the packet that it names. */

import { assert } from "../core/assert.ts";
import {
  FRAGMENTS_MAX,
  PACKET_SIZE_MAX,
  REASSEMBLY_SLOTS,
  REASSEMBLY_STEP_SIZE,
  REASSEMBLY_TIMEOUT_MS,
} from "../core/limits.ts";
import type { Millis } from "../core/units.ts";

export interface Reassembler {
  readonly slots: Slot[];
  readonly sizeMax: number;
  /** Bytes of all slots, and of what their user keeps after completion until it is let go. */
  size: number;
  evicted: number;
  timedOut: number;
}

interface Slot {
  readonly id: number;
  /** Of every part but the last; 0 before one came. */
  partSize: number;
  /** Known once the last part came; 0 before. */
  count: number;
  indexMax: number;
  arrived: number;
  /** A bit an index. */
  readonly have: Uint8Array;
  bytes: Uint8Array;
  /** The last part, apart while nobody knows where it belongs. */
  tail: Uint8Array | undefined;
  packetSize: number;
  touchedAt: Millis;
}

export type Contradiction =
  | "empty"
  | "single"
  | "too long"
  | "second last"
  | "beyond last"
  | "size differs"
  | "bytes differ"
  | "no room";

export type Reassembled =
  | { readonly type: "kept" }
  | { readonly type: "repeated" }
  | { readonly type: "complete"; readonly bytes: Uint8Array; readonly claimed: number }
  | { readonly type: "refused"; readonly why: Contradiction };

export function reassembler(sizeMax: number): Reassembler {
  return { slots: [], sizeMax, size: 0, evicted: 0, timedOut: 0 };
}

/** The payload is copied. What is complete is handed over, with its memory still claimed until `letGo`. */
export function reassemble(
  state: Reassembler,
  id: number,
  index: number,
  last: boolean,
  payload: Uint8Array,
  at: Millis,
): Reassembled {
  let slot = find(state, id);
  const why = contradiction(slot, index, last, payload);
  if (why !== undefined) return refused(why);
  if (slot !== undefined && has(slot, index)) {
    return same(kept(slot, index, last), payload) ? REPEATED : refused("bytes differ");
  }
  if (slot === undefined) {
    if (state.size + (last ? payload.length : roomFor((index + 1) * payload.length)) > state.sizeMax)
      return refused("no room");
    slot = open(state, id, at);
  }
  if (!place(state, slot, index, last, payload)) return refused("no room");
  slot.touchedAt = at;
  if (slot.arrived !== slot.count) return KEPT;
  state.slots.splice(state.slots.indexOf(slot), 1);
  return { type: "complete", bytes: slot.bytes.subarray(0, slot.packetSize), claimed: slot.bytes.length };
}

/** Room for a packet that needs no reassembly but is kept all the same. */
export function claim(state: Reassembler, size: number): boolean {
  if (state.size + size > state.sizeMax) return false;
  state.size += size;
  return true;
}

export function letGo(state: Reassembler, claimed: number): void {
  state.size -= claimed;
  assert(state.size >= 0, "what is let go was claimed");
}

export function forget(state: Reassembler, id: number): void {
  const slot = find(state, id);
  if (slot !== undefined) close(state, slot);
}

export function expireSlots(state: Reassembler, now: Millis): void {
  for (let i = state.slots.length - 1; i >= 0; i--) {
    if (now < state.slots[i].touchedAt + REASSEMBLY_TIMEOUT_MS) continue;
    close(state, state.slots[i]);
    state.timedOut += 1;
  }
}

export function slotDeadline(state: Reassembler): number {
  let at = Number.POSITIVE_INFINITY;
  for (let i = 0; i < state.slots.length; i++) at = Math.min(at, state.slots[i].touchedAt + REASSEMBLY_TIMEOUT_MS);
  return at;
}

/** Judged before anything is changed, so that what is refused leaves no trace. */
function contradiction(
  slot: Slot | undefined,
  index: number,
  last: boolean,
  payload: Uint8Array,
): Contradiction | undefined {
  const size = payload.length;
  if (size === 0) return "empty";
  if (index >= FRAGMENTS_MAX) return "too long";
  if (last && index === 0) return "single";
  if (!last && (index + 1) * size >= PACKET_SIZE_MAX) return "too long";
  if (slot === undefined) return undefined;
  if (last) {
    if (slot.count !== 0 && index !== slot.count - 1) return "second last";
    if (index < slot.indexMax || (index === slot.indexMax && slot.count === 0)) return "beyond last";
    if (slot.partSize === 0) return undefined;
    if (size > slot.partSize) return "size differs";
    return index * slot.partSize + size > PACKET_SIZE_MAX ? "too long" : undefined;
  }
  if (slot.count !== 0 && index >= slot.count - 1) return "beyond last";
  if (slot.partSize !== 0) return size === slot.partSize ? undefined : "size differs";
  const tail = slot.tail as Uint8Array;
  if (tail.length > size) return "size differs";
  return (slot.count - 1) * size + tail.length > PACKET_SIZE_MAX ? "too long" : undefined;
}

function place(state: Reassembler, slot: Slot, index: number, last: boolean, payload: Uint8Array): boolean {
  if (last && slot.partSize === 0) {
    if (!claim(state, payload.length)) return false;
    slot.tail = payload.slice();
  } else {
    const size = last ? slot.partSize : payload.length;
    const { tail } = slot;
    // The first other part says where a tail belongs.
    const end = tail === undefined ? index * size + payload.length : (slot.count - 1) * size + tail.length;
    if (!grow(state, slot, end)) return false;
    slot.bytes.set(payload, index * size);
    slot.partSize = size;
    if (tail !== undefined) {
      slot.bytes.set(tail, (slot.count - 1) * size);
      slot.packetSize = end;
      slot.tail = undefined;
      letGo(state, tail.length);
    }
  }
  if (last) {
    slot.count = index + 1;
    slot.packetSize = index * slot.partSize + payload.length;
  }
  if (index > slot.indexMax) slot.indexMax = index;
  slot.have[index >> 3] |= 1 << (index & 7);
  slot.arrived += 1;
  return true;
}

function grow(state: Reassembler, slot: Slot, end: number): boolean {
  const before = slot.bytes.length;
  if (end <= before) return true;
  const size = roomFor(end);
  if (!claim(state, size - before)) return false;
  const bytes = new Uint8Array(size);
  bytes.set(slot.bytes);
  slot.bytes = bytes;
  return true;
}

function roomFor(end: number): number {
  let size = REASSEMBLY_STEP_SIZE;
  while (size < end) size *= 2;
  return size;
}

function open(state: Reassembler, id: number, at: Millis): Slot {
  if (state.slots.length === REASSEMBLY_SLOTS) {
    let oldest = state.slots[0];
    for (const slot of state.slots) if (slot.touchedAt < oldest.touchedAt) oldest = slot;
    close(state, oldest);
    state.evicted += 1;
  }
  const slot: Slot = {
    id,
    partSize: 0,
    count: 0,
    indexMax: 0,
    arrived: 0,
    have: new Uint8Array((FRAGMENTS_MAX + 7) >> 3),
    bytes: new Uint8Array(0),
    tail: undefined,
    packetSize: 0,
    touchedAt: at,
  };
  state.slots.push(slot);
  return slot;
}

function close(state: Reassembler, slot: Slot): void {
  state.slots.splice(state.slots.indexOf(slot), 1);
  letGo(state, slot.bytes.length + (slot.tail?.length ?? 0));
}

function find(state: Reassembler, id: number): Slot | undefined {
  for (let i = 0; i < state.slots.length; i++) if (state.slots[i].id === id) return state.slots[i];
  return undefined;
}

const has = (slot: Slot, index: number): boolean => (slot.have[index >> 3] & (1 << (index & 7))) !== 0;

/** What an index holds already. */
function kept(slot: Slot, index: number, last: boolean): Uint8Array {
  if (last && slot.tail !== undefined) return slot.tail;
  return slot.bytes.subarray(index * slot.partSize, last ? slot.packetSize : (index + 1) * slot.partSize);
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

const KEPT: Reassembled = Object.freeze({ type: "kept" });
const REPEATED: Reassembled = Object.freeze({ type: "repeated" });
const refused = (why: Contradiction): Reassembled => ({ type: "refused", why });

assert(REASSEMBLY_STEP_SIZE * 8 === PACKET_SIZE_MAX, "doubling ends at the longest packet");
