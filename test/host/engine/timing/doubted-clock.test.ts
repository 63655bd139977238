import { describe, expect, test } from "vitest";
import { judgeTime, ownClaim, readWall } from "../../../../host/engine/timing/agreed-clock.ts";
import { CLAIM_AGE_MAX_MS, DOUBT_MS, LEFT_OUT_MS } from "../../../../host/engine/timing/limits.ts";
import { millis } from "../../../../protocol/core/units.ts";
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

describe("an own clock", () => {
  test("that the table has gone past is known to be bad: the median of more than f others is taken", () => {
    const clock = bootedIn1970();
    claim(clock, 1, HOUR, 1_000);
    expect(estimated(clock, 1_000)).toBe(1_000);
    claim(clock, 2, HOUR + 4_000, 1_000);
    expect(estimated(clock, 1_000)).toBe(HOUR);
    claim(clock, 3, 50 * HOUR, 1_000);
    expect(estimated(clock, 1_000)).toBe(HOUR + 4_000);
    expect(estimated(clock, 1_000 + CLAIM_AGE_MAX_MS)).toBe(HOUR + 4_000 + CLAIM_AGE_MAX_MS);
  });

  test("that is bad stays at least where the table is, whatever the others claim", () => {
    const clock = bootedIn1970();
    decide(clock, HOUR, 1_000);
    for (const member of [1, 2, 3]) claim(clock, member, -50 * HOUR, 1_000);
    expect(estimated(clock, 6_000)).toBeGreaterThanOrEqual(HOUR);
    expect(judged(clock, HOUR + 5_000, HOUR, 6_000)).toBe("ok");
  });

  test("that is good is not changed by what any number of others claim", () => {
    const clock = started(HOUR);
    for (const member of [1, 2, 3]) claim(clock, member, 50 * HOUR, 0);
    expect(estimated(clock, 0)).toBe(HOUR);
    expect(judged(clock, 50 * HOUR, 0, 0)).toBe("too far ahead");
  });

  test("a little slow is not bad: half a minute is what a dishonest primary may have put the table ahead", () => {
    const clock = started(HOUR);
    decide(clock, HOUR + TOLERANCE, 0);
    expect(proposed(clock, HOUR + TOLERANCE, 0)).toBe(HOUR + TOLERANCE + 1);
    expect(judged(clock, HOUR + 2 * TOLERANCE, HOUR + TOLERANCE, 0)).toBe("too far ahead");
    // The table waits until the clock has come up to it.
    expect(proposed(clock, HOUR + TOLERANCE + 9, TOLERANCE + 10)).toBe(HOUR + TOLERANCE + 10);
  });

  test("that was set back and forth while the table played is used while it agrees with the table", () => {
    const clock = started(0);
    const set = (ms: number, wall: number): void => readWall(clock, LAST + wall, at(ms));
    decide(clock, 1_000, 1_000);
    set(2_000, 2_000 - HOUR);
    expect(estimated(clock, 3_000)).toBe(3_000);
    decide(clock, 3_000, 3_000);
    set(4_000, 4_010);
    expect(estimated(clock, 5_000)).toBe(5_010);
    set(6_000, 6_000 - 12_000);
    expect(proposed(clock, 5_010, 6_000)).toBe(5_011);
    expect(judged(clock, 6_000, 5_010, 6_000)).toBe("ok");
    set(7_000, 7_000);
    expect(estimated(clock, 7_000)).toBe(7_000);
  });

  test("that was set far ahead alone is left out as soon as the table decides otherwise, and believed when it is right again", () => {
    const clock = started(0);
    decide(clock, 1_000, 1_000);
    readWall(clock, LAST + 2_000 + HOUR, at(2_000));
    expect(judged(clock, 2_000, 1_000, 2_000)).toBe("too far behind");
    decide(clock, 2_500, 2_500);
    expect(judged(clock, 3_000, 2_500, 3_000)).toBe("ok");
    expect(proposed(clock, 2_500, 3_000)).toBe(3_000);
    expect(judged(clock, 2_500 + 2 * TOLERANCE + 1_000, 2_500, 3_000)).toBe("too far ahead");
    readWall(clock, LAST + 4_000, at(4_000));
    expect(proposed(clock, 2_500, 4_500)).toBe(4_500);
    decide(clock, 5_000, 5_000);
    readWall(clock, LAST + 17_000, at(6_000));
    expect(proposed(clock, 5_000, 7_000)).toBe(18_000);
  });

  test("that is doubted is claimed all the same, one that is known to be bad is not", () => {
    const clock = started(HOUR);
    fail(clock, 2, 10);
    expect(ownClaim(clock, at(20)) - LAST).toBe(HOUR + 20);
    const bad = bootedIn1970();
    expect(ownClaim(bad, at(20)) - LAST).toBe(20);
  });

  test("that follows the table upward would let a dishonest primary claim the table's own time for a clock's", () => {
    const clock = bootedIn1970();
    decide(clock, TOLERANCE, 0);
    // What is said to the others is what goes on by itself, not the batch that was so far ahead.
    expect(ownClaim(clock, at(0)) - LAST).toBe(0);
  });
});

