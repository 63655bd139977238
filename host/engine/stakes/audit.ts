/** Whether stakes and ledger tell the same story. */
import type { Ledger } from "../ledger/ledger.ts";
import type { Stakes } from "./stakes.ts";

export function auditStakes({ stakers }: Stakes, { accounts }: Ledger): boolean {
  let [staked, unbonding] = [0, 0];
  for (let i = 0; i < stakers.length; i++) {
    const { account, unbonding: queue } = stakers[i];
    if (i > 0 && account <= stakers[i - 1].account) return false;
    const owner = accounts[account];
    if (owner === undefined || queue.some(({ chips }) => chips < 1)) return false;
    if (queue.reduce((sum, { chips }) => sum + chips, 0) !== owner.unbonding) return false;
    staked += owner.stake;
    unbonding += owner.unbonding;
  }
  // Nothing is staked, or on its way out, that nobody answers for.
  for (const owner of accounts) {
    staked -= owner.stake;
    unbonding -= owner.unbonding;
  }
  return staked === 0 && unbonding === 0;
}
