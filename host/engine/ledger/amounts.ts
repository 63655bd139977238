/** Which numbers are amounts of chips, and parts of amounts. Nothing here is rounded but by `partDown`, and nothing is ever
 * a fraction. */
import { assert } from "../../../protocol/core/assert.ts";
import type { Chips } from "../../../protocol/core/units.ts";
import { CHIPS_MAX, TOKEN_CHIPS_COUNT } from "./limits.ts";

/** Why a number is no amount of at least `least`; undefined where it is one. */
export function amountFault(amount: number, least: 0 | 1): "not whole" | "out of range" | undefined {
  if (!Number.isInteger(amount)) return "not whole";
  // Minus zero is zero with another face: it would make two states of one.
  if (amount < least || amount > CHIPS_MAX || Object.is(amount, -0)) return "out of range";
  return undefined;
}

/** ⌊amount · part / whole⌋. The rest stays where the amount is. */
export function partDown<Amount extends number>(amount: Amount, part: number, whole: number): Amount {
  assert(Number.isSafeInteger(part) && Number.isSafeInteger(whole), "parts are whole numbers");
  assert(part >= 0 && part <= whole && whole > 0, "a part is within its whole");
  const product = amount * part;
  if (product > CHIPS_MAX) return partDownOf(amount, BigInt(part), BigInt(whole));
  // The remainder of safe integers is exact, where the quotient alone could be rounded up.
  return ((product - (product % whole)) / whole) as Amount;
}

/** The same for parts that are products themselves. */
export function partDownOf<Amount extends number>(amount: Amount, part: bigint, whole: bigint): Amount {
  assert(part >= 0n && part <= whole && whole > 0n, "a part is within its whole");
  return Number((BigInt(amount) * part) / whole) as Amount;
}

/** "12.000345": tokens, for people. */
export function tokenText(amount: Chips): string {
  const rest = amount % TOKEN_CHIPS_COUNT;
  const decimals = String(TOKEN_CHIPS_COUNT).length - 1;
  return `${(amount - rest) / TOKEN_CHIPS_COUNT}.${String(rest).padStart(decimals, "0")}`;
}
