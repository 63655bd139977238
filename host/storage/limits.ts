/** The bounds of what a kiosk keeps on its disk, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";

const MEBIBYTE = 1_048_576;

/** One record: a snapshot of a table with room to spare, where a vote takes 200 B. */
export const JOURNAL_RECORD_SIZE_MAX = MEBIBYTE;
/** What one flush writes, and so what a power cut can leave in disorder. */
export const JOURNAL_GROUP_SIZE_MAX = 4 * MEBIBYTE;
/** The journal on the disk, also while two generations stand side by side. A hundred thousand operations take 25 MB. */
export const JOURNAL_SIZE_MAX = 64 * MEBIBYTE;
/** Of these, what is kept so that a compaction always has room: a snapshot and what follows it. */
export const JOURNAL_COMPACTED_SIZE_MAX = 16 * MEBIBYTE;
/** What appending fills. */
export const JOURNAL_FILE_SIZE_MAX = JOURNAL_SIZE_MAX - JOURNAL_COMPACTED_SIZE_MAX;
/** A group's buffer before its first record; it doubles. */
export const JOURNAL_BUFFER_SIZE = 65_536;
/** Buffers up to this size are used again. */
export const JOURNAL_BUFFER_KEPT_SIZE_MAX = MEBIBYTE;
/** Damaged files that lie beside the journal. A disk that spoils more wants a person. */
export const JOURNAL_SET_ASIDE_COUNT_MAX = 8;

/** What is read in one piece, and in which pieces once the disk refused that: a page. */
export const DISK_READ_SIZE = MEBIBYTE;
export const DISK_PAGE_SIZE = 4096;
/** Attempts to have a lock that others take and leave at the same time. */
export const LOCK_TRIES_MAX = 10;

assert(JOURNAL_RECORD_SIZE_MAX < JOURNAL_GROUP_SIZE_MAX, "the longest record can be flushed");
assert(JOURNAL_COMPACTED_SIZE_MAX < JOURNAL_FILE_SIZE_MAX / 2, "a compacted journal has room for what comes");
