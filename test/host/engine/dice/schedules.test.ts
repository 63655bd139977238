import { expect, test } from "vitest";
import { readyTable } from "./schedule.ts";
import { playSchedules, ROLLS_COUNT } from "./schedule-sums.ts";

test.each([
  ["four, by the stand-in", 4, "stand-in", 30],
  ["seven, by the stand-in", 7, "stand-in", 4],
  ["four, by the real group", 4, "real", 2],
] as const)(
  "no partial leaves before its bets are committed, in schedules with view changes of %s, and every roll ends",
  (_, count, numbers, seeds) => {
    const { early, betrayed, rolls, withViewChange } = playSchedules(readyTable(count, numbers), 1, seeds);
    expect({ early, betrayed, rolls }).toEqual({ early: 0, betrayed: 0, rolls: ROLLS_COUNT * seeds });
    // They were schedules in which something happened.
    expect(withViewChange).toBeGreaterThanOrEqual(seeds / 4);
  },
);

test("the same schedules find the kiosk that speaks of bets that are only proposed: some of them are replaced afterwards", () => {
  const { early, betrayed, firstFailure } = playSchedules(readyTable(4), 1, 10, "proposed");
  expect(early).toBeGreaterThan(20);
  expect(betrayed).toBeGreaterThan(0);
  expect(firstFailure?.why).toMatch(/^#\d at \d+/);
});
