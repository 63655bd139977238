/** The bounds of recovery, each with its unit and reason. All of them decide what a kiosk says and does for its people; what is
 * agreed on is decided by quorums, however long anything takes. */
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";

// --- who is here ---

/** Three heartbeats missed: as the mesh has it. */
export const UNHEARD_AFTER_MS = 15_000;
/** How often views are held against each other, and said while not all is well. */
export const CHECK_EVERY_MS = 10_000;
/** A silence that lasts so long is given its name. */
export const NAMED_AFTER_MS = 30_000;
/** Who has not named us for so long does not hear us. Every third heartbeat names everyone, with ages of up to five seconds as long
 * as none is lost: one such view may be lost before its speaker counts as deaf. */
export const ONE_WAY_AFTER_MS = 45_000;
/** Between two events: this kiosk itself did not run, and heard nobody for that. */
export const PAUSED_AFTER_MS = 2 * CHECK_EVERY_MS;
/** Something waits to be decided for so long, though a quorum is here. */
export const STALLED_AFTER_MS = 30_000;

/** Between two words to those who have just come back, beside those at each check and each change. */
export const GREET_EVERY_MS = 1_000;

// --- the ladder ---

/** Most cuts heal by themselves, within the time that a silence has to be named. */
export const WAIT_MS = NAMED_AFTER_MS - UNHEARD_AFTER_MS;
export const RECONNECT_ATTEMPTS_MAX = 3;
/** Before the first attempt, twice as much before the second, three times before the third. */
export const RECONNECT_BACK_OFF_MS = 100;
/** Until somebody answers over a link that has just been made: two connection set-ups. */
export const RECONNECT_ANSWER_MS = 5_000;
/** From the loss of the quorum to the question to people, and until a state should be caught up with. */
export const LADDER_TIMEOUT_MS = 300_000;

// --- what is certified ---

/** Certified places that are remembered, to be held against others of the same sequence: the newest. */
export const CERTIFIED_KEPT_MAX = 64;

assert(UNHEARD_AFTER_MS + WAIT_MS === NAMED_AFTER_MS, "one waits until the silence has its name");
assert(PAUSED_AFTER_MS > CHECK_EVERY_MS, "who runs has an event at each check");
assert(
  WAIT_MS + RECONNECT_ATTEMPTS_MAX * (RECONNECT_ANSWER_MS + RECONNECT_ATTEMPTS_MAX * RECONNECT_BACK_OFF_MS) <
    LADDER_TIMEOUT_MS,
  "all attempts come before the question to people",
);
assert(MEMBERS_MAX < 31, "a set of members is the bits of a number");
