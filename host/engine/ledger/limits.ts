/** The bounds of money, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";

/** Chips that exist in all. Every sum of chips is then a safe integer, whichever accounts it is over. */
export const CHIPS_MAX = Number.MAX_SAFE_INTEGER;
/** What a person reads as one token. */
export const TOKEN_CHIPS_COUNT = 1_000_000;
/** A whole in hundredths of a percent. */
export const WHOLE_BASIS_POINTS = 10_000;

/** Owners are kept for good, because a forgotten one would be granted again: so many guests in the life of a table take
 * a fifth of what one transfer brings. */
export const ACCOUNTS_MAX = 1024;
/** A digest of a kiosk's key and a seat. */
export const OWNER_SIZE = 32;

/** Free chips once per identity; a whole table's must not empty a bank. */
export const GRANT_CHIPS_MAX = 1_000_000_000;
/** Re-buys of one player in one session. */
export const REBUYS_MAX = 10;
/** Whoever has less than such a part of a grant may re-buy: too little to play on with. */
export const REBUY_BELOW_BASIS_POINTS = 1_000;

/** The part of its founding that a bank never promises away … */
export const RESERVE_BASIS_POINTS_MIN = 1_000;
/** … the most that it takes in one bet, of what it has … */
export const BET_BASIS_POINTS_MAX = 100;
/** … what it gives to the pool of a bet that it won … */
export const FEE_BASIS_POINTS_MAX = 10;
/** … and what the pool takes of a pot that players play for among themselves. */
export const RAKE_BASIS_POINTS_MAX = 200;

/** Lines of one settlement: every bet of a full table of craps, twice over. */
export const SETTLEMENT_LENGTH_MAX = 4096;

assert(ACCOUNTS_MAX * GRANT_CHIPS_MAX <= CHIPS_MAX, "all grants together are chips");
assert(
  RESERVE_BASIS_POINTS_MIN + BET_BASIS_POINTS_MAX <= WHOLE_BASIS_POINTS,
  "a bank that keeps its reserve takes bets",
);
