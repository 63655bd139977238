import { describe, expect, test } from "vitest";
import { closeAccusation, openAccusation } from "../../../../host/engine/stakes/accusations.ts";
import { ACCUSATIONS_MAX, STAKERS_MAX, UNBONDING_LENGTH_MAX } from "../../../../host/engine/stakes/limits.ts";
import { addStake, unbond, unstake, withdraw } from "../../../../host/engine/stakes/staking.ts";
import { stakeStatistics } from "../../../../host/engine/stakes/statistics.ts";
import { agreedMillis, chips } from "../../../../protocol/core/units.ts";
import { account, NO_AMOUNTS, NOBODY, next } from "../ledger/tables.ts";
import {
  accuse,
  at,
  chipsOf,
  DAY,
  type Economy,
  economy,
  expectSound,
  HOUR,
  refusal,
  slashed,
  stake,
  staked,
  stakerOf,
} from "./stakers.ts";

const leave = ({ stakes, ledger }: Economy, kiosk: number, chips: number, ms: number): ReturnType<typeof unstake> =>
  unstake(stakes, ledger, { ...next(ledger, account(kiosk)), chips }, at(ms));
const take = ({ stakes, ledger }: Economy, kiosk: number, ms: number): ReturnType<typeof withdraw> =>
  withdraw(stakes, ledger, next(ledger, account(kiosk)), at(ms));

describe("a stake", () => {
  test("of a thousand is one, and of 999 is none [M08]", () => {
    const table = economy(2);
    expect(refusal(table, () => stake(table, 0, 999, 0))).toBe("below minimum");
    expect(stake(table, 0, 1_000, 0)).toEqual({ ok: true });
    expect(chipsOf(table, 0)).toEqual([99_000, 1_000, 0]);
    expectSound(table);
  });

  test("is an amount of one's own free chips, spent once [M08]", () => {
    const table = economy(1);
    for (const [amount, why] of NO_AMOUNTS) {
      expect([amount, refusal(table, () => stake(table, 0, amount, 0))]).toEqual([amount, why]);
    }
    expect(refusal(table, () => stake(table, 0, 100_001, 0))).toBe("not enough");
    const { stakes, ledger } = table;
    const spending = { account: account(0), counter: 0, chips: 1_000 };
    expect(addStake(stakes, ledger, spending, at(0))).toEqual({ ok: true });
    expect(refusal(table, () => addStake(stakes, ledger, spending, at(0)))).toBe("stale counter");
    const nobody = { ...spending, account: NOBODY };
    expect(refusal(table, () => addStake(stakes, ledger, nobody, at(0)))).toBe("unknown account");
  });

  test("may grow by a chip, keeps its record, and is locked for seven days from then [M08]", () => {
    const table = staked([2_000]);
    expect(stakerOf(table, 0).lockedUntil).toBe(at(604_800_000));
    expect(slashed(table, 0, "doubleVoting", 1, HOUR)).toBe(1_000);
    expect(stake(table, 0, 1, 2 * HOUR)).toEqual({ ok: true });
    expect(chipsOf(table, 0)).toEqual([97_999, 1_001, 0]);
    expect(stakerOf(table, 0)).toMatchObject({
      lockedUntil: at(7 * DAY + 2 * HOUR),
      reputationPpm: 800_000,
      slashes: [{ chips: 1_000 }],
    });
    expect(table.stakes.stakers.length).toBe(1);
  });

  test("at a moment that is none is our mistake", () => {
    const table = economy(1);
    const spending = { ...next(table.ledger, account(0)), chips: 1_000 };
    for (const time of [-1, 0.5, Number.NaN, 2 ** 42]) {
      expect(() => addStake(table.stakes, table.ledger, spending, agreedMillis(time))).toThrow("is a moment");
    }
  });

  test("is had by so many kiosks; who left as it came makes room, and who left a record does not", () => {
    const table = economy(STAKERS_MAX + 2);
    for (let i = 0; i < STAKERS_MAX; i++) expect(stake(table, STAKERS_MAX - i, 1_000, 0)).toEqual({ ok: true });
    expect(table.stakes.stakers.map((each) => each.account)).toEqual(
      Array.from({ length: STAKERS_MAX }, (_, i) => i + 1),
    );
    expect(refusal(table, () => stake(table, 0, 1_000, 0))).toBe("full");
    accuse(table, 5, "messageSpamming", 1, 0);
    stakerOf(table, 7).reputationPpm = 999_999;
    for (const kiosk of [5, 7, 9]) {
      leave(table, kiosk, 1_000, 0);
      expect(refusal(table, () => stake(table, 0, 1_000, 0))).toBe("full");
      expect(take(table, kiosk, 7 * DAY)).toEqual({ ok: true, chips: 1_000 });
    }
    expect(stake(table, 0, 1_000, 7 * DAY)).toEqual({ ok: true });
    expect(table.stakes.stakers.map((each) => each.account)).not.toContain(9);
    expect(stakerOf(table, 5).evidence.length).toBe(1);
    expect(refusal(table, () => stake(table, STAKERS_MAX + 1, 1_000, 7 * DAY))).toBe("full");
    expectSound(table);
  });
});

