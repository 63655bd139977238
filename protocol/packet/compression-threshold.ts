/** From which size on a message is worth compressing: the busier the air, the smaller; and a radio that saves, saves here
 * too. */
import { assert } from "../core/assert.ts";
import { POWER_RULES, type PowerState } from "../power/rules.ts";

/** `utilisation`: the share of its budget that the link used of late. */
export function compressionThreshold(utilisation: number, power: PowerState): number {
  assert(utilisation >= 0, "a share is not negative");
  const byUse = utilisation > 0.8 ? 32 : utilisation >= 0.4 ? 64 : 128;
  return Math.min(byUse, POWER_RULES[power].compressFrom);
}
