/** Whose chips they are, and the counter by which nobody spends twice. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { COUNTER_MAX } from "../../../protocol/core/limits.ts";
import { chips, counter } from "../../../protocol/core/units.ts";
import { type Account, type AccountIndex, accountIndex, type Ledger } from "./ledger.ts";
import { ACCOUNTS_MAX, OWNER_SIZE } from "./limits.ts";
import { type Refused, refused } from "./refusal.ts";

/** An account without a chip. Who may have one is the table's to say. */
export function openAccount(
  ledger: Ledger,
  owner: Uint8Array,
): { readonly ok: true; readonly account: AccountIndex } | Refused {
  if (owner.length !== OWNER_SIZE) return refused("wrong size");
  if (findAccount(ledger, owner) !== undefined) return refused("account exists");
  if (ledger.accounts.length >= ACCOUNTS_MAX) return refused("full");
  ledger.accounts.push({
    owner: new Uint8Array(owner),
    identity: undefined,
    nextCounter: counter(0),
    rebuys: 0,
    free: chips(0),
    locked: chips(0),
    stake: chips(0),
    unbonding: chips(0),
  });
  return { ok: true, account: accountIndex(ledger.accounts.length - 1) };
}

export function findAccount({ accounts }: Ledger, owner: Uint8Array): AccountIndex | undefined {
  for (let i = 0; i < accounts.length; i++) {
    if (bytesEqual(accounts[i].owner, owner)) return accountIndex(i);
  }
  return undefined;
}

/** Who spends, and which of its spendings this is. */
export interface Spending {
  readonly account: AccountIndex;
  readonly counter: number;
}

/** An account has one next counter, and what is done under it takes it: of two operations that carry the same, whatever
 * they say and wherever they were signed, one is done. What is refused takes nothing. */
export function spendingFault(ledger: Ledger, { account, counter }: Spending): Refused | undefined {
  const spender = ledger.accounts[account];
  if (spender === undefined) return refused("unknown account");
  if (!Number.isInteger(counter)) return refused("not whole");
  if (counter < spender.nextCounter) return refused("stale counter");
  if (counter > spender.nextCounter) return refused("counter ahead");
  if (counter >= COUNTER_MAX) return refused("counters used up");
  return undefined;
}

export function takeCounter(spender: Account): void {
  spender.nextCounter = counter(spender.nextCounter + 1);
}