describe("the way out", () => {
  test("takes seven days from asking, and no chip is through earlier [M20]", () => {
    const table = staked([5_000]);
    expect(leave(table, 0, 2_000, 3 * DAY)).toEqual({ ok: true, releaseAt: at(10 * DAY) });
    expect(chipsOf(table, 0)).toEqual([95_000, 3_000, 2_000]);
    expect(refusal(table, () => take(table, 0, 10 * DAY - 1))).toBe("still locked");
    expect(take(table, 0, 10 * DAY)).toEqual({ ok: true, chips: 2_000 });
    expect(chipsOf(table, 0)).toEqual([97_000, 3_000, 0]);
    expect(refusal(table, () => take(table, 0, 20 * DAY))).toBe("nothing unbonding");
    expectSound(table);
  });

  test("takes a day more for each slash of the last day [M20]", () => {
    const table = staked([50_000]);
    slashed(table, 0, "doubleVoting", 1, 0);
    slashed(table, 0, "invalidStateTransition", 2, 5 * HOUR);
    slashed(table, 0, "invalidStateTransition", 3, 10 * HOUR);
    expect(leave(table, 0, 1_000, 11 * HOUR)).toEqual({ ok: true, releaseAt: at(11 * HOUR + 10 * DAY) });
    // The first is a day old, to the millisecond.
    expect(leave(table, 0, 1_000, DAY)).toEqual({ ok: true, releaseAt: at(DAY + 9 * DAY) });
    expect(leave(table, 0, 1_000, 3 * DAY)).toEqual({ ok: true, releaseAt: at(10 * DAY) });
    // Each part leaves by its own moment.
    expect(take(table, 0, 10 * DAY)).toEqual({ ok: true, chips: 2_000 });
    expect(take(table, 0, 11 * DAY)).toEqual({ ok: true, chips: 1_000 });
  });

  test("is never shorter than the lock that the stake has [M20]", () => {
    const table = staked([5_000]);
    stakerOf(table, 0).lockedUntil = at(30 * DAY);
    expect(leave(table, 0, 5_000, 0)).toEqual({ ok: true, releaseAt: at(30 * DAY) });
  });

  test("leaves a stake behind, or nothing [M20]", () => {
    const table = staked([5_000]);
    expect(refusal(table, () => leave(table, 0, 4_001, 0))).toBe("below minimum");
    expect(refusal(table, () => leave(table, 0, 5_001, 0))).toBe("not enough");
    expect(refusal(table, () => leave(table, 0, 0, 0))).toBe("out of range");
    expect(refusal(table, () => leave(table, 0, 0.5, 0))).toBe("not whole");
    expect(leave(table, 0, 4_000, 0).ok).toBe(true);
    expect(leave(table, 0, 1_000, 0).ok).toBe(true);
    const other = economy(1);
    expect(refusal(other, () => leave(other, 0, 1_000, 0))).toBe("not staked");
    expect(refusal(other, () => take(other, 0, 0))).toBe("not staked");
  });

  test("holds so many parts, and a stake that a slash has broken finds room there all the same", () => {
    const table = staked([90_000]);
    for (let i = 0; i < UNBONDING_LENGTH_MAX; i++) expect(leave(table, 0, 5_000, i).ok).toBe(true);
    expect(refusal(table, () => leave(table, 0, 5_000, 99))).toBe("full");
    // Of 90,000 a tenth is taken: 9,000 of the 10,000 staked; what is left is a stake, to the chip.
    expect(slashed(table, 0, "invalidStateTransition", 1, 100)).toBe(9_000);
    expect(chipsOf(table, 0)).toEqual([10_000, 1_000, 80_000]);
    stake(table, 0, 8_000, 101);
    // Of 89,000 a tenth again leaves 100: it joins the last part, and both wait for the later moment.
    expect(slashed(table, 0, "invalidStateTransition", 3, 2 * HOUR)).toBe(8_900);
    expect(chipsOf(table, 0)).toEqual([2_000, 0, 80_100]);
    const { unbonding } = stakerOf(table, 0);
    expect(unbonding.length).toBe(UNBONDING_LENGTH_MAX);
    expect(unbonding[UNBONDING_LENGTH_MAX - 1]).toEqual({ chips: 5_100, releaseAt: at(2 * HOUR + 9 * DAY) });
    // Where the part that is joined leaves later, it does not leave earlier for it.
    unbonding[UNBONDING_LENGTH_MAX - 1] = { chips: chips(5_100), releaseAt: at(60 * DAY) };
    stake(table, 0, 1_000, 3 * HOUR);
    expect(unbond(table.stakes, table.ledger, stakerOf(table, 0), chips(1_000), at(3 * HOUR))).toBe(at(60 * DAY));
    expect(unbonding[UNBONDING_LENGTH_MAX - 1]).toEqual({ chips: 6_100, releaseAt: at(60 * DAY) });
    expectSound(table);
  });

  test("is barred while an accusation is open, and free again when it is decided [M20]", () => {
    const table = staked([5_000]);
    const { stakes } = table;
    leave(table, 0, 5_000, 0);
    expect(openAccusation(stakes, account(0))).toEqual({ ok: true });
    expect(openAccusation(stakes, account(0))).toEqual({ ok: true });
    expect(refusal(table, () => take(table, 0, 8 * DAY))).toBe("accused");
    closeAccusation(stakes, account(0));
    expect(refusal(table, () => take(table, 0, 8 * DAY))).toBe("accused");
    closeAccusation(stakes, account(0));
    expect(refusal(table, () => closeAccusation(stakes, account(0)))).toBe("not accused");
    expect(take(table, 0, 8 * DAY)).toEqual({ ok: true, chips: 5_000 });
    expect(refusal(table, () => openAccusation(stakes, NOBODY))).toBe("not staked");
    expect(refusal(table, () => closeAccusation(stakes, NOBODY))).toBe("not staked");
    for (let i = 0; i < ACCUSATIONS_MAX; i++) openAccusation(stakes, account(0));
    expect(refusal(table, () => openAccusation(stakes, account(0)))).toBe("full");
  });

  test("is decided by order: of a slash and a withdrawal of one moment the first counts", () => {
    const [slashedFirst, leftFirst] = [staked([5_000]), staked([5_000])];
    for (const table of [slashedFirst, leftFirst]) leave(table, 0, 5_000, 0);
    expect(slashed(slashedFirst, 0, "doubleVoting", 1, 7 * DAY)).toBe(2_500);
    expect(take(slashedFirst, 0, 7 * DAY)).toEqual({ ok: true, chips: 2_500 });
    expect(take(leftFirst, 0, 7 * DAY)).toEqual({ ok: true, chips: 5_000 });
    expect(slashed(leftFirst, 0, "doubleVoting", 1, 7 * DAY)).toBe(0);
    // What is due but was not fetched is still in reach.
    const late = staked([5_000]);
    leave(late, 0, 5_000, 0);
    expect(slashed(late, 0, "doubleVoting", 1, 20 * DAY)).toBe(2_500);
    expectSound(late);
  });
});

describe("statistics", () => {
  test("of nobody are zeros, and not a division by them [M21]", () => {
    const { stakes, ledger } = economy(2);
    expect(stakeStatistics(stakes, ledger)).toEqual({
      totalStaked: 0,
      totalUnbonding: 0,
      activeStakesCount: 0,
      rewardPool: 1_000_000,
      reputationMeanPpm: 0,
    });
  });

  test("count what is staked, who is active, the pool and the mean reputation [M21]", () => {
    const table = staked([2_000, 3_000, 1_000]);
    slashed(table, 1, "doubleVoting", 1, 0);
    slashed(table, 2, "doubleVoting", 2, 0);
    // The third is below the minimum now: what is left of it is on its way out.
    expect(stakeStatistics(table.stakes, table.ledger)).toEqual({
      totalStaked: 3_500,
      totalUnbonding: 500,
      activeStakesCount: 2,
      rewardPool: 1_002_000,
      reputationMeanPpm: 900_000,
    });
    const gone = staked([1_000]);
    slashed(gone, 0, "doubleVoting", 1, 0);
    expect(stakeStatistics(gone.stakes, gone.ledger)).toMatchObject({ activeStakesCount: 0, reputationMeanPpm: 0 });
  });
});
