/** What a table may set about its money. The rules are part of the table's state and change at a barrier alone. */
import type { Chips } from "../../../protocol/core/units.ts";
import { chips } from "../../../protocol/core/units.ts";
import { amountFault } from "./amounts.ts";
import {
  BET_BASIS_POINTS_MAX,
  FEE_BASIS_POINTS_MAX,
  GRANT_CHIPS_MAX,
  RAKE_BASIS_POINTS_MAX,
  REBUYS_MAX,
  RESERVE_BASIS_POINTS_MIN,
  WHOLE_BASIS_POINTS,
} from "./limits.ts";

export interface LedgerRules {
  /** What an identity is given once, and again with each re-buy: the same for everybody. */
  readonly grant: Chips;
  /** Re-buys of one player in one session. */
  readonly rebuysMax: number;
  /** Of its founding, what the bank never promises away. */
  readonly reserveBasisPoints: number;
  /** Of what it has, the most that the bank takes in one bet. */
  readonly betBasisPoints: number;
  /** Of a bet that the bank won, what it gives to the pool. A player's price is the published edge alone. */
  readonly feeBasisPoints: number;
  /** Of a pot among players, what goes to the pool. */
  readonly rakeBasisPoints: number;
}

export const STANDARD_LEDGER_RULES: LedgerRules = Object.freeze({
  grant: chips(1_000),
  rebuysMax: 3,
  reserveBasisPoints: 1_000,
  betBasisPoints: 100,
  feeBasisPoints: 10,
  rakeBasisPoints: 100,
});

/** What a bank is founded with where nothing else is said: the reserve is then a tenth of a thousand million. */
export const STANDARD_BANK: Chips = chips(1_000_000_000);
/** What rewards are paid from at first. */
export const STANDARD_POOL: Chips = chips(1_000_000);

export function soundLedgerRules(rules: LedgerRules): boolean {
  return (
    amountFault(rules.grant, 1) === undefined &&
    rules.grant <= GRANT_CHIPS_MAX &&
    within(rules.rebuysMax, 0, REBUYS_MAX) &&
    within(rules.reserveBasisPoints, RESERVE_BASIS_POINTS_MIN, WHOLE_BASIS_POINTS) &&
    within(rules.betBasisPoints, 0, BET_BASIS_POINTS_MAX) &&
    within(rules.feeBasisPoints, 0, FEE_BASIS_POINTS_MAX) &&
    within(rules.rakeBasisPoints, 0, RAKE_BASIS_POINTS_MAX)
  );
}

const within = (value: number, min: number, max: number): boolean =>
  Number.isInteger(value) && value >= min && value <= max && !Object.is(value, -0);
