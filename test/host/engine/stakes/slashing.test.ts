import { describe, expect, test } from "vitest";
import { EVIDENCE_LENGTH_MAX } from "../../../../host/engine/stakes/limits.ts";
import { payRewards } from "../../../../host/engine/stakes/rewards.ts";
import {
  SLASH_REASONS,
  type SlashReason,
  STANDARD_CONDITIONS,
  STANDARD_STAKE_RULES,
  type StakeRules,
  soundStakeRules,
} from "../../../../host/engine/stakes/rules.ts";
import { recordEvidence, seize } from "../../../../host/engine/stakes/slashing.ts";
import { foundStakes } from "../../../../host/engine/stakes/stakes.ts";
import { unstake } from "../../../../host/engine/stakes/staking.ts";
import { participates } from "../../../../host/engine/stakes/weight.ts";
import { chips } from "../../../../protocol/core/units.ts";
import { account, digest, NOBODY, next } from "../ledger/tables.ts";
import { accuse, at, chipsOf, DAY, expectSound, HOUR, refusal, slashed, staked, stakerOf } from "./stakers.ts";

const MINUTE = 60_000;

/** Threshold, percent, window and cooldown, by the reason. */
const conditionOf = (reason: SlashReason): readonly number[] => {
  const { threshold, slashBasisPoints, evidenceWindowMs, cooldownAfterSlashMs } = STANDARD_CONDITIONS[reason];
  return [threshold, slashBasisPoints / 100, evidenceWindowMs, cooldownAfterSlashMs];
};

/** Below the threshold evidence is recorded and costs nothing; the last of it costs what the table says; and until the
 * cooldown is over no more of it costs anything. */
function tellStory(reason: SlashReason): void {
  const { threshold, slashBasisPoints, cooldownAfterSlashMs: cooldown } = STANDARD_CONDITIONS[reason];
  const table = staked([50_000]);
  const cost = (50_000 * slashBasisPoints) / 10_000;
  for (let i = 1; i < threshold; i++) {
    expect(accuse(table, 0, reason, i, 0)).toEqual({ ok: true, counted: i, slashed: false, chips: 0 });
  }
  expect(chipsOf(table, 0)).toEqual([50_000, 50_000, 0]);
  expect(accuse(table, 0, reason, threshold, 0)).toEqual({ ok: true, counted: 0, slashed: true, chips: cost });
  expect(chipsOf(table, 0)).toEqual([50_000, 50_000 - cost, 0]);
  expect(table.ledger.pool).toBe(1_000_000 + cost);
  const later = (count: number, from: number, ms: number): (number | undefined)[] =>
    Array.from({ length: count }, (_, i) => slashed(table, 0, reason, from + i, ms));
  expect(later(threshold, 100, cooldown - 1)).toEqual(new Array(threshold).fill(undefined));
  expect(slashed(table, 0, reason, 200, cooldown)).toBe(((50_000 - cost) * slashBasisPoints) / 10_000);
}

