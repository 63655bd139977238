/** Rewards, by agreed time: nobody triggers them and nobody is early. What is paid is free at once and earns nothing until it
 * is staked again. */
import { type AgreedMillis, agreedMillis, type Chips, chips } from "../../../protocol/core/units.ts";
import { partDown, partDownOf } from "../ledger/amounts.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { WHOLE_BASIS_POINTS } from "../ledger/limits.ts";
import { type Done, type Refused, refused } from "../ledger/refusal.ts";
import { move, POOL, placeOf } from "../ledger/transfer.ts";
import { EVIDENCE_LENGTH_MAX, REPUTATION_MAX_PPM } from "./limits.ts";
import type { StakeRefusal } from "./refusal.ts";
import type { StakeRules } from "./rules.ts";
import { assertTime, isActive, remembered, type Staker, type Stakes, stakeOf } from "./stakes.ts";

export interface Rewarded extends Done {
  readonly paid: Chips;
  /** Of what could have been paid, what stayed in the pool. */
  readonly kept: Chips;
}

/** However long the table slept, this is one interval: rewards are for being there. */
export function payRewards(stakes: Stakes, ledger: Ledger, time: AgreedMillis): Rewarded | Refused<StakeRefusal> {
  assertTime(time);
  if (time < stakes.nextRewardAt) return refused("too early");
  const { rules, stakers } = stakes;
  for (const staker of stakers) {
    staker.evidence = remembered(staker.evidence, rules, time);
    staker.slashes = remembered(staker.slashes, rules, time);
  }
  const eligible = stakers.filter((staker) => mayEarn(stakes, ledger, staker));
  const budget = partDown(ledger.pool, rules.rewardBasisPoints, WHOLE_BASIS_POINTS);
  const weights = eligible.map((staker) => weightOf(ledger, staker));
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  let paid = 0;
  for (let i = 0; i < eligible.length; i++) {
    const share = partDownOf(budget, weights[i], whole);
    move(ledger, POOL, placeOf(eligible[i].account, "free"), share);
    paid += share;
  }
  for (const staker of stakers) {
    if (isActive(stakes, ledger, staker) && !slashedLately(rules, staker, time)) {
      staker.reputationPpm = recovered(staker.reputationPpm, rules.recoveryPpm);
    }
  }
  stakes.nextRewardAt = agreedMillis(time + rules.rewardIntervalMs);
  return { ok: true, paid: chips(paid), kept: chips(budget - paid) };
}

function mayEarn(stakes: Stakes, ledger: Ledger, staker: Staker): boolean {
  return (
    isActive(stakes, ledger, staker) &&
    staker.reputationPpm > stakes.rules.rewardReputationPpm &&
    staker.evidence.length < EVIDENCE_LENGTH_MAX
  );
}

const weightOf = (ledger: Ledger, staker: Staker): bigint =>
  BigInt(stakeOf(ledger, staker)) * BigInt(staker.reputationPpm);

/** Of a reputation, what an interval without a slash makes of it: so much nearer to the whole, and there in the end. It asks
 * for no reward, so that one whose reputation earns nothing can still mend it. */
export function recovered(reputationPpm: number, recoveryPpm: number): number {
  const lacking = REPUTATION_MAX_PPM - reputationPpm;
  return REPUTATION_MAX_PPM - partDown(lacking, REPUTATION_MAX_PPM - recoveryPpm, REPUTATION_MAX_PPM);
}

const slashedLately = ({ rewardIntervalMs }: StakeRules, { slashes }: Staker, time: AgreedMillis): boolean =>
  slashes.some(({ at }) => at > time - rewardIntervalMs);
