/** While it is argued whether a kiosk has cheated, nothing of its stake leaves. Whoever opens an accusation sees to it that it
 * is decided: by its deadline at the latest. */
import type { AccountIndex } from "../ledger/ledger.ts";
import { DONE, type Done, type Refused, refused } from "../ledger/refusal.ts";
import { ACCUSATIONS_MAX } from "./limits.ts";
import type { StakeRefusal } from "./refusal.ts";
import { findStaker, type Stakes } from "./stakes.ts";

export function openAccusation(stakes: Stakes, account: AccountIndex): Done | Refused<StakeRefusal> {
  const staker = findStaker(stakes, account);
  if (staker === undefined) return refused("not staked");
  if (staker.accusations >= ACCUSATIONS_MAX) return refused("full");
  staker.accusations += 1;
  return DONE;
}

export function closeAccusation(stakes: Stakes, account: AccountIndex): Done | Refused<StakeRefusal> {
  const staker = findStaker(stakes, account);
  if (staker === undefined) return refused("not staked");
  if (staker.accusations === 0) return refused("not accused");
  staker.accusations -= 1;
  return DONE;
}
