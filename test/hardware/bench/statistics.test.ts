import { describe, expect, it } from "vitest";
import { meanOf, quantileOf, shareOf } from "../../../hardware/bench/statistics.ts";
import { chance, draw } from "../../../protocol/core/chance.ts";

describe("an interval of 95 %", () => {
  it("of a mean is Student's: ten values, by hand", () => {
    const estimate = meanOf([4, 5, 6, 4, 5, 6, 4, 5, 6, 5]);
    expect(estimate?.value).toBe(5);
    expect(estimate?.high).toBeCloseTo(5 + 2.262 * Math.sqrt(6 / 9 / 10), 6);
    expect(meanOf([1])).toBeUndefined();
    expect(meanOf([3, 3])).toMatchObject({ value: 3, low: 3, high: 3 });
  });

  it("of a share is Wilson's: 0 of 20 may be up to 16.1 %, 5 of 20 lie between 11.2 and 46.9 %", () => {
    expect(shareOf(0, 20)).toMatchObject({ value: 0, low: 0, high: expect.closeTo(0.1611, 4) });
    expect(shareOf(5, 20)).toMatchObject({ low: expect.closeTo(0.1119, 4), high: expect.closeTo(0.4687, 4) });
    expect(shareOf(20, 20)).toMatchObject({ value: 1, high: 1, low: expect.closeTo(0.8389, 4) });
    expect(shareOf(0, 0)).toBeUndefined();
  });

  it("of a quantile holds the true one about 95 times in 100, whatever the distribution", () => {
    const from = chance(11);
    for (const share of [0.5, 0.95]) {
      const truth = -Math.log(1 - share);
      let hits = 0;
      for (let trial = 0; trial < 400; trial++) {
        const sorted = Array.from({ length: 200 }, () => -Math.log(1 - draw(from))).sort((a, b) => a - b);
        const estimate = quantileOf(sorted, share);
        if (estimate !== undefined && estimate.low <= truth && truth <= estimate.high) hits += 1;
      }
      expect(hits / 400).toBeGreaterThan(0.92);
      expect(hits / 400).toBeLessThan(0.99);
    }
  });

  it("of a quantile beyond the samples ends at the last one; the value is the nearest rank", () => {
    const sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(quantileOf(sorted, 0.5)).toMatchObject({ value: 5, samples: 10 });
    expect(quantileOf(sorted, 0.99)).toMatchObject({ value: 10, high: 10 });
    expect(quantileOf([], 0.5)).toBeUndefined();
  });
});
