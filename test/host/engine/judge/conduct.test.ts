import { describe, expect, test } from "vitest";
import {
  type Conducts,
  conductOf,
  DELTAS_PPM,
  noConducts,
  type Observed,
  observe,
  PRIOR_PPM,
  recentPpm,
} from "../../../../host/engine/judge/conduct.ts";
import { TRUSTED_PPM } from "../../../../host/engine/judge/trust-graph.ts";
import { at, DAY, HOUR } from "../stakes/stakers.ts";
import { conduct, KEY, seen } from "./seen.ts";

const reputation = (of: Conducts, ms = 0): number => conduct(of, ms).reputationPpm;

describe("reputation", () => {
  test("moves by what was seen, exactly, and stays between nothing and whole [E08]", () => {
    expect(DELTAS_PPM).toEqual({
      success: 10_000,
      invalidSignature: -100_000,
      timing: -50_000,
      contradiction: -150_000,
      partition: -20_000,
    });
    for (const what of Object.keys(DELTAS_PPM) as Observed[]) {
      const of = noConducts();
      seen(of, what);
      expect(reputation(of)).toBe(PRIOR_PPM + DELTAS_PPM[what]);
    }
    const of = noConducts();
    seen(of, "success", 60);
    expect(reputation(of)).toBe(1_000_000);
    seen(of, "contradiction", 10);
    expect(reputation(of)).toBe(0);
    seen(of, "success");
    expect(reputation(of)).toBe(10_000);
  });

  test("is not touched by a partition that somebody else made [E08]", () => {
    const of = noConducts();
    seen(of, "success");
    observe(of, { type: "verified", key: KEY, what: "partition", at: at(0) });
    expect(reputation(of)).toBe(510_000);
    expect(conduct(of).observations).toBe(1);
  });

  test("of who is idle goes back toward the middle, not to nothing: after a month an honest kiosk is trusted still [E09]", () => {
    const of = noConducts();
    seen(of, "success", 50);
    expect([reputation(of), reputation(of, HOUR - 1)]).toEqual([1_000_000, 1_000_000]);
    const [day, month, years] = [DAY, 30 * DAY, 3_650 * DAY].map((ms) => reputation(of, ms)) as [
      number,
      number,
      number,
    ];
    expect(day).toBeCloseTo(PRIOR_PPM + 500_000 * 0.999 ** 24, -2);
    expect(month).toBeCloseTo(PRIOR_PPM + 500_000 * 0.999 ** 720, -2);
    expect(month).toBeGreaterThan(TRUSTED_PPM);
    expect(years).toBe(PRIOR_PPM);
    const bad = noConducts();
    seen(bad, "contradiction", 10);
    expect([reputation(bad), reputation(bad, 3_650 * DAY)]).toEqual([0, PRIOR_PPM]);
  });

  test("goes by the time of what happened: a clock that steps back changes nothing, one late event is not two [E09]", () => {
    const of = noConducts();
    seen(of, "success", 50, 10 * DAY);
    expect(reputation(of, 0)).toBe(1_000_000);
    seen(of, "timing", 1, 5 * DAY);
    expect(reputation(of, 10 * DAY)).toBe(950_000);
    const [oneStep, many] = [noConducts(), noConducts()];
    for (const each of [oneStep, many]) seen(each, "success", 50);
    for (let hour = 1; hour <= 100; hour++)
      observe(many, { type: "verified", key: KEY, what: "partition", at: at(hour * HOUR), attributable: false });
    expect(reputation(many, 100 * HOUR)).toBe(reputation(oneStep, 100 * HOUR));
  });

  test("has a slow average of the past, the last thirty-two, and counts beside it [E10]", () => {
    const of = noConducts();
    seen(of, "success", 2);
    // 0.5 → 0.525 → 0.54875.
    expect(conduct(of).historicalPpm).toBe(548_750);
    seen(of, "timing");
    expect(conduct(of)).toMatchObject({ historicalPpm: 521_312, observations: 3, successes: 2, consecutiveFaults: 1 });
    expect(recentPpm(conduct(of))).toBe(666_666);
    seen(of, "invalidSignature", 100);
    expect(recentPpm(conduct(of))).toBe(0);
    seen(of, "success", 16);
    expect(recentPpm(conduct(of))).toBe(500_000);
    expect(conduct(of)).toMatchObject({
      observations: 119,
      successes: 18,
      invalidSignatures: 100,
      consecutiveFaults: 0,
    });
  });

  test("of a name that was only written on a message is not touched: the link that brought it pays [E12]", () => {
    const of = noConducts();
    seen(of, "success");
    const before = conduct(of);
    for (let i = 0; i < 1_000; i++) observe(of, { type: "unverified", link: 7 });
    expect(conduct(of)).toEqual(before);
    expect(of.links).toEqual([{ link: 7, faults: 1_000 }]);
    for (let link = 0; link < 100; link++) observe(of, { type: "unverified", link });
    expect(of.links).toHaveLength(32);
  });

  test("is kept of so many, and of those longest that were at fault", () => {
    const of = noConducts();
    seen(of, "contradiction", 3);
    for (let i = 10; i < 200; i++) seen(of, "success", 1, i, new Uint8Array(32).fill(i));
    expect(of.rows).toHaveLength(32);
    expect(conductOf(of, KEY, at(0))?.reputationPpm).toBe(50_000);
  });
});
