/** The bounds of a kiosk's history, each with its unit and reason. What is beyond them was the oldest. */
import { assert } from "../../../protocol/core/assert.ts";

const MEBIBYTE = 1_048_576;

/** Of the database, and as many pages. A small card holds it many times. */
export const HISTORY_SIZE_MAX = 96 * MEBIBYTE;
export const HISTORY_PAGE_SIZE = 4096;
/** Beyond the bound, for the transaction that finds it reached. */
export const HISTORY_SPARE_SIZE = 8 * MEBIBYTE;

/** Batches, of some 350 B each with what was asked in them: three hours of a table that never rests. */
export const BATCHES_MAX = 100_000;
/** Rolls, of 1.6 KB each with their proof: weeks of evenings. */
export const ROLLS_MAX = 20_000;
/** A member is accused once an epoch, so that these are years, and longer than anybody may argue. */
export const EVIDENCE_MAX = 2_000;
/** Counts of all chips, one a checkpoint. */
export const AUDITS_MAX = 10_000;
/** Changes of the members. */
export const SESSIONS_MAX = 1_000;
/** Rows between two looks at these bounds, and what goes of each table at once where the bytes are too many: one in so many. */
export const TRIM_EVERY_ROWS = 1_000;
export const TRIM_PARTS = 10;

/** Between two transactions: what comes meanwhile shares one, and a card is written half as much as with one a second. */
export const WRITE_EVERY_MS = 5_000;
/** Rows that are handed over at once: some milliseconds, on either side. */
export const WRITE_LENGTH_MAX = 256;
/** Rows that wait for a disk: a long journal that is read into an empty database at a start. */
export const WAITING_LENGTH_MAX = 131_072;
/** A disk that is full or fails is left alone for so long. */
export const TROUBLE_AGAIN_MS = 60_000;
/** What is kept in memory of the database, in KiB. */
export const CACHE_KIBIBYTES = 1_024;
/** Of the log before it is brought into the database. */
export const LOG_SIZE_MAX = 4 * MEBIBYTE;

/** Rows that one question answers. */
export const ANSWER_LENGTH_MAX = 1_000;
/** An answer that has not come by then does not come. */
export const ANSWER_WITHIN_MS = 10_000;
/** Attempts to copy a database between two transactions of its owner. */
export const COPY_TRIES_MAX = 8;
export const COPY_AGAIN_MS = 50;

assert(HISTORY_SIZE_MAX % HISTORY_PAGE_SIZE === 0, "a database is whole pages");
assert(WRITE_LENGTH_MAX <= TRIM_EVERY_ROWS, "bounds are looked at every few transactions");
