import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { payRewards, recovered } from "../../../../host/engine/stakes/rewards.ts";
import { participates, votingWeight } from "../../../../host/engine/stakes/weight.ts";
import { account, NOBODY } from "../ledger/tables.ts";
import {
  at,
  chipsOf,
  DAY,
  type Economy,
  economy,
  expectSound,
  HOUR,
  refusal,
  slashed,
  staked,
  stakerOf,
} from "./stakers.ts";

const pay = ({ stakes, ledger }: Economy, ms: number): ReturnType<typeof payRewards> =>
  payRewards(stakes, ledger, at(ms));
const weight = ({ stakes, ledger }: Economy, kiosk: number): number => votingWeight(stakes, ledger, account(kiosk));

describe("rewards", () => {
  test("are a hundredth of the pool by stake and reputation, and what does not divide stays there [M09]", () => {
    const table = staked([10_000, 20_000, 3_000]);
    stakerOf(table, 1).reputationPpm = 600_000;
    // 10,000 to share by 10,000, 12,000 and 3,000: exactly 4,000, 4,800 and 1,200.
    expect(pay(table, HOUR)).toEqual({ ok: true, paid: 10_000, kept: 0 });
    expect([0, 1, 2].map((each) => chipsOf(table, each)[0])).toEqual([94_000, 84_800, 98_200]);
    expect(table.ledger.pool).toBe(990_000);
    // 9,604 are three times 3,201, and one.
    const even = staked([1_000, 1_000, 1_000], {}, 960_498);
    expect(pay(even, HOUR)).toEqual({ ok: true, paid: 9_603, kept: 1 });
    expect(even.ledger.pool).toBe(960_498 - 9_603);
    expectSound(even);
  });

  test("are paid once an hour of agreed time, however long nobody asked [M09]", () => {
    const table = staked([1_000]);
    expect(refusal(table, () => pay(table, HOUR - 1))).toBe("too early");
    expect(pay(table, HOUR)).toMatchObject({ paid: 10_000 });
    expect(refusal(table, () => pay(table, 2 * HOUR - 1))).toBe("too early");
    expect(pay(table, 9 * HOUR)).toMatchObject({ paid: 9_900 });
    expect(refusal(table, () => pay(table, 10 * HOUR - 1))).toBe("too early");
    expect(pay(table, 10 * HOUR).ok).toBe(true);
  });

  test("are for those with a stake and more than half a reputation [M09]", () => {
    const table = staked([1_000, 1_000, 1_000, 1_000]);
    stakerOf(table, 0).reputationPpm = 500_000;
    stakerOf(table, 1).reputationPpm = 500_001;
    slashed(table, 2, "doubleVoting", 1, 0);
    stakerOf(table, 3).reputationPpm = 0;
    // What was slashed is in the pool by then.
    expect(pay(table, HOUR)).toEqual({ ok: true, paid: 10_005, kept: 0 });
    expect([0, 1, 2, 3].map((each) => chipsOf(table, each)[0])).toEqual([99_000, 109_005, 99_000, 99_000]);
  });

  test("leave nothing of the pool where there is nobody to pay [M09]", () => {
    const table = economy(1);
    expect(pay(table, HOUR)).toEqual({ ok: true, paid: 0, kept: 10_000 });
    expect(table.ledger.pool).toBe(1_000_000);
    const empty = staked([1_000], {}, 99);
    expect(pay(empty, HOUR)).toEqual({ ok: true, paid: 0, kept: 0 });
  });

  test("are free chips and no stake: nothing earns by itself what it earned [M09]", () => {
    const table = staked([5_000]);
    for (let i = 1; i <= 10; i++) pay(table, i * HOUR);
    expect(chipsOf(table, 0)[1]).toBe(5_000);
    expect(weight(table, 0)).toBe(5_000);
  });

  test("are no more for a stake in several hands than in one [M09]", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 1_000, max: 50_000 }), (amounts, others) => {
        const [whole, split] = [staked([sum(amounts), others]), staked([...amounts, others])];
        pay(whole, HOUR);
        pay(split, HOUR);
        const earned = (table: Economy, kiosk: number): number => {
          const [free, stake] = chipsOf(table, kiosk);
          return free + stake - 100_000;
        };
        expect(sum(amounts.map((_, i) => earned(split, i)))).toBeLessThanOrEqual(earned(whole, 0));
        expectSound(split);
      }),
      { seed: 9, numRuns: 100 },
    );
  });
});

