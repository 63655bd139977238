import { describe, expect, test } from "vitest";
import { type Assessment, assess } from "../../../../host/engine/judge/assessment.ts";
import {
  type Conduct,
  type Conducts,
  checkedAgainstAgreed,
  conductOf,
  DELTAS_PPM,
  noConducts,
  type Observed,
  observe,
  PRIOR_PPM,
  participated,
  recentPpm,
} from "../../../../host/engine/judge/conduct.ts";
import { CONSECUTIVE_FAULTS_MAX, SAMPLES_MIN } from "../../../../host/engine/judge/limits.ts";
import {
  FAST_PATH_PPM,
  type Opinion,
  TRUSTED_PPM,
  trustedAmong,
  trustOf,
} from "../../../../host/engine/judge/trust-graph.ts";
import { chance, draw } from "../../../../protocol/core/chance.ts";
import { at, DAY, HOUR } from "../stakes/stakers.ts";

const KEY = new Uint8Array(32).fill(1);
const OTHER = new Uint8Array(32).fill(2);

function seen(of: Conducts, what: Observed, times = 1, ms = 0, key = KEY): void {
  for (let i = 0; i < times; i++) observe(of, { type: "verified", key, what, at: at(ms), attributable: true });
}
const conduct = (of: Conducts, ms = 0, key = KEY): Conduct => conductOf(of, key, at(ms))!;
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

describe("an assessment", () => {
  /** Twenty of each, with these four bad. */
  function peer(signatures: boolean, accuracy: boolean, absence: boolean, low: boolean): Conducts {
    const of = noConducts();
    for (let i = 0; i < 100; i++) {
      seen(of, signatures && i % 5 === 0 ? "invalidSignature" : "success");
      checkedAgainstAgreed(of, KEY, !accuracy || i % 4 !== 0, at(0));
      participated(of, KEY, !absence || i % 3 !== 0, at(0));
    }
    // Reputation is set where it should be: by signatures and timing it would move with the first of the four.
    of.rows[0]!.reputationPpm = low ? 499_999 : 500_000;
    return of;
  }

  test("finds who shows two of four signs, in all sixteen cases, and nobody for one [E05]", () => {
    for (let signs = 0; signs < 16; signs++) {
      const [signatures, accuracy, absence, low] = [1, 2, 4, 8].map((bit) => (signs & bit) !== 0) as [
        boolean,
        boolean,
        boolean,
        boolean,
      ];
      const found = assess(conductOf(peer(signatures, accuracy, absence, low), KEY, at(0)));
      const count = [signatures, accuracy, absence, low].filter((each) => each).length;
      expect([signs, found.isByzantine, found.indicators.length]).toEqual([signs, count >= 2, count]);
    }
  });

  test("lies on the thresholds: a tenth, four fifths, seven tenths, a half are still well [E05]", () => {
    const of = noConducts();
    for (let i = 0; i < 100; i++) {
      seen(of, i % 10 === 0 ? "invalidSignature" : "success");
      checkedAgainstAgreed(of, KEY, i % 5 !== 0, at(0));
      participated(of, KEY, i % 10 < 7, at(0));
    }
    of.rows[0]!.reputationPpm = 500_000;
    expect(assess(conduct(of)).indicators).toEqual([]);
  });

  test("of who is not known, or hardly, says that it is unknown, and never Byzantine [E05]", () => {
    expect(assess(undefined)).toMatchObject({
      isByzantine: undefined,
      confidencePpm: 0,
      pattern: "unknown",
      action: "none",
    });
    const of = noConducts();
    seen(of, "contradiction", SAMPLES_MIN - 1);
    for (let i = 1; i < SAMPLES_MIN; i++) {
      checkedAgainstAgreed(of, KEY, false, at(0));
      participated(of, KEY, false, at(0));
    }
    expect(assess(conduct(of)).isByzantine).toBeUndefined();
    seen(of, "invalidSignature");
    expect(assess(conduct(of))).toMatchObject({ isByzantine: false, indicators: ["low reputation"] });
    checkedAgainstAgreed(of, KEY, false, at(0));
    expect(assess(conduct(of))).toMatchObject({ isByzantine: true, indicators: ["inaccuracy", "low reputation"] });
  });

  test("is a record of verdict, confidence, signs, pattern, reputation and what to do [E06]", () => {
    const rows: { readonly [name: string]: Assessment } = {
      good: assess(conduct(peer(false, false, false, false))),
      bad: assess(conduct(peer(true, true, false, true))),
      absent: assess(conduct(peer(false, false, true, false))),
    };
    expect(rows).toEqual({
      good: {
        isByzantine: false,
        confidencePpm: 1_000_000,
        indicators: [],
        pattern: "steady",
        reputationPpm: 500_000,
        action: "none",
      },
      bad: {
        ...{
          isByzantine: true,
          confidencePpm: 750_000,
          indicators: ["signature failures", "inaccuracy", "low reputation"],
        },
        ...{ pattern: "steady", reputationPpm: 499_999, action: "show to people" },
      },
      absent: {
        isByzantine: false,
        confidencePpm: 750_000,
        indicators: ["absence"],
        pattern: "steady",
        reputationPpm: 500_000,
        action: "watch",
      },
    });
  });

  test("tells who is failing from who recovers, and starts anew with one good message [E06]", () => {
    const of = noConducts();
    seen(of, "success", 60);
    seen(of, "timing", CONSECUTIVE_FAULTS_MAX - 1);
    expect(assess(conduct(of)).action).toBe("none");
    seen(of, "timing");
    expect(assess(conduct(of)).action).toBe("prefer other routes");
    seen(of, "success");
    expect(assess(conduct(of)).action).toBe("none");
    seen(of, "timing", 30);
    expect(assess(conduct(of)).pattern).toBe("failing");
    seen(of, "success", 32);
    expect(assess(conduct(of)).pattern).toBe("recovering");
  });

  test("never finds an honest kiosk that one message in a hundred fails, in a thousand nights [E05]", () => {
    const from = chance(2);
    let found = 0;
    for (let night = 0; night < 1_000; night++) {
      const of = noConducts();
      for (let i = 0; i < 300; i++) {
        seen(of, draw(from) < 0.01 ? "timing" : "success");
        participated(of, KEY, draw(from) < 0.97, at(0));
        checkedAgainstAgreed(of, KEY, draw(from) < 0.99, at(0));
      }
      if (assess(conduct(of)).isByzantine !== false) found += 1;
    }
    expect(found).toBe(0);
  });

  test("keeps two keys apart", () => {
    const of = noConducts();
    seen(of, "contradiction", 30);
    seen(of, "success", 30, 0, OTHER);
    expect([assess(conduct(of)).isByzantine, assess(conduct(of, 0, OTHER)).isByzantine]).toEqual([false, false]);
    expect(assess(conduct(of)).indicators).toEqual(["low reputation"]);
  });
});

