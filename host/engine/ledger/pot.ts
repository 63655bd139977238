/** A pot that players play for among themselves: the bank has no part in it. */
import { type Chips, chips } from "../../../protocol/core/units.ts";
import { amountFault, partDown, partDownOf } from "./amounts.ts";
import type { AccountIndex, Ledger } from "./ledger.ts";
import { SETTLEMENT_LENGTH_MAX, WHOLE_BASIS_POINTS } from "./limits.ts";
import { type Done, type Refused, refused } from "./refusal.ts";
import { move, POOL, placeOf } from "./transfer.ts";

export interface PotStake {
  readonly account: AccountIndex;
  /** Of its locked chips. */
  readonly chips: number;
}

export interface PotShare {
  readonly account: AccountIndex;
  readonly weight: number;
}

export interface PotPaid extends Done {
  /** To the pool: the rake, and what the shares left over. */
  readonly rake: Chips;
  readonly rest: Chips;
}

/** Each winner has ⌊pot · weight / weights⌋ of what the rake leaves. The rest goes to the pool: handed out in any order it
 * would be worth to stand first in. */
export function settlePot(ledger: Ledger, stakes: readonly PotStake[], shares: readonly PotShare[]): PotPaid | Refused {
  const pot = potOf(ledger, stakes);
  if (!pot.ok) return pot;
  const weights = weightOf(ledger, shares);
  if (typeof weights !== "bigint") return weights;
  for (const { account, chips: amount } of stakes) move(ledger, placeOf(account, "locked"), POOL, chips(amount));
  const rake = partDown(pot.chips, ledger.rules.rakeBasisPoints, WHOLE_BASIS_POINTS);
  const prize = chips(pot.chips - rake);
  let rest: number = prize;
  for (const { account, weight } of shares) {
    const share = partDownOf(prize, BigInt(weight), weights);
    move(ledger, POOL, placeOf(account, "free"), share);
    rest -= share;
  }
  return { ok: true, rake, rest: chips(rest) };
}

function potOf(ledger: Ledger, stakes: readonly PotStake[]): { readonly ok: true; readonly chips: Chips } | Refused {
  if (stakes.length > SETTLEMENT_LENGTH_MAX) return refused("full");
  const standing: number[] = [];
  let pot = 0;
  for (const { account, chips: amount } of stakes) {
    const player = ledger.accounts[account];
    if (player === undefined) return refused("unknown account");
    const fault = amountFault(amount, 1);
    if (fault !== undefined) return refused(fault);
    const left = (standing[account] ?? player.locked) - amount;
    if (left < 0) return refused("not enough");
    standing[account] = left;
    pot += amount;
  }
  return { ok: true, chips: chips(pot) };
}

function weightOf(ledger: Ledger, shares: readonly PotShare[]): bigint | Refused {
  if (shares.length > SETTLEMENT_LENGTH_MAX) return refused("full");
  let weights = 0n;
  for (const { account, weight } of shares) {
    if (ledger.accounts[account] === undefined) return refused("unknown account");
    const fault = amountFault(weight, 0);
    if (fault !== undefined) return refused(fault);
    weights += BigInt(weight);
  }
  return weights === 0n ? refused("no winner") : weights;
}
