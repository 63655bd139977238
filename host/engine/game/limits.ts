/** What the game framework bounds, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";

/** Moves of one seat between two chances: it may cover the whole layout and think again. Beyond it the seat's moves are
 * refused, so that nobody keeps a table busy for ever, and nobody uses up what others may still do. */
export const MOVES_BETWEEN_CHANCES_MAX = 256;
/** Steps that lead from one chance to the next when nobody moves. A game that needs more is stuck. */
export const OVERDUE_STEPS_MAX = 32;
/** States of a chain that are solved: the largest bet of craps takes some ten thousand. */
export const CHAIN_STATES_MAX = 40_000;
/** Moves that a bettor's plan may make before one chance. */
export const PLAN_MOVES_MAX = 16;
/** Chips a play for trial begins with: far above any bet, far below where integers end. */
export const TRIAL_CHIPS = 2 ** 40;
/** One state as bytes. */
export const STATE_SIZE_MAX = 16_384;
/** A law of chance: cards of a deck are the most that one draw tells apart. */
export const OUTCOMES_MAX = 256;

assert(TRIAL_CHIPS * 16 < Number.MAX_SAFE_INTEGER, "the chips of a trial are exact");
