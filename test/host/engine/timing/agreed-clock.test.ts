import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type AgreedClock,
  agreedClock,
  caughtUpTime,
  decidedTime,
  estimate,
  heardClock,
  judgeTime,
  momentOf,
  ownClaim,
  proposeTime,
  readWall,
  viewFailed,
} from "../../../../host/engine/timing/agreed-clock.ts";
import {
  AGREED_TIME_TOLERANCE_MS,
  CLAIM_AGE_MAX_MS,
  DOUBT_MS,
  LEFT_OUT_MS,
} from "../../../../host/engine/timing/limits.ts";
import { TIME_MAX_MS } from "../../../../protocol/core/limits.ts";
import { type AgreedMillis, agreedMillis, type Millis, memberIndex, millis } from "../../../../protocol/core/units.ts";

/** 2026-01-01, when the table last agreed on anything. */
const LAST = agreedMillis(Date.UTC(2026, 0, 1));
const HOUR = 3_600_000;
const TOLERANCE = AGREED_TIME_TOLERANCE_MS;

const at = (ms: number): Millis => millis(5_000 + ms);
const time = (ms: number): AgreedMillis => agreedMillis(LAST + ms);

/** Of four, started at LAST + `wall`. */
const started = (wall: number): AgreedClock => agreedClock(4, LAST, LAST + wall, at(0));
/** Boots in 1970: there is no clock, or its battery is empty. */
const bootedIn1970 = (): AgreedClock => agreedClock(4, LAST, 12_000, at(0));

const claim = (clock: AgreedClock, member: number, shown: number, ms: number): void =>
  heardClock(clock, memberIndex(member), LAST + shown, at(ms));
const decide = (clock: AgreedClock, ms: number, now: number): void => decidedTime(clock, time(ms), at(now));
const proposed = (clock: AgreedClock, previous: number, ms: number): number =>
  proposeTime(clock, time(previous), at(ms)) - LAST;
const estimated = (clock: AgreedClock, ms: number): number => estimate(clock, at(ms)) - LAST;

/** So many views in a row. */
const fail = (clock: AgreedClock, count: number, ms: number): void => {
  for (let i = 0; i < count; i++) viewFailed(clock, at(ms));
};

/** "ok" or why not. */
function judged(clock: AgreedClock, of: number, previous: number, ms: number): string {
  const verdict = judgeTime(clock, time(of), time(previous), at(ms));
  return verdict.ok ? "ok" : verdict.why;
}

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
