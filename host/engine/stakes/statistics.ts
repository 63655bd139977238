/** What people are shown of stakes. Where there is nothing to average, the average is nothing. */
import { type Chips, chips } from "../../../protocol/core/units.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isActive, type Stakes, stakeOf } from "./stakes.ts";

export interface StakeStatistics {
  readonly totalStaked: Chips;
  readonly totalUnbonding: Chips;
  /** Stakers with at least the least stake. */
  readonly activeStakesCount: number;
  readonly rewardPool: Chips;
  /** Over the active, rounded down. */
  readonly reputationMeanPpm: number;
}

export function stakeStatistics(stakes: Stakes, ledger: Ledger): StakeStatistics {
  const active = stakes.stakers.filter((staker) => isActive(stakes, ledger, staker));
  const reputation = active.reduce((sum, staker) => sum + staker.reputationPpm, 0);
  return {
    totalStaked: chips(stakes.stakers.reduce((sum, staker) => sum + stakeOf(ledger, staker), 0)),
    totalUnbonding: chips(stakes.stakers.reduce((sum, { account }) => sum + ledger.accounts[account].unbonding, 0)),
    activeStakesCount: active.length,
    rewardPool: ledger.pool,
    reputationMeanPpm: active.length === 0 ? 0 : Math.floor(reputation / active.length),
  };
}
