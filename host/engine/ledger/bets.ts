/** Bets against the bank. What a bet may cost is reserved when it is taken; what it did cost moves when it is settled, and a
 * bet that lost is worth its own chips to the bank and nothing more. Which bets stand is the game's knowledge: it says with
 * each operation what all of them together may still cost the bank, net of what it then wins. */
import { assert } from "../../../protocol/core/assert.ts";
import { type Chips, chips } from "../../../protocol/core/units.ts";
import { type Spending, spendingFault, takeCounter } from "./accounts.ts";
import { amountFault, partDown } from "./amounts.ts";
import { betMax, exposureFault } from "./bank.ts";
import type { AccountIndex, Ledger } from "./ledger.ts";
import { CHIPS_MAX, SETTLEMENT_LENGTH_MAX, WHOLE_BASIS_POINTS } from "./limits.ts";
import { DONE, type Done, type Refused, refused } from "./refusal.ts";
import { BANK, move, POOL, placeOf } from "./transfer.ts";

export interface Wager extends Spending {
  readonly chips: number;
  /** Of all bets that stand once this is done. */
  readonly exposure: number;
}

export function wager(ledger: Ledger, bet: Wager): Done | Refused {
  const refusal = betFault(ledger, bet, "free");
  if (refusal !== undefined) return refusal;
  if (bet.chips > betMax(ledger)) return refused("bet too high");
  return perform(ledger, bet, "free", "locked");
}

/** A bet is taken down, whole or in part. */
export function takeBack(ledger: Ledger, bet: Wager): Done | Refused {
  return betFault(ledger, bet, "locked") ?? perform(ledger, bet, "locked", "free");
}

function betFault(ledger: Ledger, bet: Wager, from: "free" | "locked"): Refused | undefined {
  const refusal = spendingFault(ledger, bet);
  if (refusal !== undefined) return refusal;
  const fault = amountFault(bet.chips, 1);
  if (fault !== undefined) return refused(fault);
  if (bet.chips > ledger.accounts[bet.account][from]) return refused("not enough");
  return exposureFault(ledger, bet.exposure);
}

function perform(ledger: Ledger, bet: Wager, from: "free" | "locked", to: "free" | "locked"): Done {
  takeCounter(ledger.accounts[bet.account]);
  move(ledger, placeOf(bet.account, from), placeOf(bet.account, to), chips(bet.chips));
  ledger.reserved = chips(bet.exposure);
  assert(ledger.reserved <= ledger.bank, "the bank can pay what it promised");
  return DONE;
}

/** What became of a bet, or of several of one account. A bet that is void is returned as it was. */
export interface BetResult {
  readonly account: AccountIndex;
  /** Chips that no longer stand. */
  readonly wagered: number;
  /** Chips that the player has of it now: nothing, the same, or the same and the win. */
  readonly returned: number;
}

export interface Settled extends Done {
  /** From the bank to the pool. */
  readonly fee: Chips;
  /** What the bets that stand may cost beyond what the bank has: such bets come down before anything else happens. */
  readonly uncovered: Chips;
}

/** One roll: all its results at once, and what the bets that still stand may cost. */
export function settle(ledger: Ledger, results: readonly BetResult[], exposure: number): Settled | Refused {
  const sums = sumUp(ledger, results);
  if (!sums.ok) return sums;
  const fault = amountFault(exposure, 0);
  if (fault !== undefined) return refused(fault);
  if (sums.won - sums.lost > ledger.reserved) return refused("not reserved");

  // Promises are renewed below; meanwhile the bank may pay with what it had promised. What it wins it has first.
  ledger.reserved = chips(0);
  for (const { account, wagered, returned } of results) {
    move(ledger, placeOf(account, "locked"), BANK, chips(Math.max(0, wagered - returned)));
  }
  for (const { account, wagered, returned } of results) {
    move(ledger, placeOf(account, "locked"), placeOf(account, "free"), chips(Math.min(wagered, returned)));
    move(ledger, BANK, placeOf(account, "free"), chips(Math.max(0, returned - wagered)));
  }
  ledger.reserved = chips(Math.min(exposure, ledger.bank));
  const fee = payFee(ledger, sums.fee);
  return { ok: true, fee, uncovered: chips(exposure - ledger.reserved) };
}

/** A bank that is down to its reserve or its promises owes no fee. */
function payFee(ledger: Ledger, fee: Chips): Chips {
  if (ledger.bank - fee < Math.max(ledger.bankFloor, ledger.reserved)) return chips(0);
  move(ledger, BANK, POOL, fee);
  return fee;
}

interface Sums extends Done {
  readonly won: number;
  readonly lost: number;
  readonly fee: Chips;
}

function sumUp(ledger: Ledger, results: readonly BetResult[]): Sums | Refused {
  if (results.length > SETTLEMENT_LENGTH_MAX) return refused("full");
  // By account, what stands after the results so far: an account may have several.
  const standing: number[] = [];
  let [won, lost, fee] = [0, 0, 0];
  for (const { account, wagered, returned } of results) {
    const player = ledger.accounts[account];
    if (player === undefined) return refused("unknown account");
    const fault = amountFault(wagered, 0) ?? amountFault(returned, 0);
    if (fault !== undefined) return refused(fault);
    const left = (standing[account] ?? player.locked) - wagered;
    if (left < 0) return refused("not enough");
    standing[account] = left;
    const loss = chips(Math.max(0, wagered - returned));
    won += Math.max(0, returned - wagered);
    lost += loss;
    fee += partDown(loss, ledger.rules.feeBasisPoints, WHOLE_BASIS_POINTS);
    if (won > CHIPS_MAX) return refused("not reserved");
  }
  return { ok: true, won, lost, fee: chips(fee) };
}
