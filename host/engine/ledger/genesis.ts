/** Where chips come from: all of them are made when the table is founded. */
import { type Chips, chips } from "../../../protocol/core/units.ts";
import { openAccount } from "./accounts.ts";
import { amountFault, partDown } from "./amounts.ts";
import type { Account, Ledger } from "./ledger.ts";
import { CHIPS_MAX, WHOLE_BASIS_POINTS } from "./limits.ts";
import { type Refused, refused } from "./refusal.ts";
import { type LedgerRules, soundLedgerRules } from "./rules.ts";

export interface Founding {
  readonly bank: number;
  readonly pool: number;
  /** What kiosks start with, to stake: accounts in this order. */
  readonly allotments: readonly Allotment[];
}

export interface Allotment {
  readonly owner: Uint8Array;
  readonly chips: number;
}

export function foundLedger(
  rules: LedgerRules,
  { bank, pool, allotments }: Founding,
): { readonly ok: true; readonly ledger: Ledger } | Refused {
  if (!soundLedgerRules(rules)) return refused("unsound rules");
  let minted = 0;
  for (const amount of [bank, pool, ...allotments.map((each) => each.chips)]) {
    const fault = amountFault(amount, 0);
    if (fault !== undefined) return refused(fault);
    if (amount > CHIPS_MAX - minted) return refused("out of range");
    minted += amount;
  }
  const ledger: Ledger = {
    rules: { ...rules },
    minted: chips(minted),
    bankFloor: floorOf(chips(bank), rules.reserveBasisPoints),
    accounts: [],
    bank: chips(bank),
    reserved: chips(0),
    pool: chips(pool),
    burned: chips(0),
    counted: chips(minted),
  };
  for (const each of allotments) {
    const opened = openAccount(ledger, each.owner);
    if (!opened.ok) return opened;
    (ledger.accounts[opened.account] as Account).free = chips(each.chips);
  }
  return { ok: true, ledger };
}

/** The rest of the division is kept, not promised. */
function floorOf(bank: Chips, basisPoints: number): Chips {
  return chips(bank - partDown(bank, WHOLE_BASIS_POINTS - basisPoints, WHOLE_BASIS_POINTS));
}
