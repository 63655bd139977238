import { describe, expect, test } from "vitest";
import { type BackOff, backedOffMs, backOff, failed, succeeded } from "../../../../host/engine/timing/back-off.ts";
import { BACK_OFF_STEP_COUNT, BACKED_OFF_MAX_MS } from "../../../../host/engine/timing/limits.ts";

const decide = (patience: BackOff, count: number): void => {
  for (let i = 0; i < count; i++) succeeded(patience);
};

describe("back-off", () => {
  test("each view that fails doubles what the next is given, up to a minute", () => {
    const patience = backOff();
    const given = [backedOffMs(1_000, patience.doublings)];
    for (let i = 0; i < 8; i++) {
      failed(patience);
      given.push(backedOffMs(1_000, patience.doublings));
    }
    expect(given).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(backedOffMs(100, 99)).toBe(6_400);
    expect(backedOffMs(BACKED_OFF_MAX_MS, 1)).toBe(BACKED_OFF_MAX_MS);
  });

  test("success takes it back a doubling at a time, after a window of decisions each", () => {
    const patience = backOff();
    for (let i = 0; i < 3; i++) failed(patience);
    const levels: number[] = [];
    for (let i = 0; i < 3 * BACK_OFF_STEP_COUNT + 5; i++) {
      succeeded(patience);
      levels.push(patience.doublings);
    }
    const step = (level: number, count: number): number[] => new Array(count).fill(level);
    expect(levels).toEqual([...step(3, 7), ...step(2, 8), ...step(1, 8), ...step(0, 6)]);
  });

  test("a failure undoes what was saved up for the next step, and nothing is saved up below the first", () => {
    const patience = backOff();
    decide(patience, 1_000);
    failed(patience);
    decide(patience, BACK_OFF_STEP_COUNT - 1);
    failed(patience);
    decide(patience, BACK_OFF_STEP_COUNT - 1);
    expect(patience.doublings).toBe(2);
    decide(patience, 1);
    expect(patience.doublings).toBe(1);
  });

  test("f dead primaries in every round of views never drive it above f, while the others decide", () => {
    for (const [memberCount, faults] of [
      [4, 1],
      [7, 2],
      [10, 3],
    ]) {
      const patience = backOff();
      let most = 0;
      for (let view = 0; view < 1_000; view++) {
        if (view % memberCount < faults) failed(patience);
        else decide(patience, BACK_OFF_STEP_COUNT);
        most = Math.max(most, patience.doublings);
      }
      expect([memberCount, most]).toEqual([memberCount, faults]);
    }
  });

  test("a patience that is needed is not thrown away: a slow air costs one view in eight, not every second", () => {
    // In views of less than 3 s nothing is decided, in longer ones one batch is.
    const patience = backOff();
    let failures = 0;
    for (let view = 0; view < 900; view++) {
      if (backedOffMs(1_000, patience.doublings) >= 3_000) decide(patience, 1);
      else {
        failed(patience);
        failures += 1;
      }
    }
    expect(failures).toBe(101);
  });
});
