/** An outbox that has links, and the states of power in which it may be. */
import { linkGeneration, millis } from "../../../protocol/core/units.ts";
import { type Outbox, outbox, step } from "../../../protocol/packet/outbox.ts";
import type { PowerState } from "../../../protocol/power/rules.ts";

export const STATES: readonly PowerState[] = ["active", "powerSaver", "lowPower", "sleep"];

export function linked(count = 1, stackQueue = 8): Outbox {
  const box = outbox(millis(0));
  for (let i = 1; i <= count; i++) {
    step(box, { type: "up", at: millis(0), generation: linkGeneration(i), mtu: 247, stackQueue, intervalMs: 20 }, []);
  }
  return box;
}
