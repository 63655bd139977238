/** The only way that chips move: from one place to another, as many as arrive. */
import { assert, unreachable } from "../../../protocol/core/assert.ts";
import { type Chips, chips } from "../../../protocol/core/units.ts";
import { amountFault } from "./amounts.ts";
import type { AccountIndex, Ledger, Part } from "./ledger.ts";
import { CHIPS_MAX } from "./limits.ts";
import { DONE, type Done, type Refused, refused } from "./refusal.ts";

export type Place =
  | { readonly type: "account"; readonly account: AccountIndex; readonly part: Part }
  | { readonly type: "bank" }
  | { readonly type: "pool" }
  | { readonly type: "burned" };

export const BANK: Place = Object.freeze({ type: "bank" });
export const POOL: Place = Object.freeze({ type: "pool" });
export const BURNED: Place = Object.freeze({ type: "burned" });
export const placeOf = (account: AccountIndex, part: Part): Place => ({ type: "account", account, part });

export function transfer(ledger: Ledger, from: Place, to: Place, amount: number): Done | Refused {
  const fault = amountFault(amount, 1);
  if (fault !== undefined) return refused(fault);
  if (!isKnown(ledger, from) || !isKnown(ledger, to)) return refused("unknown account");
  if (isSame(from, to)) return refused("same place");
  if (from.type === "burned") return refused("burned");
  if (amount > availableIn(ledger, from)) return refused("not enough");
  move(ledger, from, to, chips(amount));
  return DONE;
}

/** For whoever has looked at all the reasons against it. */
export function move(ledger: Ledger, from: Place, to: Place, amount: Chips): void {
  if (amount === 0) return;
  assert(Number.isSafeInteger(amount) && amount > 0, "what moves is an amount");
  put(ledger, from, balanceOf(ledger, from) - amount);
  put(ledger, to, balanceOf(ledger, to) + amount);
  assert(ledger.counted === ledger.minted, "chips are conserved");
  assert(ledger.reserved <= ledger.bank, "the bank can pay what it promised");
}

export function balanceOf(ledger: Ledger, place: Place): Chips {
  switch (place.type) {
    case "account":
      return ledger.accounts[place.account][place.part];
    case "bank":
    case "pool":
    case "burned":
      return ledger[place.type];
    default:
      return unreachable(place);
  }
}

/** Of the bank, what it has not promised. */
function availableIn(ledger: Ledger, place: Place): number {
  return balanceOf(ledger, place) - (place.type === "bank" ? ledger.reserved : 0);
}

function put(ledger: Ledger, place: Place, balance: number): void {
  assert(balance >= 0 && balance <= CHIPS_MAX, "a balance is neither negative nor more than there is");
  ledger.counted = chips(ledger.counted + (balance - balanceOf(ledger, place)));
  if (place.type === "account") ledger.accounts[place.account][place.part] = chips(balance);
  else ledger[place.type] = chips(balance);
}

const isKnown = (ledger: Ledger, place: Place): boolean =>
  place.type !== "account" || ledger.accounts[place.account] !== undefined;

function isSame(left: Place, right: Place): boolean {
  if (left.type !== "account" || right.type !== "account") return left.type === right.type;
  return left.account === right.account && left.part === right.part;
}
