/** The bounds of logs, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";

/** One line, whatever it tells of: what is longer is cut, and says so. */
export const LINE_SIZE_MAX = 4_096;

/** Of one text within it: a path or a fault of the system in full. */
export const TEXT_LENGTH_MAX = 512;
/** Of a list or a record within it, and how deep they lie in each other. */
export const ENTRIES_MAX = 32;
export const DEPTH_MAX = 3;
/** Bytes of a key that are shown: four tell ten members apart. */
export const SHORT_NAME_SIZE = 4;

/** Of one kind of message at once, and then a second: a person reads no more, and a card of flash lasts. */
export const KIND_BURST_MAX = 20;
export const KIND_PER_SECOND = 1;
/** Whoever asks for everything gets more of it. */
export const DEBUG_BURST_MAX = 200;
export const DEBUG_PER_SECOND = 20;
/** Kinds that are told apart; those beyond share one allowance a part. All that a program says are some hundred. */
export const KINDS_MAX = 512;
/** How often it is told what was kept back. */
export const TICK_EVERY_MS = 10_000;

/** Lines that wait for a disk or a reader that is slow: at full speed a second or two. */
export const QUEUE_SIZE_MAX = 262_144;
/** A file that is shorter is rotated more often than anybody looks. */
export const FILE_SIZE_MIN = 65_536;

assert(TEXT_LENGTH_MAX * 4 < LINE_SIZE_MAX, "a text fits its line, whatever letters it has");
assert(LINE_SIZE_MAX < FILE_SIZE_MIN && LINE_SIZE_MAX < QUEUE_SIZE_MAX, "a line fits a file, and waits");
