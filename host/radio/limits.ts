/** The bounds of a host's talk with its radios, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";
import { DEAD_AFTER_MS, PACKET_SIZE_MAX, SEND_TOKEN_MAX } from "../../protocol/core/limits.ts";

/** Packets given to one radio and not yet settled: two for each class of nine links. */
export const SENDS_MAX = 72;
/** Bytes that may wait for the wire to one radio: two seconds at 921600 baud would be three times as much. */
export const WAITING_SIZE_MAX = 16 * PACKET_SIZE_MAX;
/** Commands that wait until the radio has said hello. */
export const ORDERS_MAX = 32;
/** Unread bytes that the operating system keeps for us; Linux's own buffer of a serial line. */
export const HOST_SPACE = 4096;
/** A radio says hello as soon as the wire is open; a board that stays silent speaks another protocol or hangs. */
export const HELLO_WITHIN_MS = 3000;
/** Connections of one radio that are tracked. */
export const RADIO_LINKS_MAX = 20;

assert(SENDS_MAX < SEND_TOKEN_MAX, "every send under way has a token of its own");
assert(HELLO_WITHIN_MS > DEAD_AFTER_MS, "a wire that died is noticed before its radio is called silent");
