/** The bounds of a bench, each with its unit and reason. */

import { SENDS_MAX } from "../../host/radio/limits.ts";
import { assert } from "../../protocol/core/assert.ts";
import { AIR_QUEUE_LENGTH_MAX, RADIO_LINKS_MAX } from "../../protocol/core/limits.ts";

/** Radios in one map: what one virtual air holds, and more than one host has ports. */
export const RADIOS_MAX = 32;
/** A sweep of more points than this is a mistake of one digit. */
export const POINTS_MAX = 2000;
/** Flow and sequence: what tells one packet from another at the other end. */
export const PAYLOAD_SIZE_MIN = 4;
/** Packets under way, a link and direction: with more, what the radio refuses for want of room would count as loss. */
export const WINDOW_MAX = 8;
export const ATTENUATION_MAX_DB = 120;

/** Until a radio is up: the opening of a port resets some boards, and those boot and are listened to at several rates. */
export const UP_WITHIN_MS = 20_000;
/** Until a radio has followed to another rate, and until it has come back from one where nobody was heard. */
export const BAUD_WITHIN_MS = 10_000;
/** Until a role is taken: another than the last boot's costs a restart. */
export const READY_WITHIN_MS = 10_000;
/** Until all links of a point are up, each. */
export const LINK_WITHIN_MS = 15_000;
/** After the last packet was given, until all are settled: what was begun is given up by the radio after 5 s, what waits
 * for the air after 30 s. */
export const DRAIN_WITHIN_MS = 35_000;
/** What the neighbour acknowledged may still be on the wire to its host. */
export const ARRIVE_WITHIN_MS = 2000;
export const COUNTERS_WITHIN_MS = 2000;
export const TEARDOWN_WITHIN_MS = 5000;
/** Without power, until the last charge is gone. */
export const POWER_OFF_MS = 1000;
/** A person has to walk to the bench. */
export const ASK_WITHIN_MS = 300_000;

/** Between looks at flows that are paced, or were refused a packet. */
export const PUMP_EVERY_MS = 10;
/** A flow whose packet was dropped waits so long: a radio that is gone refuses at once, for ever. */
export const HOLD_AFTER_DROP_MS = 100;
/** Parts of a measurement whose spread tells how sure the mean is. */
export const SLICES = 10;

/** What preparing and taking down a point cost, for the estimate: measured on virtual boards. */
export const PREPARE_ESTIMATE_MS = 2000;
export const TEARDOWN_ESTIMATE_MS = 500;

assert(WINDOW_MAX * RADIO_LINKS_MAX <= SENDS_MAX, "a radio's sends under way keep its session's bound");
assert(WINDOW_MAX <= AIR_QUEUE_LENGTH_MAX, "a radio has room for what is under way");
