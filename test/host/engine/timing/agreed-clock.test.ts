import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  agreedClock,
  caughtUpTime,
  decidedTime,
  estimate,
  judgeTime,
  momentOf,
  ownClaim,
  proposeTime,
  readWall,
} from "../../../../host/engine/timing/agreed-clock.ts";
import { TIME_MAX_MS } from "../../../../protocol/core/limits.ts";
import { agreedMillis, millis } from "../../../../protocol/core/units.ts";
import {
  at,
  bootedIn1970,
  claim,
  decide,
  estimated,
  fail,
  HOUR,
  judged,
  LAST,
  proposed,
  started,
  TOLERANCE,
  time,
} from "./clocks.ts";

describe("at boot", () => {
  test("a clock that is past the last agreed time is taken, and goes on with this process", () => {
    const clock = started(7 * 24 * HOUR);
    expect(estimated(clock, 0)).toBe(7 * 24 * HOUR);
    expect(estimated(clock, 1_500)).toBe(7 * 24 * HOUR + 1_500);
    expect(proposed(clock, 0, 1_500)).toBe(7 * 24 * HOUR + 1_500);
  });

  test("in 1970 the last agreed time is taken instead, and goes on with this process", () => {
    const clock = bootedIn1970();
    expect(estimated(clock, 0)).toBe(0);
    expect(estimated(clock, 90_000)).toBe(90_000);
    // Nobody knows how long the power was out: the table goes on where it stood.
    expect(proposed(clock, 0, 90_000)).toBe(1);
  });

  test("a table that never agreed on anything takes any clock", () => {
    const clock = agreedClock(4, agreedMillis(0), 12_000, at(0));
    expect(estimate(clock, at(1_000))).toBe(13_000);
  });
});

describe("a batch's time", () => {
  test("lies above the last one's, and at most 30 s from the own estimate, either way", () => {
    const clock = started(HOUR);
    decide(clock, HOUR - 20_000, 0);
    const last = HOUR - 20_000;
    expect(judged(clock, last, last, 0)).toBe("not above the last");
    expect(judged(clock, last + 1, last, 0)).toBe("ok");
    expect(judged(clock, HOUR + 30_000, last, 0)).toBe("ok");
    expect(judged(clock, HOUR + 30_001, last, 0)).toBe("too far ahead");
    expect(judged(clock, last + 1, last, 10_001)).toBe("ok");
    expect(judged(clock, last + 1, last, 10_002)).toBe("too far behind");
  });

  test("that is too far ahead has a moment from when it is voted for", () => {
    const clock = started(HOUR);
    const ahead = HOUR + TOLERANCE + 700;
    const verdict = judgeTime(clock, time(ahead), LAST, at(0));
    expect(verdict).toEqual({ ok: false, why: "too far ahead", from: at(700) });
    expect(judged(clock, ahead, 0, 699)).toBe("too far ahead");
    expect(judged(clock, ahead, 0, 700)).toBe("ok");
  });

  test("that is not above the last, or too far behind, has none: waiting makes it no better", () => {
    const clock = started(HOUR);
    for (const of of [0, 1]) expect(judgeTime(clock, time(of), LAST, at(0))).not.toHaveProperty("from");
  });

  test("is compared with the batch before it, which may still be open", () => {
    const clock = started(HOUR);
    expect(judged(clock, HOUR + 5, HOUR + 4, 0)).toBe("ok");
    expect(judged(clock, HOUR + 4, HOUR + 4, 0)).toBe("not above the last");
    expect(proposed(clock, HOUR + 500, 0)).toBe(HOUR + 501);
  });

  test("is a whole number of the field it travels in, whatever the clocks show", () => {
    const clock = agreedClock(4, LAST, LAST + 0.75, at(0.5));
    expect(proposeTime(clock, LAST, at(9.9)) % 1).toBe(0);
    readWall(clock, 1e15, at(10));
    expect(proposeTime(clock, LAST, at(10))).toBe(TIME_MAX_MS);
    const before1970 = agreedClock(4, agreedMillis(0), -5_000, at(0));
    expect(estimate(before1970, at(0))).toBe(0);
    expect(ownClaim(before1970, at(0))).toBe(0);
  });
});

