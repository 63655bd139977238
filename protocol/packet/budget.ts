/** Bytes that may go to one neighbour: a bucket that fills at a steady rate, so that no neighbour eats the air of all. */
import { BUDGET_DEBT_MAX, GATT_VALUE_SIZE_MAX } from "../core/limits.ts";
import type { Millis } from "../core/units.ts";

export interface Budget {
  readonly bytesPerSecond: number;
  /** What an interval brings, and no less than one value. */
  capacity: number;
  /** Below zero while Critical is ahead. */
  bytes: number;
  at: Millis;
}

export function budget(bytesPerSecond: number, intervalMs: number, at: Millis): Budget {
  const capacity = capacityFor(bytesPerSecond, intervalMs);
  return { bytesPerSecond, capacity, bytes: capacity, at };
}

export function setFlushInterval(state: Budget, intervalMs: number, now: Millis): void {
  fill(state, now);
  state.capacity = capacityFor(state.bytesPerSecond, intervalMs);
  state.bytes = Math.min(state.bytes, state.capacity);
}

/** From when on something may leave. */
export function affordableAt(state: Budget, urgent: boolean): number {
  const missing = (urgent ? -BUDGET_DEBT_MAX : 0) - state.bytes;
  // One more than the division says: a driver that wakes then finds it true whatever the rounding.
  return missing < 0 ? state.at : state.at + Math.floor((missing * 1000) / state.bytesPerSecond) + 1;
}

export function spend(state: Budget, size: number, now: Millis): void {
  fill(state, now);
  state.bytes -= size;
}

function fill(state: Budget, now: Millis): void {
  state.bytes = Math.min(state.capacity, state.bytes + ((now - state.at) * state.bytesPerSecond) / 1000);
  state.at = now;
}

const capacityFor = (bytesPerSecond: number, intervalMs: number): number =>
  Math.max(GATT_VALUE_SIZE_MAX, (bytesPerSecond * intervalMs) / 1000);
