/** Names for BLE connections. A generation is never used again within a boot, so that what is said of a link that is gone
 * can never touch the one that took its place. */
import { assert } from "../core/assert.ts";
import { LINK_GENERATION_MAX } from "../core/limits.ts";
import { type LinkGeneration, linkGeneration } from "../core/units.ts";

export interface Generations {
  next: number;
}

export const generations = (): Generations => ({ next: 1 });

export function nextGeneration(from: Generations): LinkGeneration {
  assert(from.next <= LINK_GENERATION_MAX, "a boot ends before its generations do");
  return linkGeneration(from.next++);
}
