import { describe, expect, test } from "vitest";
import { aborted, abortMeter, honestAbortsMax } from "../../../../host/engine/judge/abort-meter.ts";
import { facesFit, independenceFit, isBeyond, pairsFit, totalsFit } from "../../../../host/engine/judge/chi-square.ts";
import {
  faceShares,
  fell,
  logAverage,
  logFaces,
  logFavourite,
  logShares,
} from "../../../../host/engine/judge/evidence-meter.ts";
import { faceRuns, lagOne, lagOnePattern, runsPattern } from "../../../../host/engine/judge/patterns.ts";
import {
  diceForFaces,
  diceInSequence,
  leastPreference,
  trialsForEvent,
} from "../../../../host/engine/judge/sample-sizes.ts";
import { binomialTail } from "../../../../host/engine/judge/tails.ts";
import { chance, draw } from "../../../../protocol/core/chance.ts";
import { countFaces, countPairs, fairFace, loadedFace, many } from "./thrown.ts";

describe("how much must be seen, as the page on fairness has it", () => {
  test("dice for a preferred face: by all six, by that face alone, and in sequence [P05]", () => {
    const rows = [
      [0.05, 1_623, 1_129, 703],
      [0.03, 4_508, 3_066, 1_902],
      [0.02, 10_141, 6_815, 4_219],
      [0.01, 40_564, 26_911, 16_625],
    ] as const;
    for (const [more, all, alone, sequence] of rows) {
      expect(Math.abs(diceForFaces(more) - all)).toBeLessThanOrEqual(1);
      expect(Math.ceil(trialsForEvent(1 / 6, more))).toBe(alone);
      expect(Math.abs(diceInSequence(more) - sequence)).toBeLessThanOrEqual(1);
    }
    expect(Math.abs(diceForFaces(0.005) - 162_255)).toBeLessThanOrEqual(2);
    expect(Math.ceil(trialsForEvent(1 / 6, 0.005))).toBe(106_919);
  });

  test("sevens that come a tenth or a fiftieth more often [P06]", () => {
    expect(Math.ceil(trialsForEvent(1 / 6, 0.1 / 6))).toBe(9_772);
    expect(Math.abs(trialsForEvent(1 / 6, 0.02 / 6) - 240_018)).toBeLessThanOrEqual(1);
  });

  test("what shows after a hundred, a thousand and ten thousand rolls", () => {
    const found = [100, 1_000, 10_000].map((rolls) => leastPreference(2 * rolls).toFixed(3));
    expect(found).toEqual(["0.142", "0.045", "0.014"]);
  });
});

describe("goodness of fit", () => {
  test("has the degrees of what it looks at, and says nothing of too little [P05]", () => {
    expect(facesFit([5, 5, 5, 5, 5, 4])).toBeUndefined();
    expect(facesFit([5, 5, 5, 5, 5, 5])).toMatchObject({ statistic: 0, degrees: 5, share: 1 });
    expect(totalsFit([1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1].map((ways) => 10 * ways))).toMatchObject({ degrees: 10 });
    expect(pairsFit(new Array(36).fill(10))).toMatchObject({ statistic: 0, degrees: 35 });
    expect(independenceFit(new Array(36).fill(10))).toMatchObject({ degrees: 25 });
  });

  test("is the sum of squares over what is expected [P05]", () => {
    const fit = facesFit([10, 10, 10, 10, 10, 40]);
    expect(fit?.statistic).toBeCloseTo(50, 10);
    expect(isBeyond(fit!, 0.001)).toBe(true);
    expect(isBeyond(facesFit([20, 10, 15, 15, 15, 15])!, 0.05)).toBe(false);
  });

  test("loaded dice that know nothing of each other are independent, and a copied die is not [P06]", () => {
    const from = chance(1);
    const loaded = many(2_000, () => [loadedFace(from, 0.2), loadedFace(from, 0.2)] as const);
    const copied = many(2_000, () => {
      const first = fairFace(from);
      return [first, draw(from) < 0.2 ? first : fairFace(from)] as const;
    });
    expect(isBeyond(independenceFit(countPairs(loaded))!, 0.001)).toBe(false);
    expect(isBeyond(independenceFit(countPairs(copied))!, 0.001)).toBe(true);
    expect(isBeyond(pairsFit(countPairs(loaded))!, 0.001)).toBe(true);
  });

  test("finds a face with a twentieth more in four of five runs of 1,623 dice, and fair dice in hardly any [P05]", () => {
    const beyond = (more: number): number =>
      many(400, (run) => {
        const from = chance(1_000 + run);
        return facesFit(countFaces(many(1_623, () => loadedFace(from, more))))!;
      }).filter((fit) => isBeyond(fit, 0.001)).length;
    expect(beyond(0.05)).toBeGreaterThan(320);
    expect(beyond(0)).toBeLessThanOrEqual(3);
  });
});