describe("reputation", () => {
  test("gains a hundredth of what it lacks with each reward, and is whole in the end [M17]", () => {
    expect([0, 400_000, 999_900, 999_999, 1_000_000].map((each) => recovered(each, 10_000))).toEqual([
      ...[10_000, 406_000, 999_901, 1_000_000, 1_000_000],
    ]);
    // 1 − 0.6 · 0.99^n is above one half from n = 19 on.
    let [steps, reputation] = [0, 400_000];
    while (reputation <= 500_000) [steps, reputation] = [steps + 1, recovered(reputation, 10_000)];
    expect(steps).toBe(19);
    for (let i = 0; i < 2_000; i++) reputation = recovered(reputation, 10_000);
    expect(reputation).toBe(1_000_000);
  });

  test("mends by being there without a slash, also where it is too low to earn [M17]", () => {
    const table = staked([50_000]);
    stakerOf(table, 0).reputationPpm = 400_000;
    let hours = 0;
    while (chipsOf(table, 0)[0] === 50_000) pay(table, ++hours * HOUR);
    // Nineteen to be above one half, and the next is paid.
    expect([hours, stakerOf(table, 0).reputationPpm > 500_000]).toEqual([20, true]);
  });

  test("does not mend in the hour of a slash, nor without a stake [M17]", () => {
    const table = staked([50_000, 1_000]);
    slashed(table, 0, "doubleVoting", 1, 1);
    slashed(table, 1, "doubleVoting", 2, 1);
    pay(table, HOUR);
    expect(stakerOf(table, 0).reputationPpm).toBe(800_000);
    pay(table, 2 * HOUR);
    expect(stakerOf(table, 0).reputationPpm).toBe(802_000);
    expect(stakerOf(table, 1).reputationPpm).toBe(800_000);
    // And what is forgotten after its time is forgotten here.
    pay(table, 30 * DAY);
    expect(stakerOf(table, 0).evidence.length).toBe(1);
    pay(table, 31 * DAY);
    expect(stakerOf(table, 0)).toMatchObject({ evidence: [], slashes: [] });
  });
});

describe("taking part", () => {
  test("asks for the least stake and more than three tenths of a reputation [M18]", () => {
    const table = staked([1_000, 1_000]);
    const takesPart = (): boolean => participates(table.stakes, table.ledger, account(0));
    for (const [reputation, takes] of [
      [1_000_000, true],
      [300_001, true],
      [300_000, false],
      [0, false],
    ] as const) {
      stakerOf(table, 0).reputationPpm = reputation;
      expect([reputation, takesPart(), weight(table, 0) > 0]).toEqual([reputation, takes, takes]);
    }
    slashed(table, 1, "invalidStateTransition", 1, 0);
    expect(participates(table.stakes, table.ledger, account(1))).toBe(false);
    expect(participates(table.stakes, table.ledger, NOBODY)).toBe(false);
    expect(votingWeight(table.stakes, table.ledger, NOBODY)).toBe(0);
  });
});

describe("the weight of a vote", () => {
  test("is the stake times the reputation, rounded down [M19]", () => {
    const table = staked([1_000, 2_000, 99_999]);
    stakerOf(table, 1).reputationPpm = 512_000;
    stakerOf(table, 2).reputationPpm = 333_333;
    expect([0, 1, 2].map((each) => weight(table, each))).toEqual([1_000, 1_024, 33_332]);
  });

  test("of a stake in several hands is no more than in one, whatever the reputation [M19]", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 0, max: 1_000_000 }), (amounts, reputation) => {
        const [whole, split] = [staked([sum(amounts)]), staked(amounts)];
        for (const each of [...whole.stakes.stakers, ...split.stakes.stakers]) each.reputationPpm = reputation;
        const together = sum(amounts.map((_, i) => weight(split, i)));
        expect(together).toBeLessThanOrEqual(weight(whole, 0));
        // What is lost is rounding alone: who shares honestly is not punished for it either.
        expect(weight(whole, 0) - together).toBeLessThan(amounts.length);
      }),
      { seed: 19, numRuns: 300 },
    );
  });
});

test("agreement knows nothing of stakes or chips: it counts kiosks [M19]", () => {
  const folder = new URL("../../../../host/engine/consensus/", import.meta.url);
  const sources = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), "utf8"));
  expect(sources.length).toBeGreaterThan(20);
  expect(sources.filter((source) => /from "[^"]*\/(?:stakes|ledger)\//.test(source))).toEqual([]);
});

const parts = fc.array(fc.integer({ min: 1_000, max: 12_000 }), { minLength: 1, maxLength: 8 });
const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);