describe("trust by the word of others", () => {
  const trusts = (from: number, of: number, ppm = 1_000_000): Opinion => ({ from, of, ppm });

  test("goes from hand to hand, a little less each time, and what was seen goes before what was told [E11]", () => {
    const trust = trustOf(5, 0, [
      trusts(0, 1, 980_000),
      trusts(1, 2),
      trusts(2, 3),
      trusts(1, 4, 100_000),
      trusts(0, 4, 700_000),
    ]);
    expect(trust).toEqual([1_000_000, 980_000, 931_000, 884_450, 700_000]);
    expect(trustedAmong(trust, FAST_PATH_PPM)).toEqual([0, 1, 2]);
    expect(trustedAmong(trust, TRUSTED_PPM)).toEqual([0, 1, 2, 3, 4]);
  });

  test("gives a clique that praises itself nothing, however many it is [E11]", () => {
    for (const size of [3, 10, 28]) {
      const opinions: Opinion[] = [trusts(0, 1), trusts(0, 2), trusts(1, 2)];
      for (let from = 3; from < 3 + size; from++)
        for (let of = 1; of < 3 + size; of++) if (from !== of) opinions.push(trusts(from, of));
      const trust = trustOf(3 + size, 0, opinions);
      expect(trust.slice(0, 3)).toEqual([1_000_000, 1_000_000, 1_000_000]);
      expect(trust.slice(3)).toEqual(new Array(size).fill(0));
      expect(trustedAmong(trust, FAST_PATH_PPM)).toEqual([0, 1, 2]);
    }
  });

  test("is not lifted to the fast path by one who is hardly trusted, however many that one brings along [E11]", () => {
    const opinions: Opinion[] = [trusts(0, 1, 600_000)];
    for (let from = 1; from < 12; from++)
      for (let of = 2; of < 12; of++) if (from !== of) opinions.push(trusts(from, of));
    const trust = trustOf(12, 0, opinions);
    expect(Math.max(...trust.slice(2))).toBeLessThan(600_000);
    // Nor by one in doubt.
    expect(trustOf(3, 0, [trusts(0, 1, 499_999), trusts(1, 2)])[2]).toBe(0);
  });
});
