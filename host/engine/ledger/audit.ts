/** A count of every chip, from nothing but the places: what the sums that are kept along the way are held against. */
import { amountFault } from "./amounts.ts";
import { type Ledger, worthOf } from "./ledger.ts";
import { CHIPS_MAX } from "./limits.ts";

export type Audit =
  | { readonly ok: true }
  | {
      readonly ok: false;
      /** A place that holds no amount; more promised than the bank has; a sum that is not what was made. */
      readonly why: "no amount" | "over-promised" | "not conserved" | "miscounted";
      /** Found, less what was made; zero where the fault is another. */
      readonly difference: number;
    };

export function audit(ledger: Ledger): Audit {
  const { accounts, bank, pool, burned, reserved, minted } = ledger;
  const amounts = [bank, pool, burned, reserved, minted, ledger.bankFloor];
  for (const { free, locked, stake, unbonding } of accounts) amounts.push(free, locked, stake, unbonding);
  if (amounts.some((amount) => amountFault(amount, 0) !== undefined)) return fault("no amount", 0);
  let found: number = bank + pool + burned;
  for (const account of accounts) found += worthOf(account);
  if (found !== minted || found > CHIPS_MAX) return fault("not conserved", found - minted);
  if (reserved > bank) return fault("over-promised", 0);
  if (ledger.counted !== found) return fault("miscounted", ledger.counted - found);
  return { ok: true };
}

const fault = (why: Exclude<Audit, { readonly ok: true }>["why"], difference: number): Audit => ({
  ok: false,
  why,
  difference,
});
