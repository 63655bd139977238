import { describe, expect, test } from "vitest";
import { SERIAL_WAITING_SIZE } from "../../../firmware-js/modem/limits.ts";
import { RADIO_BYTES_MAX, REASSEMBLY_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { type Outcome, runSchedule } from "./schedule.ts";

/** A schedule asserts on its way that every accepted send ends exactly once or with its session, that what was sent is at
 * the neighbour's host, that a generation is used once in a boot, and that no link stands to a barred peer. */
describe.each([1, 2, 3, 4])("random schedules of commands, air and wire, part %i of 4:", (part) => {
  test("every send of 500 schedules is accounted for, in bounded memory", () => {
    const total: Outcome = {
      ...{ sent: 0, dropped: 0, unknown: 0, voided: 0, received: 0 },
      ...{ sessions: 0, restarts: 0, barred: 0, size: 0 },
    };
    for (let i = 0; i < 500; i++) {
      const seed = 500 * part + i;
      const outcome = seeded(seed);
      for (const name of Object.keys(total) as (keyof Outcome)[]) {
        if (name === "size") total.size = Math.max(total.size, outcome.size);
        else total[name] += outcome[name];
      }
    }
    // Everything that can happen did.
    expect(total.sent).toBeGreaterThan(2000);
    expect(total.received).toBeGreaterThan(1000);
    expect(total.dropped).toBeGreaterThan(1000);
    expect(total.unknown).toBeGreaterThan(20);
    expect(total.voided).toBeGreaterThan(500);
    expect(total.sessions).toBeGreaterThan(700);
    expect(total.restarts).toBeGreaterThan(50);
    expect(total.barred).toBeGreaterThan(10);
    // What waits for the air, what three links put together, and as much again for everything else that is kept.
    expect(total.size).toBeLessThan(RADIO_BYTES_MAX + 3 * REASSEMBLY_SIZE_MAX + SERIAL_WAITING_SIZE + 24_000);
  });
});

function seeded(seed: number): Outcome {
  try {
    return runSchedule(seed);
  } catch (error) {
    throw new Error(`schedule ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}
