import { expect, test } from "vitest";
import { type Outcome, playSchedule, type Ready, readyTable, type SpeaksOf } from "./schedule.ts";

function play(ready: Ready, seeds: number, speaksOf: SpeaksOf = "decided"): Omit<Outcome, "early"> & { early: number } {
  const sum = { early: 0, betrayed: 0, rolls: 0, views: 0 };
  for (let seed = 1; seed <= seeds; seed++) {
    const { early, betrayed, rolls, views } = playSchedule(ready, seed, 2, speaksOf);
    sum.early += early.length;
    sum.betrayed += betrayed;
    sum.rolls += rolls;
    sum.views += views;
  }
  return sum;
}

test.each([
  ["four, by the stand-in", 4, "stand-in", 30],
  ["seven, by the stand-in", 7, "stand-in", 3],
  ["four, by the real group", 4, "real", 2],
] as const)(
  "no partial leaves before its bets are committed, in schedules with view changes of %s, and every roll ends",
  (_, count, numbers, seeds) => {
    const { early, betrayed, rolls, views } = play(readyTable(count, numbers), seeds);
    expect({ early, betrayed, rolls }).toEqual({ early: 0, betrayed: 0, rolls: 2 * seeds });
    // They were schedules in which something happened.
    expect(views).toBeGreaterThanOrEqual(seeds);
  },
);

test("the same schedules find the kiosk that speaks of bets that are only proposed: some of them are replaced afterwards", () => {
  const { early, betrayed } = play(readyTable(4), 10, "proposed");
  expect(early).toBeGreaterThan(20);
  expect(betrayed).toBeGreaterThan(0);
});
