import { describe, expect, test } from "vitest";
import { latencies, measuredLatency } from "../../../../host/engine/judge/latency.ts";
import { median, robustScore, spread } from "../../../../host/engine/judge/robust.ts";
import {
  countWithin,
  entropy,
  heard,
  isAnomalous,
  passed,
  type Traffic,
  traffic,
} from "../../../../host/engine/judge/traffic.ts";
import { type Chance, chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { many } from "./thrown.ts";

/** A latency as the air makes them: about 60 ms, with a tail. */
function airLatency(from: Chance): number {
  const normal = Math.sqrt(-2 * Math.log(1 - draw(from))) * Math.cos(2 * Math.PI * draw(from));
  return 60 * Math.exp(0.5 * normal);
}

describe("latency", () => {
  test("ten times what is usual is found in fewer than ten samples, at every peer [E07]", () => {
    for (let run = 0; run < 300; run++) {
      const from = chance(run);
      const state = latencies();
      for (let i = 0; i < 100; i++) measuredLatency(state, airLatency(from));
      const found = many(9, () => measuredLatency(state, 10 * airLatency(from))).indexOf(true);
      expect(found).toBeGreaterThanOrEqual(0);
    }
  });

  test("of the usual ones fewer than one in a hundred is called anomalous, tail and all [E07]", () => {
    const from = chance(1);
    const state = latencies();
    const called = many(100_000, () => measuredLatency(state, airLatency(from))).filter((each) => each).length;
    expect(called).toBeLessThan(200);
  });

  test("one slow packet is nothing, a peer that is always the same may differ a little, and slowness does not become usual [E07]", () => {
    const state = latencies();
    for (let i = 0; i < 100; i++) expect(measuredLatency(state, 20)).toBe(false);
    expect([5_000, 20, 20, 20, 20, 23, 24].map((ms) => measuredLatency(state, ms))).toEqual(new Array(7).fill(false));
    const slow = many(1_000, () => measuredLatency(state, 200));
    expect(slow.slice(2)).toEqual(new Array(998).fill(true));
    expect(state.usual).toHaveLength(100);
    expect(many(10, () => measuredLatency(state, 20)).at(-1)).toBe(false);
  });

  test("medians and their spread do not follow outliers [E07]", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(spread([1, 2, 3, 4, 1e9])).toBeCloseTo(1.4826, 12);
    expect(robustScore(10, [1, 2, 3, 4, 1e9], 1)).toBeCloseTo(7 / 1.4826, 12);
  });
});

describe("traffic", () => {
  test("is counted over a second, a minute and an hour that slide [E13]", () => {
    const state = traffic();
    for (let at = 0; at < 7_200_000; at += 500) heard(state, 1, millis(at));
    const counts = (ms: number): number[] =>
      [state.second, state.minute, state.hour].map((window) => countWithin(window, millis(ms)));
    expect(counts(7_199_999)).toEqual([2, 120, 7_200]);
    expect(counts(7_200_300)).toEqual([1, 118, 7_080]);
    expect(counts(7_230_000)[0]).toBe(0);
    expect(counts(10_800_000)).toEqual([0, 0, 0]);
  });

  test("has the entropy of its kinds in bits [E13]", () => {
    expect(entropy([5, 5, 5, 5])).toBeCloseTo(2, 12);
    expect(entropy([7, 0, 0])).toBe(0);
    expect(entropy([])).toBe(0);
  });

  /** Minutes of a table's life by the hour of the day: busy in the evening, nearly empty in the morning. */
  const usual = (minute: number): number => 60 + 50 * Math.sin((2 * Math.PI * (minute / 60 - 14)) / 24);

  function poisson(from: Chance, mean: number): number {
    let count = 0;
    for (let product = draw(from); product > Math.exp(-mean) && count < 1_000; count++) product *= draw(from);
    return count;
  }

  /** One minute, and whether it was called anomalous. */
  function minuteOf(state: Traffic, minute: number, count: number, from: Chance, oneKind = false): boolean {
    const start = minute * 60_000;
    for (let i = 0; i < count; i++) {
      const mixture = draw(from);
      const kind = oneKind ? 3 : mixture < 0.5 ? 0 : mixture < 0.8 ? 1 : 2 + drawBelow(from, 4);
      heard(state, kind, millis(start + (60_000 * i) / count));
    }
    passed(state, millis(start + 60_000));
    return isAnomalous(state);
  }

  test("labelled minutes of floods, of one kind alone and of silence are told from usual days, by the hour [E13]", () => {
    let [hits, misses, falseCalls, quiet] = [0, 0, 0, 0];
    for (let peer = 0; peer < 4; peer++) {
      const from = chance(40 + peer);
      const state = traffic();
      for (let minute = 0; minute < 5 * 1_440; minute++) {
        const mean = usual(minute);
        const labelled = minute > 3 * 1_440 && mean > 30 && minute % 97 === 0;
        const kind = Math.floor(minute / 97) % 3;
        const count = labelled && kind === 0 ? 8 * mean : labelled && kind === 2 ? 0 : poisson(from, mean);
        const called = minuteOf(state, minute, count, from, labelled && kind === 1);
        if (minute <= 3 * 1_440) continue;
        if (labelled) called ? hits++ : misses++;
        else called ? falseCalls++ : quiet++;
      }
    }
    const precision = hits / (hits + falseCalls);
    const recall = hits / (hits + misses);
    expect(hits + misses).toBeGreaterThan(80);
    // What a paper on such windows claims for its own: 96.7 and 94.3 %.
    expect(precision).toBeGreaterThan(0.967);
    expect(recall).toBeGreaterThan(0.943);
  });

  test("a full house is usual from when the doors open, and neither before nor empty after [E13]", () => {
    const open = (minute: number): number => (minute % 1_440 >= 14 * 60 ? 110 : 10);
    const called = (days: number, hour: number, count: number): boolean => {
      const state = traffic();
      const from = chance(5);
      const end = days * 1_440 + hour * 60;
      for (let minute = 0; minute < end; minute++) minuteOf(state, minute, poisson(from, open(minute)), from);
      return minuteOf(state, end, count, from);
    };
    expect([called(3, 14, 110), called(3, 8, 10)]).toEqual([false, false]);
    expect([called(3, 8, 110), called(3, 14, 10), called(3, 20, 10)]).toEqual([true, true, true]);
  });

  test("takes the same room after a year of silence [E13]", () => {
    const state = traffic();
    heard(state, 0, millis(0));
    const size = JSON.stringify(state).length;
    passed(state, millis(365 * 86_400_000));
    for (let i = 0; i < 10_000; i++) heard(state, i % 16, millis(365 * 86_400_000 + i));
    expect(JSON.stringify(state).length).toBeLessThan(size + 1_000);
  });
});