describe("the table of reasons", () => {
  test("double voting: the first, half, not again for a day [M10]", () => {
    expect(conditionOf("doubleVoting")).toEqual([1, 50, DAY, DAY]);
    tellStory("doubleVoting");
  });

  test("collusion: the third within an hour, three tenths, not again for an hour [M11]", () => {
    expect(conditionOf("collusionDetected")).toEqual([3, 30, HOUR, HOUR]);
    tellStory("collusionDetected");
  });

  test("a Byzantine fault: the second within half an hour, a quarter, not again for half an hour [M12]", () => {
    expect(conditionOf("byzantineFailure")).toEqual([2, 25, 30 * MINUTE, 30 * MINUTE]);
    tellStory("byzantineFailure");
  });

  test("flooding: the fifth within five minutes, a tenth, not again for five minutes [M13]", () => {
    expect(conditionOf("messageSpamming")).toEqual([5, 10, 5 * MINUTE, 5 * MINUTE]);
    tellStory("messageSpamming");
  });

  test("a false transition: the first, a tenth; a part in an eclipse: the third, a quarter [M14]", () => {
    expect(conditionOf("invalidStateTransition")).toEqual([1, 10, DAY, HOUR]);
    expect(conditionOf("eclipseAttackParticipation")).toEqual([3, 25, HOUR, HOUR]);
    tellStory("invalidStateTransition");
    tellStory("eclipseAttackParticipation");
  });

  test("has a sound condition for every reason, and refuses one that is not [M14]", () => {
    expect(Object.keys(STANDARD_CONDITIONS).sort()).toEqual([...SLASH_REASONS].sort());
    expect(soundStakeRules(STANDARD_STAKE_RULES)).toBe(true);
    for (const reason of SLASH_REASONS) {
      for (const change of [
        ...[{ threshold: 0 }, { threshold: EVIDENCE_LENGTH_MAX + 1 }, { threshold: 1.5 }],
        ...[{ slashBasisPoints: 0 }, { slashBasisPoints: 10_001 }, { slashBasisPoints: Number.NaN }],
        ...[{ evidenceWindowMs: 0 }, { evidenceWindowMs: 31 * DAY }],
        ...[{ cooldownAfterSlashMs: -1 }, { cooldownAfterSlashMs: 31 * DAY }],
      ]) {
        const conditions = { ...STANDARD_CONDITIONS, [reason]: { ...STANDARD_CONDITIONS[reason], ...change } };
        const rules = { ...STANDARD_STAKE_RULES, conditions };
        expect([reason, change, foundStakes(rules, at(0))]).toEqual([
          reason,
          change,
          { ok: false, why: "unsound rules" },
        ]);
      }
    }
  });
});

test("rules that forget what they count, pay all the time or mend beyond the whole are refused", () => {
  const month = { evidenceRetentionMs: 30 * DAY };
  for (const change of [
    ...[{ minimum: 0 }, { minimum: 0.5 }, { lockMs: -1 }, { lockMs: 91 * DAY }, { slashPenaltyMs: Number.NaN }],
    ...[{ ...month, slashPenaltyWindowMs: 31 * DAY }, { rewardBasisPoints: 10_001 }, { rewardIntervalMs: HOUR - 1 }],
    ...[{ rewardReputationPpm: 1_000_001 }, { participationReputationPpm: -1 }, { slashReputationPpm: 1_000_001 }],
    ...[{ recoveryPpm: 1_000_001 }, { evidenceRetentionMs: 91 * DAY }, { evidenceRetentionMs: HOUR }],
  ]) {
    const rules = { ...STANDARD_STAKE_RULES, ...change } as StakeRules;
    expect([change, foundStakes(rules, at(0))]).toEqual([change, { ok: false, why: "unsound rules" }]);
  }
});