describe("a kiosk without a clock", () => {
  test("refuses what would hold the table's time still, once the table's time goes on", () => {
    const clock = bootedIn1970();
    // Others may have booted an hour later, and know of an hour less.
    expect(judged(clock, 1, 0, HOUR)).toBe("ok");
    decide(clock, HOUR, HOUR);
    expect(judged(clock, HOUR + 1, HOUR, HOUR + TOLERANCE)).toBe("ok");
    expect(judged(clock, HOUR + 1, HOUR, HOUR + TOLERANCE + 2)).toBe("too far behind");
    fail(clock, 2, HOUR + TOLERANCE + 2);
    expect(judged(clock, HOUR + 1, HOUR, HOUR + TOLERANCE + 2)).toBe("ok");
  });

  test("that booted early comes down to the table in doubt, and is no farther ahead of the others afterwards", () => {
    const clock = bootedIn1970();
    fail(clock, 3, HOUR);
    expect(judged(clock, HOUR + TOLERANCE, 0, HOUR)).toBe("ok");
    decide(clock, 1, HOUR);
    expect(judged(clock, 1 + DOUBT_MS + TOLERANCE, 1, HOUR + DOUBT_MS)).toBe("ok");
    expect(judged(clock, 1 + DOUBT_MS + TOLERANCE + 1, 1, HOUR + DOUBT_MS)).toBe("too far ahead");
  });
});

describe("where views fail", () => {
  test("twice in a row, the own clock is doubted for a minute: lower times are voted for, higher ones are not", () => {
    const clock = started(HOUR);
    expect(judged(clock, 1, 0, 0)).toBe("too far behind");
    fail(clock, 1, 5);
    expect(judged(clock, 1, 0, 5)).toBe("too far behind");
    fail(clock, 1, 10);
    expect(judged(clock, 1, 0, 10)).toBe("ok");
    expect(judged(clock, HOUR + TOLERANCE + 11, 0, 10)).toBe("too far ahead");
    decide(clock, 1, 20);
    decide(clock, DOUBT_MS - 1, DOUBT_MS + 9);
    expect(judged(clock, DOUBT_MS, DOUBT_MS - 1, DOUBT_MS + 9)).toBe("ok");
  });

  test("the doubt outlasts the batch that ended it, and what agrees with the table is used after it", () => {
    const clock = started(25_000);
    fail(clock, 2, 10);
    decide(clock, 1, 20);
    expect(judged(clock, 2, 1, 10_020)).toBe("ok");
    expect(judged(clock, 2, 1, DOUBT_MS + 9)).toBe("ok");
    expect(judged(clock, 2, 1, DOUBT_MS + 10)).toBe("too far behind");
  });

  test("the second primary proposes where the table's time has gone, the one after it where the table stood", () => {
    const clock = started(HOUR);
    decide(clock, HOUR, 0);
    readWall(clock, LAST + HOUR + 20_000, at(0));
    fail(clock, 1, 8_000);
    expect(proposed(clock, HOUR, 9_000)).toBe(HOUR + 29_000);
    fail(clock, 1, 8_000);
    expect(proposed(clock, HOUR, 9_000)).toBe(HOUR + 9_000);
    fail(clock, 1, 16_000);
    expect(proposed(clock, HOUR, 17_000)).toBe(HOUR + 1);
    decide(clock, HOUR + 1, 17_000);
    expect(proposed(clock, HOUR + 1, 18_000)).toBe(HOUR + 1_001);
  });

  test("the least step is voted for by everyone a millisecond later at most, whatever their clocks show", () => {
    for (const wall of [-50 * HOUR, -LAST, 0, 45_000, 50 * HOUR]) {
      const clock = started(wall);
      fail(clock, 3, 1);
      decide(clock, HOUR, 2);
      fail(clock, 3, 2);
      const verdict = judgeTime(clock, time(HOUR + 1), time(HOUR), at(2));
      expect([wall, verdict.ok || ("from" in verdict && verdict.from <= at(3))]).toEqual([wall, true]);
    }
  });

  test("the clock is believed again when a quorum's are alike, though the table is far behind them", () => {
    const clock = started(HOUR);
    fail(clock, 2, 0);
    decide(clock, 1, 10);
    const later = DOUBT_MS + 1_000;
    decide(clock, later, later - 1);
    claim(clock, 1, HOUR + later, later);
    expect(judged(clock, later + 1, later, later)).toBe("ok");
    claim(clock, 2, HOUR + later - TOLERANCE, later);
    expect(judged(clock, later + 1, later, later)).toBe("too far behind");
    expect(proposed(clock, later, later)).toBe(HOUR + later);
  });

  test("but not before it was left out for a minute, nor for clocks that are not alike", () => {
    const asks = (ms: number, shown: number): string => {
      const clock = started(HOUR);
      decide(clock, 1, 0);
      decide(clock, ms - 1, ms - 1);
      for (const member of [1, 2]) claim(clock, member, HOUR + ms + shown, ms);
      return judged(clock, ms, ms - 1, ms);
    };
    expect(asks(LEFT_OUT_MS, 0)).toBe("too far behind");
    expect(asks(LEFT_OUT_MS, TOLERANCE)).toBe("too far behind");
    expect(asks(LEFT_OUT_MS - 1, 0)).toBe("ok");
    expect(asks(LEFT_OUT_MS, TOLERANCE + 1)).toBe("ok");
    expect(asks(LEFT_OUT_MS, -TOLERANCE - 1)).toBe("ok");
  });

  test("a kiosk that is alone with its clock leaves it out longer each time, up to sixteen minutes", () => {
    const clock = started(HOUR);
    const minutes: number[] = [];
    let now = 0;
    for (let i = 0; i < 7; i++) {
      decide(clock, now + 1, now);
      const until = clock.leftOutUntil ?? millis(0);
      minutes.push((until - at(now)) / LEFT_OUT_MS);
      now = until - at(0);
      // A liar says that it is right.
      for (const member of [1, 2]) claim(clock, member, HOUR + now, now);
      expect(clock.leftOutUntil).toBeUndefined();
    }
    expect(minutes).toEqual([1, 2, 4, 8, 16, 16, 16]);
    // One batch that agrees with it, and all is forgiven.
    decide(clock, HOUR + now, now);
    expect(clock.leftOutCount).toBe(0);
  });
});
