/** Staking, and the way out of it: through a queue in which chips can still be slashed. */
import { assert } from "../../../protocol/core/assert.ts";
import { type AgreedMillis, agreedMillis, type Chips, chips } from "../../../protocol/core/units.ts";
import { type Spending, spendingFault, takeCounter } from "../ledger/accounts.ts";
import { amountFault } from "../ledger/amounts.ts";
import type { AccountIndex, Ledger } from "../ledger/ledger.ts";
import { DONE, type Done, type Refused, refused } from "../ledger/refusal.ts";
import { move, placeOf } from "../ledger/transfer.ts";
import { REPUTATION_MAX_PPM, STAKERS_MAX, UNBONDING_LENGTH_MAX } from "./limits.ts";
import type { StakeRefusal } from "./refusal.ts";
import { assertTime, findStaker, type Staker, type Stakes, slashableOf } from "./stakes.ts";

export interface Staking extends Spending {
  readonly chips: number;
}

/** The first stake, or more of it. More keeps the record and the longer of both locks. */
export function addStake(
  stakes: Stakes,
  ledger: Ledger,
  staking: Staking,
  time: AgreedMillis,
): Done | Refused<StakeRefusal> {
  assertTime(time);
  const refusal = spendingFault(ledger, staking);
  if (refusal !== undefined) return refusal;
  const fault = amountFault(staking.chips, 1);
  if (fault !== undefined) return refused(fault);
  const owner = ledger.accounts[staking.account];
  if (staking.chips > owner.free) return refused("not enough");
  if (owner.stake + staking.chips < stakes.rules.minimum) return refused("below minimum");
  const staker = findStaker(stakes, staking.account) ?? enlist(stakes, ledger, staking.account);
  if (staker === undefined) return refused("full");

  takeCounter(owner);
  move(ledger, placeOf(staking.account, "free"), placeOf(staking.account, "stake"), chips(staking.chips));
  staker.lockedUntil = later(staker.lockedUntil, agreedMillis(time + stakes.rules.lockMs));
  return DONE;
}

export interface Unstaked extends Done {
  readonly releaseAt: AgreedMillis;
}

/** Asks for a part back, or for all. What stays is a stake or nothing. */
export function unstake(
  stakes: Stakes,
  ledger: Ledger,
  staking: Staking,
  time: AgreedMillis,
): Unstaked | Refused<StakeRefusal> {
  assertTime(time);
  const refusal = spendingFault(ledger, staking);
  if (refusal !== undefined) return refusal;
  const fault = amountFault(staking.chips, 1);
  if (fault !== undefined) return refused(fault);
  const staker = findStaker(stakes, staking.account);
  if (staker === undefined) return refused("not staked");
  const owner = ledger.accounts[staking.account];
  if (staking.chips > owner.stake) return refused("not enough");
  const left = owner.stake - staking.chips;
  if (left > 0 && left < stakes.rules.minimum) return refused("below minimum");
  if (staker.unbonding.length >= UNBONDING_LENGTH_MAX) return refused("full");

  takeCounter(owner);
  return { ok: true, releaseAt: unbond(stakes, ledger, staker, chips(staking.chips), time) };
}

/** Who is no member any more vouches for nothing: all of the stake goes on its way out, where a slash still reaches it. */
export function retire(stakes: Stakes, ledger: Ledger, account: AccountIndex, time: AgreedMillis): void {
  assertTime(time);
  const staker = findStaker(stakes, account);
  const { stake } = ledger.accounts[account];
  if (staker !== undefined && stake > 0) unbond(stakes, ledger, staker, stake, time);
}

export interface Withdrawn extends Done {
  readonly chips: Chips;
}

/** Brings out all that is due. */
export function withdraw(
  stakes: Stakes,
  ledger: Ledger,
  spending: Spending,
  time: AgreedMillis,
): Withdrawn | Refused<StakeRefusal> {
  assertTime(time);
  const refusal = spendingFault(ledger, spending);
  if (refusal !== undefined) return refusal;
  const staker = findStaker(stakes, spending.account);
  if (staker === undefined) return refused("not staked");
  if (staker.unbonding.length === 0) return refused("nothing unbonding");
  if (staker.accusations > 0) return refused("accused");
  const due = staker.unbonding.filter(({ releaseAt }) => releaseAt <= time);
  if (due.length === 0) return refused("still locked");

  takeCounter(ledger.accounts[spending.account]);
  staker.unbonding = staker.unbonding.filter(({ releaseAt }) => releaseAt > time);
  const released = chips(due.reduce((sum, each) => sum + each.chips, 0));
  move(ledger, placeOf(spending.account, "unbonding"), placeOf(spending.account, "free"), released);
  return { ok: true, chips: released };
}

/** Puts a part of the stake on its way out, and tells when it is through. */
export function unbond(
  { rules }: Stakes,
  ledger: Ledger,
  staker: Staker,
  amount: Chips,
  time: AgreedMillis,
): AgreedMillis {
  const recent = staker.slashes.filter(({ at }) => at > time - rules.slashPenaltyWindowMs).length;
  const asked = agreedMillis(time + rules.lockMs + recent * rules.slashPenaltyMs);
  let releaseAt = later(staker.lockedUntil, asked);
  move(ledger, placeOf(staker.account, "stake"), placeOf(staker.account, "unbonding"), amount);
  let queued: number = amount;
  if (staker.unbonding.length >= UNBONDING_LENGTH_MAX) {
    // What a slash leaves over must go somewhere: it joins the last, and both leave at the later moment.
    const last = staker.unbonding.pop();
    assert(last !== undefined, "a full queue has a last part");
    queued += last.chips;
    releaseAt = later(releaseAt, last.releaseAt);
  }
  staker.unbonding.push({ chips: chips(queued), releaseAt });
  return releaseAt;
}

function enlist({ stakers }: Stakes, ledger: Ledger, account: AccountIndex): Staker | undefined {
  if (stakers.length >= STAKERS_MAX) {
    // Whoever left as it came is as good as new.
    const blank = stakers.findIndex((staker) => isBlank(staker, ledger));
    if (blank < 0) return undefined;
    stakers.splice(blank, 1);
  }
  const staker: Staker = {
    account,
    lockedUntil: 0 as AgreedMillis,
    reputationPpm: REPUTATION_MAX_PPM,
    accusations: 0,
    unbonding: [],
    evidence: [],
    slashes: [],
  };
  let at = stakers.length;
  while (at > 0 && stakers[at - 1].account > account) at -= 1;
  stakers.splice(at, 0, staker);
  return staker;
}

const isBlank = (staker: Staker, ledger: Ledger): boolean =>
  slashableOf(ledger, staker) === 0 &&
  staker.reputationPpm === REPUTATION_MAX_PPM &&
  staker.accusations + staker.evidence.length + staker.slashes.length === 0;

const later = (left: AgreedMillis, right: AgreedMillis): AgreedMillis => (left > right ? left : right);
