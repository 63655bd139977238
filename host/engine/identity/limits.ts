/** The bounds of identities, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";
import { PUBLIC_KEY_SIZE, SIGNATURE_SIZE } from "../../../protocol/core/limits.ts";

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

// --- the record ---

/** What the hash is salted with; the search for a proof counts in it. */
export const SALT_SIZE = 16;
/** Of which the search counts in the first half. */
export const NONCE_SIZE = 8;
/** Version, key, salt, bits, time, signature. */
export const IDENTITY_SIZE = 1 + PUBLIC_KEY_SIZE + SALT_SIZE + 1 + 8 + SIGNATURE_SIZE;
/** Argon2's output, and an address. */
export const PROOF_SIZE = 32;
export const ADDRESS_SIZE = 32;

// --- work ---

/** Attempts that are expected of anyone at most: with 5 ms each, 45,000 years. */
export const WORK_BITS_MAX = 48;
/** A base below this is a demonstration on one table: a few seconds. */
export const BASE_BITS_MIN = 4;
/** Of one source, each identity within the window makes the next half as dear again, so often: 3,325 times in all. */
export const SOURCE_STEPS_MAX = 20;
export const SOURCE_WINDOW_MS = HOUR_MS;
/** Kiosks that a network is believed to have. */
export const NETWORK_SIZE_MAX = 1_000_000_000;

// --- time ---

/** A clock may be a day ahead: a Pi that never had the right date is corrected by the table's agreed time. */
export const FUTURE_MAX_MS = DAY_MS;
/** So old a newcomer's record may be: the search may take a fortnight. */
export const FRESH_MS = 30 * DAY_MS;
/** So long an identity lasts that was accepted while it was fresh. */
export const AGE_MAX_MS = 365 * DAY_MS;
/** Beacons that records may still refer to by their time. */
export const BEACONS_MAX = 8;

// --- what verification may cost: mebibytes times passes, about a millisecond each without native code ---

/** All strangers together: a twentieth of one core. */
export const MEBIBYTE_PASSES_PER_SECOND = 40;
export const MEBIBYTE_PASSES_BURST_MAX = 1280;
/** One source: its quarter, and at once what the dearest profile takes. */
export const SOURCE_MEBIBYTE_PASSES_PER_SECOND = 10;
export const SOURCE_MEBIBYTE_PASSES_BURST_MAX = 640;

/** Sources told apart. Those beyond share one account, so that nobody is forgotten to make room. */
export const SOURCES_MAX = 64;
/** Strangers that sound alike within so much are one source: a wall or a hand makes as much difference. */
export const RSSI_CELL_DB = 10;

/** Records that wait, in all and of one source: a place for each source, and some have more. */
export const QUEUE_LENGTH_MAX = 80;
export const SOURCE_QUEUE_LENGTH_MAX = 8;
/** The dearest profile is paid for once in a minute. */
export const WAIT_MAX_MS = 2 * 64 * SECOND_MS;
/** A worker that has not answered by then is lost: on a Pi Zero the dearest hash takes seven seconds. */
export const VERDICT_TIMEOUT_MS = 60 * SECOND_MS;
/** Records under verification at a time. */
export const VERIFIERS_MAX = 4;

/** Identities remembered as good. To push one out costs a whole proof, and then it is only verified again. */
export const KNOWN_MAX = 1024;
/** Records remembered as bad, so that an echo costs nothing. */
export const REFUSED_MAX = 512;

// --- the search for a proof ---

/** Attempts handed to a worker at a time, so dear that they take a quarter of a second to a second: mebibytes times passes. */
export const CHUNK_MEBIBYTE_PASSES = 512;
/** Chunks under way at a time. */
export const CHUNKS_MAX = 16;
/** Attempts of one search: more than work can be expected of it, by far. */
export const NONCE_MAX = 2 ** 52;

assert(IDENTITY_SIZE === 122, "an identity has the size that its feature gives it");
assert(FUTURE_MAX_MS < FRESH_MS && FRESH_MS < AGE_MAX_MS, "who is accepted stays so for a while");
assert(
  SOURCE_MEBIBYTE_PASSES_PER_SECOND * 4 <= MEBIBYTE_PASSES_PER_SECOND,
  "three that flood leave something for others",
);
assert(
  SOURCE_MEBIBYTE_PASSES_BURST_MAX * 2 <= MEBIBYTE_PASSES_BURST_MAX,
  "one that floods does not empty the common store",
);
assert(
  (SOURCE_MEBIBYTE_PASSES_BURST_MAX / SOURCE_MEBIBYTE_PASSES_PER_SECOND) * SECOND_MS * 2 <= WAIT_MAX_MS,
  "who waits for the dearest profile is served before it is sent away",
);
assert(SOURCES_MAX < QUEUE_LENGTH_MAX, "however many wait, a source that has nobody there finds a place");
assert(NONCE_MAX >= 16 * 2 ** WORK_BITS_MAX, "a search finds something before it has tried all");
