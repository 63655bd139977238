/** All chips of a table: each is in one place, and the places are listed here. Plain data; `transfer.ts` alone moves chips. */
import type { Brand, Chips, Counter } from "../../../protocol/core/units.ts";
import type { LedgerRules } from "./rules.ts";

/** The place of an account in the ledger: given when it is opened, and never to another. */
export type AccountIndex = Brand<number, "AccountIndex">;
export const accountIndex = (value: number): AccountIndex => value as AccountIndex;

export interface Account {
  /** Bytes of its own: a digest of the kiosk's key and the seat. */
  readonly owner: Uint8Array;
  /** Whom the grant was given to; undefined before it was. */
  identity: Uint8Array | undefined;
  /** The one number that the next spending of this account may carry. */
  nextCounter: Counter;
  rebuys: number;
  /** To play with. */
  free: Chips;
  /** In bets that stand. */
  locked: Chips;
  /** Vouching for a kiosk's honesty … */
  stake: Chips;
  /** … and still, on the way out of that. */
  unbonding: Chips;
}

export interface Ledger {
  readonly rules: LedgerRules;
  /** Chips made at the founding: none are made later. */
  readonly minted: Chips;
  /** What the bank never promises away. */
  readonly bankFloor: Chips;
  readonly accounts: Account[];
  bank: Chips;
  /** Of the bank, what the bets that stand may cost it. */
  reserved: Chips;
  /** Rewards are paid from here, and what is slashed or left over comes here. */
  pool: Chips;
  burned: Chips;
  /** Over all places, kept with each move; a snapshot does not hold it. */
  counted: Chips;
}

export type Part = "free" | "locked" | "stake" | "unbonding";

/** What an account owns, wherever it is. */
export const worthOf = ({ free, locked, stake, unbonding }: Account): number => free + locked + stake + unbonding;