describe("catching up", () => {
  test("a batch of the past says that it was so late then, and nothing against a clock that is past it", () => {
    const clock = started(HOUR);
    caughtUpTime(clock, time(1_000), at(0));
    expect(estimated(clock, 0)).toBe(HOUR);
    expect(judged(clock, 1_001, 1_000, 0)).toBe("too far behind");
    const bad = bootedIn1970();
    decide(bad, 1, 0);
    caughtUpTime(bad, time(HOUR), at(0));
    expect(proposed(bad, HOUR, 60_000)).toBe(HOUR + 1);
    expect(judged(bad, HOUR + 5_000, HOUR, 5_000)).toBe("ok");
  });

  test("a batch without a time of its own, after an hour of silence, is no reason to leave the own clock out", () => {
    const clock = started(0);
    decide(clock, 1, 1);
    fail(clock, 1, HOUR);
    decide(clock, 1, HOUR);
    expect(proposed(clock, 1, HOUR)).toBe(HOUR);
    expect([clock.failedViews, clock.leftOutUntil]).toEqual([0, undefined]);
  });

  test("agreed time and this process' own never run back: to say so is our mistake", () => {
    const clock = started(HOUR);
    decide(clock, HOUR, 10);
    expect(() => decide(clock, HOUR - 1, 20)).toThrow("agreed time runs forward");
    expect(() => readWall(clock, LAST, at(9))).toThrow("time runs forward");
    expect(() => judged(clock, HOUR, 0, 9)).toThrow("time runs forward");
    expect(() => readWall(clock, Number.NaN, at(20))).toThrow("a clock shows a number");
  });
});

describe("a moment", () => {
  test("of agreed time is when a batch proposed here carries it", () => {
    const clock = started(HOUR);
    expect(momentOf(clock, time(HOUR + 5_000), at(0))).toBe(at(5_000));
    expect(momentOf(clock, time(0), at(7))).toBe(at(7));
    decide(clock, HOUR + 10_000, 0);
    expect(momentOf(clock, time(HOUR + 10_500), at(0))).toBe(at(10_500));
  });

  test("without an own clock it is when the table's time has gone so far, and at once where that stands still", () => {
    const clock = bootedIn1970();
    expect(momentOf(clock, time(5_000), at(3))).toBe(at(3));
    decide(clock, 1, 1_000);
    expect(momentOf(clock, time(5_000), at(1_000))).toBe(at(5_000));
    fail(clock, 2, 1_000);
    expect(momentOf(clock, time(5_000), at(1_000))).toBe(at(5_999));
  });

  test("is never earlier than its batch, nor a millisecond later", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0, max: 1_000, noNaN: true }),
        fc.boolean(),
        (wall, ahead, now, fails) => {
          const clock = started(wall);
          decidedTime(clock, time(50), at(now));
          if (fails) fail(clock, 2, now);
          const due = time(50 + ahead);
          const moment = momentOf(clock, due, at(now));
          expect(proposeTime(clock, time(50), moment)).toBeGreaterThanOrEqual(due);
          if (moment >= at(now) + 1) {
            expect(proposeTime(clock, time(50), millis(moment - 1))).toBeLessThanOrEqual(due);
          }
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});

test("a snapshot goes on as the original would", () => {
  const clock = started(HOUR);
  claim(clock, 1, HOUR, 10);
  fail(clock, 2, 20);
  const copy = structuredClone(clock);
  for (const each of [clock, copy]) {
    decide(each, HOUR, 30);
    claim(each, 2, HOUR, 40);
    readWall(each, LAST, at(50));
  }
  expect(copy).toEqual(clock);
});
