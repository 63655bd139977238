/** The bounds of stakes, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";
import { TIME_MAX_MS } from "../../../protocol/core/limits.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Reputation is counted in millionths: a kiosk that nothing is known against has them all. */
export const REPUTATION_MAX_PPM = 1_000_000;

/** Kiosks with a stake, or with a record that says something: who left keeps it, and returns with it. */
export const STAKERS_MAX = 32;
/** Evidence against one kiosk that is remembered at a time. One that has earned so much takes no part until it is older. */
export const EVIDENCE_LENGTH_MAX = 64;
/** Slashes that are remembered: each took evidence that is remembered as long. */
export const SLASHES_LENGTH_MAX = EVIDENCE_LENGTH_MAX;
/** Parts of a stake that are on their way out. */
export const UNBONDING_LENGTH_MAX = 16;
/** Accusations of one kiosk that are not decided yet. */
export const ACCUSATIONS_MAX = 16;

/** The longest lock, window, cooldown or retention that a table may set. */
export const SPAN_MAX_MS = 90 * DAY_MS;
/** Between two payments of rewards. */
export const REWARD_INTERVAL_MIN_MS = HOUR_MS;
/** The last moment that a lock may end: a penalty for each slash on top of the longest lock. */
export const DEADLINE_MAX_MS = TIME_MAX_MS + (1 + SLASHES_LENGTH_MAX) * SPAN_MAX_MS;

assert(Number.isSafeInteger(DEADLINE_MAX_MS), "every deadline is exact");
assert(UNBONDING_LENGTH_MAX >= 2, "what a slash leaves over finds a place beside what was asked for");