describe("evidence", () => {
  test("counts once, however often it is brought [M15]", () => {
    const table = staked([50_000, 50_000]);
    expect(accuse(table, 0, "byzantineFailure", 1, 0)).toMatchObject({ counted: 1, slashed: false });
    for (let i = 0; i < 3; i++)
      expect(refusal(table, () => accuse(table, 0, "byzantineFailure", 1, i))).toBe("known evidence");
    // Nor as another reason.
    expect(refusal(table, () => accuse(table, 0, "doubleVoting", 1, 3))).toBe("known evidence");
    expect(slashed(table, 0, "byzantineFailure", 2, 4)).toBe(12_500);
    expect(refusal(table, () => accuse(table, 0, "byzantineFailure", 1, 5))).toBe("known evidence");
    expect(refusal(table, () => accuse(table, 0, "byzantineFailure", 2, 5))).toBe("known evidence");
    expect(chipsOf(table, 1)).toEqual([50_000, 50_000, 0]);
  });

  test("that was spent on a slash does not count toward the next [M15]", () => {
    const table = staked([50_000]);
    for (const each of [1, 2, 3]) slashed(table, 0, "collusionDetected", each, 0);
    const cooled = HOUR - 1;
    expect(accuse(table, 0, "collusionDetected", 4, cooled)).toMatchObject({ counted: 1 });
    expect(accuse(table, 0, "collusionDetected", 5, HOUR)).toMatchObject({ counted: 2, slashed: false });
    expect(accuse(table, 0, "collusionDetected", 6, HOUR)).toMatchObject({ counted: 0, slashed: true });
  });

  test("counts for its window and not a millisecond longer [M11]", () => {
    const [within, beyond] = [staked([50_000]), staked([50_000])];
    for (const table of [within, beyond]) {
      slashed(table, 0, "collusionDetected", 1, 0);
      slashed(table, 0, "collusionDetected", 2, 1);
    }
    expect(slashed(within, 0, "collusionDetected", 3, HOUR - 1)).toBe(15_000);
    expect(slashed(beyond, 0, "collusionDetected", 3, HOUR)).toBeUndefined();
  });

  test("of several reasons is counted for each alone, and so are their cooldowns [M15]", () => {
    const table = staked([50_000]);
    expect(slashed(table, 0, "byzantineFailure", 1, 0)).toBeUndefined();
    expect(slashed(table, 0, "collusionDetected", 2, 0)).toBeUndefined();
    expect(slashed(table, 0, "doubleVoting", 3, 0)).toBe(25_000);
    expect(slashed(table, 0, "invalidStateTransition", 4, 0)).toBe(2_500);
    expect(slashed(table, 0, "doubleVoting", 5, 0)).toBeUndefined();
    expect(slashed(table, 0, "byzantineFailure", 6, 0)).toBe(5_625);
  });

  test("is kept for thirty days, and known for so long", () => {
    const table = staked([50_000]);
    slashed(table, 0, "collusionDetected", 1, 0);
    expect(refusal(table, () => accuse(table, 0, "collusionDetected", 1, 30 * DAY - 1))).toBe("known evidence");
    expect(accuse(table, 0, "collusionDetected", 2, 30 * DAY)).toMatchObject({ counted: 1 });
    expect(stakerOf(table, 0).evidence.map((each) => each.digest)).toEqual([digest(2)]);
  });

  test("in bytes of its own is kept, and no more than there is room for: who earned that takes no part meanwhile", () => {
    const table = staked([50_000]);
    const message = Buffer.alloc(32, 9);
    const evidence = { account: account(0), reason: "messageSpamming", digest: message } as const;
    recordEvidence(table.stakes, table.ledger, evidence, at(0));
    message.fill(0);
    expect(stakerOf(table, 0).evidence[0].digest).toEqual(new Uint8Array(32).fill(9));
    for (let i = 1; i < EVIDENCE_LENGTH_MAX; i++) {
      expect(participates(table.stakes, table.ledger, account(0))).toBe(true);
      // So far apart that none of them count together.
      expect(slashed(table, 0, "messageSpamming", i, i * 5 * MINUTE)).toBeUndefined();
    }
    expect(participates(table.stakes, table.ledger, account(0))).toBe(false);
    expect(refusal(table, () => accuse(table, 0, "doubleVoting", 999, 10 * HOUR))).toBe("evidence full");
    expect(payRewards(table.stakes, table.ledger, at(10 * HOUR))).toMatchObject({ paid: 0 });
    expect(slashed(table, 0, "doubleVoting", 999, 30 * DAY)).toBe(25_000);
  });

  test("against who never staked, or that is no digest, is refused", () => {
    const table = staked([50_000]);
    expect(refusal(table, () => accuse(table, NOBODY, "doubleVoting", 1, 0))).toBe("not staked");
    const short = { account: account(0), reason: "doubleVoting", digest: new Uint8Array(31) } as const;
    expect(refusal(table, () => recordEvidence(table.stakes, table.ledger, short, at(0)))).toBe("wrong size");
  });
});

