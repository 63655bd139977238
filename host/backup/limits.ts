/** The bounds of backups and support bundles, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";
import { HISTORY_SIZE_MAX, HISTORY_SPARE_SIZE } from "../storage/history/limits.ts";
import { JOURNAL_SIZE_MAX } from "../storage/limits.ts";

const MEBIBYTE = 1_048_576;

/** Of a name in an archive: what a ustar header holds without its prefix. */
export const ENTRY_NAME_SIZE_MAX = 100;
/** Entries of an archive. A backup has eight, a bundle some thirty. */
export const ENTRIES_MAX = 64;
/** What an archive holds, unpacked: a whole journal, a whole history, and room for all the rest. */
export const ARCHIVE_SIZE_MAX = JOURNAL_SIZE_MAX + HISTORY_SIZE_MAX + HISTORY_SPARE_SIZE + 16 * MEBIBYTE;
/** The same, packed. What does not shrink grows by less than a thousandth. */
export const ARCHIVE_FILE_SIZE_MAX = ARCHIVE_SIZE_MAX + MEBIBYTE;
/** A kiosk's small files: its key, its table, its configuration. */
export const SMALL_FILE_SIZE_MAX = 65_536;
/** Names of files that a backup tells it has left out. */
export const LEFT_OUT_COUNT_MAX = 64;
/** Looks at a journal that a kiosk makes short in the same moment: it does so at most once in some minutes. */
export const COPY_TRIES_MAX = 5;
/** Of an archive that is listed: its manifest, packed, has some hundred bytes, and some thousand where much was left out. */
export const LISTED_HEAD_SIZE_MAX = 16_384;
/** Backups kept where nobody says how many: two weeks, one a day. */
export const KEPT_COUNT = 14;
export const KEPT_COUNT_MAX = 1_000;
/** Of one log in a support bundle, its end: some ten thousand lines. */
export const LOG_TAIL_SIZE_MAX = MEBIBYTE;
/** Of what another program answers for a bundle, and how long it is waited for. */
export const ANSWER_SIZE_MAX = MEBIBYTE;
export const ANSWER_WITHIN_MS = 10_000;
/** A secret that is shorter stands by chance in other words. */
export const SECRET_LENGTH_MIN = 4;

assert(KEPT_COUNT <= KEPT_COUNT_MAX, "what is usual is allowed");
