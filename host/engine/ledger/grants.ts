/** How players come by chips: once by a grant, and when they have lost them, a few times more. Nothing has a price, nothing
 * is bought, and nothing leaves the table. */
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { type Chips, chips } from "../../../protocol/core/units.ts";
import { type Spending, spendingFault, takeCounter } from "./accounts.ts";
import { partDown } from "./amounts.ts";
import { spareInBank } from "./bank.ts";
import { type AccountIndex, accountIndex, type Ledger, worthOf } from "./ledger.ts";
import { OWNER_SIZE, REBUY_BELOW_BASIS_POINTS, WHOLE_BASIS_POINTS } from "./limits.ts";
import { DONE, type Done, type Refused, refused } from "./refusal.ts";
import { BANK, move, placeOf } from "./transfer.ts";

/** `identity` is what admission has proved of the player, and costs something to have: keys and accounts are free, and earn
 * nothing. */
export function grant(ledger: Ledger, account: AccountIndex, identity: Uint8Array): Done | Refused {
  const player = ledger.accounts[account];
  if (player === undefined) return refused("unknown account");
  if (identity.length !== OWNER_SIZE) return refused("wrong size");
  if (player.identity !== undefined) return refused("already granted");
  for (const other of ledger.accounts) {
    if (other.identity !== undefined && bytesEqual(other.identity, identity)) return refused("identity used");
  }
  if (spareInBank(ledger) < ledger.rules.grant) return refused("bank short");
  player.identity = new Uint8Array(identity);
  move(ledger, BANK, placeOf(account, "free"), ledger.rules.grant);
  return DONE;
}

/** As much as a grant, for whoever has next to nothing left: chips that were staked are not lost. */
export function rebuy(ledger: Ledger, spending: Spending): Done | Refused {
  const refusal = spendingFault(ledger, spending);
  if (refusal !== undefined) return refusal;
  const player = ledger.accounts[spending.account];
  if (player.identity === undefined) return refused("not granted");
  if (player.rebuys >= ledger.rules.rebuysMax) return refused("re-buys used up");
  if (worthOf(player) >= rebuyBelow(ledger)) return refused("has chips");
  if (spareInBank(ledger) < ledger.rules.grant) return refused("bank short");
  takeCounter(player);
  player.rebuys += 1;
  move(ledger, BANK, placeOf(spending.account, "free"), ledger.rules.grant);
  return DONE;
}

/** At least one chip, so that who has none is below it. */
export const rebuyBelow = ({ rules }: Ledger): Chips =>
  chips(Math.max(1, partDown(rules.grant, REBUY_BELOW_BASIS_POINTS, WHOLE_BASIS_POINTS)));

/** A new session: everybody who was ever granted has a grant to play with again, no more and no less. Stakes stay. */
export function beginSession(ledger: Ledger): Done | Refused {
  const { accounts, rules } = ledger;
  if (ledger.reserved > 0 || accounts.some(({ locked }) => locked > 0)) return refused("bets stand");
  const players = accounts.filter(({ identity }) => identity !== undefined);
  const back = players.reduce((sum, { free }) => sum + free, 0);
  if (ledger.bank + back - players.length * rules.grant < ledger.bankFloor) return refused("bank short");
  for (let i = 0; i < accounts.length; i++) {
    if (accounts[i].identity !== undefined) move(ledger, placeOf(accountIndex(i), "free"), BANK, accounts[i].free);
  }
  for (let i = 0; i < accounts.length; i++) {
    if (accounts[i].identity === undefined) continue;
    accounts[i].rebuys = 0;
    move(ledger, BANK, placeOf(accountIndex(i), "free"), rules.grant);
  }
  return DONE;
}
