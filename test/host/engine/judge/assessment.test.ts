import { describe, expect, test } from "vitest";
import { type Assessment, assess } from "../../../../host/engine/judge/assessment.ts";
import {
  type Conducts,
  checkedAgainstAgreed,
  conductOf,
  noConducts,
  participated,
} from "../../../../host/engine/judge/conduct.ts";
import { CONSECUTIVE_FAULTS_MAX, SAMPLES_MIN } from "../../../../host/engine/judge/limits.ts";
import { chance, draw } from "../../../../protocol/core/chance.ts";
import { at } from "../stakes/stakers.ts";
import { conduct, KEY, seen } from "./seen.ts";

const OTHER = new Uint8Array(32).fill(2);

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