describe("a slash", () => {
  test("takes its part of the stake to the pool, and a fifth of the reputation [M16]", () => {
    const table = staked([10_001]);
    expect(slashed(table, 0, "doubleVoting", 1, 5)).toBe(5_000);
    expect([chipsOf(table, 0), table.ledger.pool]).toEqual([[89_999, 5_001, 0], 1_005_000]);
    expect(stakerOf(table, 0)).toMatchObject({
      reputationPpm: 800_000,
      slashes: [{ reason: "doubleVoting", at: at(5), chips: 5_000 }],
    });
    slashed(table, 0, "invalidStateTransition", 2, 6);
    expect(stakerOf(table, 0).reputationPpm).toBe(640_000);
    slashed(table, 0, "invalidStateTransition", 3, 6 + HOUR);
    expect(stakerOf(table, 0).reputationPpm).toBe(512_000);
  });

  test("that leaves less than a stake sends the rest on its way out, and nothing vanishes [M16]", () => {
    const table = staked([1_500]);
    expect(slashed(table, 0, "doubleVoting", 1, 0)).toBe(750);
    expect(chipsOf(table, 0)).toEqual([98_500, 0, 750]);
    // Seven days, and one for this slash.
    expect(stakerOf(table, 0).unbonding).toEqual([{ chips: 750, releaseAt: at(8 * DAY) }]);
    expect(participates(table.stakes, table.ledger, account(0))).toBe(false);
    expectSound(table);
  });

  test("reaches what is on its way out, the stake first and then the last asked for [M20]", () => {
    const table = staked([10_000]);
    for (const [amount, ms] of [
      [3_000, 0],
      [3_000, 1],
      [4_000, 2],
    ]) {
      unstake(table.stakes, table.ledger, { ...next(table.ledger, account(0)), chips: amount }, at(ms));
    }
    expect(chipsOf(table, 0)).toEqual([90_000, 0, 10_000]);
    expect(slashed(table, 0, "doubleVoting", 1, DAY)).toBe(5_000);
    expect(stakerOf(table, 0).unbonding.map((each) => each.chips)).toEqual([3_000, 2_000]);
    expect(table.ledger.pool).toBe(1_005_000);
    const half = staked([10_000]);
    unstake(half.stakes, half.ledger, { ...next(half.ledger, account(0)), chips: 8_000 }, at(0));
    expect(slashed(half, 0, "doubleVoting", 1, 0)).toBe(5_000);
    expect(chipsOf(half, 0)).toEqual([90_000, 0, 5_000]);
  });

  test("of more than there is takes what there is [M16]", () => {
    const table = staked([5_000]);
    unstake(table.stakes, table.ledger, { ...next(table.ledger, account(0)), chips: 2_000 }, at(0));
    expect(seize(table.ledger, stakerOf(table, 0), chips(1_000_000))).toBe(5_000);
    expect(chipsOf(table, 0)).toEqual([95_000, 0, 0]);
    expect(seize(table.ledger, stakerOf(table, 0), chips(1))).toBe(0);
    expectSound(table);
    // Free chips and bets are out of its reach.
    const whole = { ...STANDARD_CONDITIONS.doubleVoting, slashBasisPoints: 10_000 };
    const all = staked([5_000], { conditions: { ...STANDARD_CONDITIONS, doubleVoting: whole } });
    expect(slashed(all, 0, "doubleVoting", 1, 0)).toBe(5_000);
    expect(chipsOf(all, 0)).toEqual([95_000, 0, 0]);
    expect(accuse(all, 0, "doubleVoting", 2, DAY)).toEqual({ ok: true, counted: 0, slashed: true, chips: 0 });
    expect(stakerOf(all, 0).reputationPpm).toBe(640_000);
  });

  test("of any part of any stake, however large, is exact", () => {
    const table = staked([99_999]);
    expect(slashed(table, 0, "eclipseAttackParticipation", 1, 0)).toBeUndefined();
    expect(slashed(table, 0, "eclipseAttackParticipation", 2, 0)).toBeUndefined();
    expect(slashed(table, 0, "eclipseAttackParticipation", 3, 0)).toBe(24_999);
  });
});
