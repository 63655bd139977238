/** The bounds of time-outs and of agreed time, each with its unit and reason. What differs between a wire and the air is in
 * `profiles.ts`. */
import { assert } from "../../../protocol/core/assert.ts";

// --- agreed time ---

/** How far a batch's time may lie from a member's own estimate, either way: people set clocks to the minute, and what a
 * dishonest primary gains or takes of a turn is no more than this. */
export const AGREED_TIME_TOLERANCE_MS = 30_000;
/** A member's word about its clock counts for so long: twelve heartbeats, of which a sleeping radio may hold back half. */
export const CLAIM_AGE_MAX_MS = 60_000;
/** Views that fail in a row before clocks are doubted: one does when its primary is dead, whatever anybody's clock shows. */
export const DOUBT_AFTER_COUNT = 2;
/** And before a primary proposes no more than the least step, which nobody refuses. */
export const STANDSTILL_AFTER_COUNT = 3;
/** How long a doubt lasts after the last view that failed: until a primary or two have had their turn. */
export const DOUBT_MS = 60_000;
/** An own clock that the table did not follow is left out until the table is where it is, or after this until a quorum's
 * clocks are with it … */
export const LEFT_OUT_MS = 60_000;
/** … doubled so often when it happens again and again: a kiosk that a liar keeps alone with its clock then refuses a batch
 * every sixteen minutes. */
export const LEFT_OUT_DOUBLINGS_MAX = 4;

// --- adaptive time-outs ---

/** Latencies that the time-out is computed from; the oldest is forgotten. */
export const LATENCIES_MAX = 100;
/** With fewer the profile's own time-out holds: the deviation of a handful says little. */
export const LATENCIES_MIN = 10;
/** Added to mean + 2σ. Of latencies on an air that loses a tenth in bursts of 100 ms, one in twenty-five is beyond mean + 2σ,
 * one in fifty beyond that and this; a steady one may grow by half before anybody is suspected. */
export const TIMEOUT_MARGIN_PERCENT = 50;
/** The least time-out, in round trips: request, proposal, prepare and commit each cross once, and half of it is slack. */
export const TIMEOUT_ROUND_TRIPS_MIN = 4;
/** What a time-out may grow to within one view, in percent of what it was when the view began: a primary that is as slow
 * as it dares does not teach the others unbounded patience. */
export const VIEW_GROWTH_PERCENT_MAX = 200;

// --- back-off ---

/** A view that fails doubles the patience with the next, so often at most. */
export const BACK_OFF_DOUBLINGS_MAX = 6;
/** And to this at most: what takes longer than a minute is no delay but a broken link. */
export const BACKED_OFF_MAX_MS = 60_000;
/** Decided sequences in a row that take one doubling back: a whole window, so that one lucky batch in a bad air does not
 * undo what was learned. */
export const BACK_OFF_STEP_COUNT = 8;

// --- rounds ---

/** What a decision may take on the air, before view changes. */
export const ROUND_MAX_MS = 5_000;

assert(DOUBT_AFTER_COUNT < STANDSTILL_AFTER_COUNT, "time stands still only where doubt did not help");
assert(LATENCIES_MIN < LATENCIES_MAX, "some latencies are kept");
assert(AGREED_TIME_TOLERANCE_MS < DOUBT_MS, "a doubt outlasts what the tolerance lets pass");
assert(BACKED_OFF_MAX_MS <= DOUBT_MS, "who is in doubt stays so until the next view fails");
assert(VIEW_GROWTH_PERCENT_MAX > 100, "a time-out may grow");
