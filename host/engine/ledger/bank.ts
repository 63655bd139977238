/** What the bank can promise, give and take, so that it can always pay. */
import { type Chips, chips } from "../../../protocol/core/units.ts";
import { amountFault, partDown } from "./amounts.ts";
import type { Ledger } from "./ledger.ts";
import { WHOLE_BASIS_POINTS } from "./limits.ts";
import { type Refused, refused } from "./refusal.ts";

/** The most that one bet may be. */
export const betMax = ({ bank, rules }: Ledger): Chips => partDown(bank, rules.betBasisPoints, WHOLE_BASIS_POINTS);

/** The most that bets may cost the bank in all. */
export const exposureMax = ({ bank, bankFloor }: Ledger): Chips => chips(Math.max(0, bank - bankFloor));

/** What the bank has beyond its reserve and its promises. */
export const spareInBank = (ledger: Ledger): Chips => chips(Math.max(0, exposureMax(ledger) - ledger.reserved));

/** An exposure that falls is always taken, also by a bank that has lost so much that it would not promise it anew. */
export function exposureFault(ledger: Ledger, exposure: number): Refused | undefined {
  const fault = amountFault(exposure, 0);
  if (fault !== undefined) return refused(fault);
  return exposure > ledger.reserved && exposure > exposureMax(ledger) ? refused("bank short") : undefined;
}
