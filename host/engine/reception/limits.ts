/** The bounds of coming to a table and of leaving it, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX, SEATS_MAX } from "../../../protocol/core/limits.ts";

// --- a table ---

/** A game needs somebody to play with. */
export const SEATS_MIN = 2;

// --- what is heard of tables ---

/** Tables in one room: more than people would look through. */
export const TABLES_HEARD_MAX = 16;
/** One kiosk sits at a table or two; who announces more makes them up. */
export const TABLES_PER_KEY_MAX = 2;
/** Who announces one table: its members. */
export const ANNOUNCERS_MAX = MEMBERS_MAX;
/** Of which nothing was heard for so long: six announcements. */
export const TABLE_FORGOTTEN_MS = 60_000;
/** Every member announces, so that one that lies about its table does not speak alone. */
export const ANNOUNCE_EVERY_MS = 10_000;

// --- at a member ---

/** Who asked and is remembered, answered or not: more than a table can take within the time. */
export const APPLICANTS_MAX = 16;
/** Of them, whose proof is being checked: it costs seconds of a core each. */
export const IDENTIFYING_MAX = 4;
/** A proof of work takes seconds, and waits behind three others. */
export const IDENTIFY_TIMEOUT_MS = 30_000;
/** Until a quorum has approved of one and the barrier is stable: several have to hear and check it. */
export const ORDER_TIMEOUT_MS = 120_000;
/** What the consensus did not take, or what came to nothing, is ordered again after this. */
export const ORDER_RETRY_MS = 10_000;
/** An answer is kept for so long, and said again to who asks again. */
export const ANSWER_KEPT_MS = 60_000;
/** But no sooner than this: less than the first patience of who asks. */
export const ANSWER_EVERY_MS = 1_000;
/** Answers to strangers within a window, so that asking is no lever on the air. */
export const ANSWERS_MAX = 20;
export const ANSWERS_WINDOW_MS = 10_000;
/** Who only looks on: each costs the chunks of a state. */
export const SPECTATORS_MAX = 8;
/** A spectator asks again before this, or its place is somebody else's. */
export const SPECTATOR_KEPT_MS = 600_000;
/** To leave is ordered so often, and then it is for people to say. */
export const LEAVE_ATTEMPTS_MAX = 12;

// --- at who asks ---

/** Patience with the first request, doubled with each. */
export const ASK_AGAIN_MS = 2_000;
export const ASK_AGAIN_MAX_MS = 30_000;
/** A request has come to something within this, or it is given up. */
export const JOIN_TIMEOUT_MS = 180_000;
/** Requests within that time. */
export const ASKED_MAX = 12;
/** Whom to believe comes from outside: a code that people compared, or keys known before. */
export const ANCHORS_MAX = MEMBERS_MAX;
/** Answers of who is no anchor, until an anchor's own says who belongs to the table. */
export const ANSWERS_HELD_MAX = 2 * MEMBERS_MAX;

assert(SEATS_MIN <= SEATS_MAX, "a table has seats");
assert(SPECTATORS_MAX < APPLICANTS_MAX, "those who look on leave room for those who play");
assert(IDENTIFYING_MAX + SPECTATORS_MAX <= APPLICANTS_MAX, "and for those who are checked");
assert(3 * ANNOUNCE_EVERY_MS <= TABLE_FORGOTTEN_MS, "a table that lost two announcements is not forgotten");
assert(ANSWER_EVERY_MS < ASK_AGAIN_MS, "who asks again with patience is answered each time");
assert(IDENTIFY_TIMEOUT_MS + ORDER_TIMEOUT_MS < JOIN_TIMEOUT_MS, "who asks outwaits those who check and order");
