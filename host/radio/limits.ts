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

// --- the driver of one port ---

/** Between attempts to open a port. A cable that is put in again is noticed within the longest, and a port that is not
 * there costs a system call in that time. */
export const RETRY_MIN_MS = 250;
export const RETRY_MAX_MS = 15_000;
/** From a device's coming until the system has surely given it its rights and its other names. */
export const APPEARED_AGAIN_MS = 1000;
/** Up so long, the failures before it are forgotten. A board whose supply browns out again and again is up for less. */
export const STEADY_AFTER_MS = 10_000;
/** At one rate without a frame. A board that the opening of the port has reset speaks within two seconds, and resets the
 * link four times in the first. */
export const HUNT_MS = 2000;
/** Until a port without a frame is closed and opened anew: a radio that was left at another rate notices after 2.5 s that
 * nobody is there, and returns to its first after 3 s more. */
export const LISTEN_MS = 9000;
/** From the order to change the rate until this end follows, where no acknowledgement comes: it may be lost with the old
 * speed. */
export const SWITCH_AFTER_MS = 150;
/** At a new rate until the hello; less than the 3 s after which the radio leaves it. */
export const SWITCH_WITHIN_MS = 2500;
/** Each rate is tried so often, for one order may be lost on a noisy wire. */
export const SWITCH_TRIES_MAX = 2;
/** A peer of another version is greeted again: it may have been flashed. */
export const UNFIT_RETRY_MS = 30_000;
/** News held back until a host is told that the radio is up. */
export const HELD_MAX = 8;
/** Bars given to the link at a time: it holds as many commands of their class, and others need room too. */
export const RESTORE_AHEAD = 16;

// --- the test of a wire ---

/** An echo that was repeated by the link several times is no echo any more. */
export const ECHO_WITHIN_MS = 2000;
/** Echoes that did not come until a test is over. */
export const ECHOES_MISSING_MAX = 3;
/** For the radio's counters, before and after. */
export const COUNTERS_WITHIN_MS = 1000;
/** Frames damaged, of a hundred, with which a rate is still a good one: the link repairs them, and a step down halves the
 * speed. */
export const DAMAGED_PERCENT_MAX = 5;

assert(LISTEN_MS > DEAD_AFTER_MS + 3000 + HUNT_MS, "a radio that was left at another rate is waited for");
assert(SWITCH_WITHIN_MS < 3000, "a host looks for its radio at a new rate only while that is there");

// --- ports ---

/** Time's worth of bytes that a port is given ahead of its wire. Timers are good to a millisecond, and what a port holds is
 * beyond recall: an urgent packet waits behind it. */
export const AHEAD_MS = 3;
/** The least of it, for the slowest rates. */
export const AHEAD_SIZE_MIN = 64;
/** What a socket is given at a time; it has no rate to pace it. */
export const SOCKET_ROOM = 1024;
/** What is taken from one port in each window of time: more than the fastest line carries. A socket that babbles faster is
 * not read faster, so that other radios of the same host are served. */
export const READ_WINDOW_MS = 50;
export const READ_WINDOW_SIZE = 32_768;
/** A host that does not answer is not there. */
export const CONNECT_WITHIN_MS = 5000;
