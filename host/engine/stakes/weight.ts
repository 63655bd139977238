/** Who takes part, and how much a stake weighs where kiosks are asked for advice. Agreement counts kiosks: no weight ever
 * touches a quorum. */
import { type Chips, chips } from "../../../protocol/core/units.ts";
import { partDown } from "../ledger/amounts.ts";
import type { AccountIndex, Ledger } from "../ledger/ledger.ts";
import { EVIDENCE_LENGTH_MAX, REPUTATION_MAX_PPM } from "./limits.ts";
import { findStaker, isActive, type Stakes, stakeOf } from "./stakes.ts";

export function participates(stakes: Stakes, ledger: Ledger, account: AccountIndex): boolean {
  const staker = findStaker(stakes, account);
  return (
    staker !== undefined &&
    isActive(stakes, ledger, staker) &&
    staker.reputationPpm > stakes.rules.participationReputationPpm &&
    staker.evidence.length < EVIDENCE_LENGTH_MAX
  );
}

/** ⌊stake · reputation⌋, in chips. It grows with the stake in a straight line and rounds down, so that a stake in several
 * hands weighs no more than in one; by its square root it would weigh √k times as much in k hands. */
export function votingWeight(stakes: Stakes, ledger: Ledger, account: AccountIndex): Chips {
  const staker = findStaker(stakes, account);
  if (staker === undefined || !participates(stakes, ledger, account)) return chips(0);
  return partDown(stakeOf(ledger, staker), staker.reputationPpm, REPUTATION_MAX_PPM);
}
