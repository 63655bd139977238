/** The bounds of configuration, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";
import { MEMBERS_MAX, SEATS_MAX } from "../../protocol/core/limits.ts";

/** A file that a person writes: eight times what all keys with their comments take. */
export const CONFIG_SIZE_MAX = 65_536;
/** Of lists within lists, and of columns before a line begins: the file itself is three deep, and a reader of YAML falls over
 * what is some thousand deep. */
export const FLOW_DEPTH_MAX = 8;
export const INDENT_MAX = 64;
/** What is said of one file at a time; a person corrects a few and asks again. */
export const PROBLEMS_MAX = 32;
/** Of a key, a device or a path that is shown. */
export const SHOWN_LENGTH_MAX = 64;

/** As long as a path may be on Linux. */
export const PATH_LENGTH_MAX = 4_096;
/** A kiosk has two or three, a bench of radios more. */
export const RADIOS_MAX = 16;
/** Alone one agrees with nobody. */
export const KIOSKS_MIN = 2;
/** A game has somebody to play with. */
export const SEATS_MIN = 2;

/** Signed evidence outlasts stakes that are being taken out and the time of a dispute, seven days, by far. */
export const EVIDENCE_RETENTION_MIN_DAYS = 30;
/** Ten years: whoever wants more keeps copies. */
export const EVIDENCE_RETENTION_MAX_DAYS = 3_650;

/** A table hands over its lead every half minute, and everything that is waited for keeps within that: two and a half of these. */
export const TIMEOUT_MAX_MS = 10_000;
/** Of a new view: shorter than the shortest way of its proofs is never right, longer than a lead lasts neither. */
export const VIEW_CHANGE_TIMEOUT_MIN_MS = 250;
export const VIEW_CHANGE_TIMEOUT_MAX_MS = 30_000;
/** Between two checkpoints: not fewer sequences than may be open at once, nor more than are handed to who was away. */
export const CHECKPOINT_INTERVAL_MIN = 8;
export const CHECKPOINT_INTERVAL_MAX = 256;

/** Of one log file, and how many are kept: the largest card that anybody gives to logs has 64 GiB. */
export const LOG_FILE_MAX_MIB = 1_024;
export const LOG_FILES_MAX = 64;

/** A second is some 200 attempts of the lightest work, 2^8; 2^48 is never done. */
export const WORK_BITS_MIN = 4;
export const WORK_BITS_MAX = 48;

export const PORT_MAX = 65_535;
/** By which one machine is known in a house. */
export const HOST_NAMES_MAX = 16;

assert(KIOSKS_MIN < MEMBERS_MAX && SEATS_MIN < SEATS_MAX, "a table may grow");
assert(EVIDENCE_RETENTION_MIN_DAYS < EVIDENCE_RETENTION_MAX_DAYS, "evidence may be kept for longer");
