/** What a craps table holds: its bounds, each with its unit and reason. */

/** Different bets of one seat that stand at the same time: the whole beginner's layout twice over. */
export const BETS_PER_SEAT_MAX = 48;
/** The largest bet that a table may allow. */
export const STAKE_MAX = 10_000_000;
/** Odds behind it, a hundred times; with the largest payout of the table it is still an exact integer. */
export const ODDS_MULTIPLE_MAX = 100;
export const CHIPS_ON_BET_MAX = STAKE_MAX * ODDS_MULTIPLE_MAX * 6;
/** Chips to one on a pay table. */
export const PAYS_MAX = 2000;
/** What a running bet remembers: one bit for each of ten totals, or a product of counts. */
export const PROGRESS_MAX = 4095;
/** Basis points of a whole. */
export const WHOLE_BASIS_POINTS = 10_000;