describe("patterns in the order of throws", () => {
  test("runs are counted as Wald and Wolfowitz did [P06]", () => {
    // Twenty of each in four runs of ten: mean 21, variance 20 · 19 / 39.
    const blocks = many(40, (at) => Math.floor(at / 10) % 2 === 0);
    expect(runsPattern(blocks)?.score).toBeCloseTo((4 - 21) / Math.sqrt((20 * 19) / 39), 10);
    expect(faceRuns(many(100, (at) => (at % 2 === 0 ? 1 : 6)))!.score).toBeGreaterThan(9);
    expect(runsPattern(many(100, () => true))).toBeUndefined();
  });

  test("fair faces have neither runs nor echoes: at one in a thousand, next to none of a thousand runs [P06]", () => {
    const shares = many(1_000, (run) => {
      const from = chance(run);
      const faces = many(200, () => fairFace(from));
      return Math.min(faceRuns(faces)!.share, lagOnePattern(faces)!.share);
    });
    expect(shares.filter((share) => share < 0.001).length).toBeLessThanOrEqual(6);
  });

  test("a die that repeats its face in a fifth of the throws is mostly seen within 500 [P06]", () => {
    const found = many(100, (run) => {
      const from = chance(run);
      let last = 1;
      const faces = many(500, () => (draw(from) < 0.2 ? last : (last = fairFace(from))));
      return lagOnePattern(faces)!.share < 0.001;
    });
    expect(found.filter((each) => each).length).toBeGreaterThan(75);
  });

  test("the correlation with the next value never exceeds one, and is none where nothing varies [N02]", () => {
    expect(lagOne(many(50, () => 7))).toBeUndefined();
    expect(lagOne([1, 2])).toBeUndefined();
    expect(lagOne(many(100, (at) => at))).toBeGreaterThan(0.9);
    expect(lagOne([0, 0, 0, 100, 100, 100])!).toBeLessThanOrEqual(1);
    for (let run = 0; run < 200; run++) {
      const from = chance(run);
      expect(Math.abs(lagOne(many(4, () => draw(from)))!)).toBeLessThanOrEqual(1);
    }
  });
});

describe("evidence that may be looked at after every throw", () => {
  test("is a likelihood ratio, whose mean over all throws of three dice is one [P05]", () => {
    const facesOf = (counts: readonly number[]): number => {
      const shares = faceShares();
      for (const [cell, count] of counts.entries()) for (let i = 0; i < count; i++) fell(shares, cell);
      return logFaces(shares);
    };
    for (const log of [facesOf, (counts: readonly number[]) => logShares(counts, 60)]) {
      let sum = 0;
      for (let code = 0; code < 216; code++) {
        const faces = [code % 6, Math.floor(code / 6) % 6, Math.floor(code / 36)].map((face) => face + 1);
        sum += Math.exp(log(countFaces(faces)));
      }
      expect(sum / 216).toBeCloseTo(1, 10);
    }
  });

  test("of shares is the formula of the page, one throw after another [P05]", () => {
    const shares = faceShares();
    const from = chance(3);
    for (let n = 0; n < 300; n++) fell(shares, fairFace(from) - 1);
    expect(logShares(shares.counts, 300)).toBeCloseTo(shares.log, 9);
    expect(logShares([1, 0, 0, 0, 0, 0], 60)).toBeCloseTo(0, 12);
    expect(logShares([2, 0, 0, 0, 0, 0], 60)).toBeCloseTo(Math.log((6 * 11) / 61), 12);
    expect(logFavourite([0, 0, 0, 0, 0, 0], 0.05)).toBeCloseTo(0, 12);
  });

  test("is averaged, which stays one in the mean, where a product of the same evidence would not [P06]", () => {
    const half = { weight: 0.5, log: Math.log(8) };
    expect(Math.exp(logAverage([half, { weight: 0.5, log: Math.log(2) }]))).toBeCloseTo(5, 12);
    expect(logAverage([half, { weight: 0.5, log: 5_000 }])).toBeCloseTo(5_000 + Math.log(0.5), 6);
  });
});

describe("reveals that fail to come", () => {
  test("eleven in a row that would have lost an even bet pass a thousand, ten do not [P06]", () => {
    const meter = abortMeter();
    for (let i = 0; i < 10; i++) aborted(meter, 0.5, true);
    expect(Math.exp(meter.log)).toBeLessThan(1_000);
    aborted(meter, 0.5, true);
    expect(Math.exp(meter.log)).toBeGreaterThan(1_000);
    // One that would have won takes it back.
    const before = meter.log;
    aborted(meter, 0.5, false);
    expect(Math.exp(meter.log - before)).toBeCloseTo(0.02, 12);
    expect(meter).toMatchObject({ aborts: 12, losing: 11 });
  });

  test("of an honest kiosk say less and less, however bad its link and whatever it bets on [P06]", () => {
    let [highest, last] = [0, Number.NEGATIVE_INFINITY];
    for (let run = 0; run < 500; run++) {
      const from = chance(run);
      const meter = abortMeter();
      for (let i = 0; i < 200; i++) {
        const losing = [0.1, 0.5, 0.507, 0.9][i % 4]!;
        aborted(meter, losing, draw(from) < losing);
        highest = Math.max(highest, meter.log);
      }
      last = Math.max(last, meter.log);
    }
    expect(highest).toBeLessThan(Math.log(1_000));
    expect(last).toBeLessThan(-20);
  });

  test("nobody says anything by staying away from a roll without chips on it [P06]", () => {
    const meter = abortMeter();
    for (let i = 0; i < 100; i++) aborted(meter, i % 2, i % 2 === 1);
    expect(meter.log).toBe(0);
  });

  test("of three hundred, loss alone takes more than ten at one percent or fifteen at two in no night of a thousand", () => {
    expect([honestAbortsMax(300, 0.01), honestAbortsMax(300, 0.02)]).toEqual([10, 15]);
    expect(binomialTail(300, 0.01, 10)).toBeLessThan(0.001);
  });
});
