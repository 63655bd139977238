/** What the web server bears, each bound with its unit and reason. Whoever is turned away is told why, where that costs little. */
import { assert } from "../../../protocol/core/assert.ts";

// --- connections ---

/** Open at the same time, pages and everything else together: a screen has three or four, a venue's operator some more. */
export const SOCKETS_MAX = 256;
/** Of one address other than this machine, so that nobody takes all of them. */
export const SOCKETS_PER_ADDRESS_MAX = 32;
/** Over that, told why at the same time; others are dropped without a word. */
export const SOCKETS_REFUSED_MAX = 64;
/** In which whoever is turned away has to have asked. */
export const REFUSED_WITHIN_MS = 2_000;
/** In which whoever was refused in the middle of a request has to have read why. */
export const REFUSED_READ_WITHIN_MS = 300;
/** What nobody is waited for longer. */
export interface Patience {
  /** For the head of a request, and for all of it: a page is on this machine or in this house. */
  readonly headMs: number;
  readonly requestMs: number;
  /** How often both are looked at. */
  readonly lookMs: number;
  /** A connection that nothing was asked on. */
  readonly idleMs: number;
  /** A connection on which nothing moves at all, such as an answer that nobody reads. */
  readonly stalledMs: number;
  /** Whether a page is still there is asked so often, and one that did not answer by the next time is gone. */
  readonly pageAskedMs: number;
  /** A page that has not read what waits for it is gone. */
  readonly pageBehindMs: number;
}
export const PATIENCE: Patience = Object.freeze({
  ...{ headMs: 5_000, requestMs: 10_000, lookMs: 1_000, idleMs: 5_000, stalledMs: 30_000 },
  ...{ pageAskedMs: 15_000, pageBehindMs: 30_000 },
});
export const HEAD_SIZE_MAX = 8_192;
export const REQUESTS_PER_SOCKET_MAX = 1_000;

// --- what is asked ---

/** The longest order has some hundred bytes. */
export const BODY_SIZE_MAX = 16_384;
/** Orders of one address, a second, and how many at once: somebody taps five times a second. */
export const ORDERS_PER_SECOND = 20;
export const ORDERS_BURST_MAX = 40;
/** Whatever else is asked, of one address. */
export const REQUESTS_PER_SECOND = 100;
export const REQUESTS_BURST_MAX = 300;
/** Addresses that are counted; then those that asked longest ago are forgotten. */
export const ADDRESSES_MAX = 1_024;
/** Orders whose answers are waited for, of all pages together. */
export const ORDERS_UNDER_WAY_MAX = 64;
/** For an answer; a table over bad radios needs ten seconds for a change of leaders. */
export const ANSWER_WITHIN_MS = 25_000;

// --- the WebSocket ---

/** Between two frames of changes: a picture of the browser, and a fifth of what a finger waits for at most. */
export const CHANGES_EVERY_MS = 20;
/** Bytes that wait for a page; over that it is sent nothing until it has read them, and then the newest. */
export const PAGE_BEHIND_SIZE_MAX = 262_144;
/** Frames of one page that are wrong before it is shown out. */
export const PAGE_FAULTS_MAX = 8;

// --- operators ---

/** Of an operator who orders nothing, and of one who does. */
export const SESSION_IDLE_MAX_MS = 600_000;
export const SESSION_MAX_MS = 28_800_000;
/** The oldest goes when another begins. */
export const SESSIONS_MAX = 16;
/** Wrong PINs of one address in a row that cost nothing; each further one doubles the wait, up to the longest. */
export const PIN_TRIES_FREE = 5;
export const PIN_WAIT_FIRST_MS = 1_000;
export const PIN_WAIT_MAX_MS = 300_000;
/** Over all addresses: a million PINs last five years. */
export const PIN_TRIES_PER_MINUTE = 20;
/** Checked at the same time: each takes 32 MiB and a third of a second on a Pi. */
export const PIN_CHECKS_MAX = 1;
/** The cost of scrypt: 2^15, as OWASP has it with eight blocks and three lanes less. */
export const PIN_COST = 32_768;
export const PIN_BLOCKS = 8;
export const PIN_LANES = 1;
export const PIN_MEMORY_SIZE_MAX = 67_108_864;
export const PIN_SALT_SIZE = 16;
export const PIN_HASH_SIZE = 32;
export const SESSION_TOKEN_SIZE = 32;

// --- files ---

export const PAGE_FILES_MAX = 512;
export const PAGE_FILE_SIZE_MAX = 8_388_608;
export const PAGE_SIZE_MAX = 33_554_432;

// --- figures ---

/** How often figures are looked at, for rates and alerts. */
export const SAMPLE_EVERY_MS = 1_000;
/** Rates are over the last minute; what happens rarely is counted over the last hour, in minutes. */
export const RATE_OVER_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** Ports that are tried after one that is taken. */
export const PORTS_TRIED_MAX = 20;

assert(PATIENCE.headMs < PATIENCE.requestMs, "a head comes before its body");
assert(ANSWER_WITHIN_MS < PATIENCE.stalledMs, "whoever waits for an answer is told that there is none");
assert(PATIENCE.requestMs < PATIENCE.stalledMs, "a slow request is ended as one");
assert(PIN_TRIES_FREE < PIN_TRIES_PER_MINUTE, "one address does not lock all others out by what costs it nothing");
assert(SESSION_IDLE_MAX_MS < SESSION_MAX_MS, "an idle session ends first");
assert(128 * PIN_COST * PIN_BLOCKS < PIN_MEMORY_SIZE_MAX, "a PIN's check has the memory that it takes");
