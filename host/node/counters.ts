/**
 * The numbers of this kiosk's sealed envelopes. None is used twice, whatever happens to the process: a block of them is set
 * aside in the journal before the first of it is used, and a start begins behind the last block.
 *
 * A journal that was lost or restored knows of too small a block, and peers would take what is sealed then for repetitions.
 * So a start begins at the date, where that is further: nobody seals a thousand envelopes a second for years.
 */
import { assert } from "../../protocol/core/assert.ts";
import { COUNTER_MAX } from "../../protocol/core/limits.ts";
import { type Counter, counter } from "../../protocol/core/units.ts";
import { COUNTERS_RESERVED_COUNT, WALL_PLAUSIBLE_MAX_MS, WALL_PLAUSIBLE_MS } from "./limits.ts";

export interface Counters {
  next: number;
  /** All below are set aside, durably. */
  reserved: number;
}

/** `below`: of the last block in the journal; 0 where there was none. */
export function counters(below: number, wallMs: number): Counters {
  const isPlausible = wallMs >= WALL_PLAUSIBLE_MS && wallMs <= WALL_PLAUSIBLE_MAX_MS;
  const next = Math.max(1, below, isPlausible ? Math.floor(wallMs) : 0);
  return { next, reserved: next };
}

/** The block to be set aside before so many envelopes are sealed; undefined where there are enough. */
export function blockFor(of: Counters, count: number): Counter | undefined {
  if (of.next + count <= of.reserved) return undefined;
  const below = of.next + count + COUNTERS_RESERVED_COUNT;
  assert(below <= COUNTER_MAX, "a kiosk's numbers last longer than the kiosk");
  return counter(below);
}

/** The block is durable. */
export function reserve(of: Counters, below: Counter): void {
  assert(below > of.reserved, "blocks rise");
  of.reserved = below;
}

export function take(of: Counters): Counter {
  assert(of.next < of.reserved, "a number is used after it was set aside");
  of.next += 1;
  return counter(of.next - 1);
}
