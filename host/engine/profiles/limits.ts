/** The bounds of profiles, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";

/** Moments and answers that are remembered of a peer; the oldest is forgotten. */
export const MOMENTS_MAX = 100;
export const ANSWERS_MAX = 100;
/** Below this nothing is said of timing: with nine intervals one honest kiosk of a hundred and forty looks scripted. */
export const TIMING_SAMPLES_MIN = 50;
/** Others in the same round, from whose middle an answer differs, or from whose majority a vote. */
export const CROWD_MIN = 3;
/** Answers from which on their middle says something. */
export const ANSWERS_MIN = 20;
/** The longest interval or answer that is told from a longer one. */
export const SPAN_MAX_MS = 3_600_000;
/** Times of being there that are remembered. */
export const ONLINE_PERIODS_MAX = 32;
/** Contested rounds in which two must have voted before anything is said of them. */
export const CONTESTED_MIN = 20;
/** Counts are halved here. Honest kiosks behind one link are now and then late together, and in a long life any such trifle adds
 * up to certainty; those who vote by a plan show within a few dozen rounds. */
export const CONTESTED_MAX = 256;
/** Neighbours by which an answer may come. */
export const PATH_MAX = 255;
/** Rounds are told apart, and that is all. */
export const ROUND_MAX = 2 ** 35 - 1;

assert(TIMING_SAMPLES_MIN < MOMENTS_MAX && TIMING_SAMPLES_MIN <= ANSWERS_MAX, "enough is kept to say something");
assert(CONTESTED_MIN * 2 <= CONTESTED_MAX, "what was halved still says something");
