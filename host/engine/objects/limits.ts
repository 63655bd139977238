/** The bounds of objects: what is fetched, kept for others and handed out, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";
import {
  CHUNK_BYTES_MAX,
  CHUNK_PATH_MAX,
  DIGEST_SIZE,
  ENVELOPE_OVERHEAD_MAX,
  OBJECT_SIZE_MAX,
  SLOTS_MAX,
} from "../../../protocol/core/limits.ts";

/** A logical message, however it travels: a full batch of the longest requests, and room. */
export const MESSAGE_SIZE_MAX = 65_536;

// --- fetching ---

/** Objects fetched at once: a batch for each open slot. */
export const OBJECT_FETCHES_MAX = SLOTS_MAX;
/** Members asked for one object at a time: a bad one then takes half of the time at most, and a radio is not swamped. */
export const ASKED_PEERS_MAX = 2;
/** Chunks that one member owes us at a time: two seconds and a half of a stock board's radio. */
export const ASK_CHUNKS_MAX = 4;
/** A chunk is lost when one arrives of the same member that was asked for so many later: messages overtake, but not by far. */
export const OVERTAKEN_COUNT = 3;
/** Without a chunk from who owes one, before anything has come: three times what a stock board takes. */
export const ASK_TIMEOUT_MS = 2_000;
/** Afterwards, so many times what all that is owed takes at the pace of late, within bounds. */
export const PATIENCE_TIMES = 1.5;
export const ASK_TIMEOUT_MIN_MS = 500;
export const LINE_TIMEOUT_MAX_MS = 20_000;
/** It doubles with each setback up to here; and no more is asked for than comes by then. */
export const ASK_TIMEOUT_MAX_MS = 8_000;
/** Who takes so many times as long as the best is not asked while the best is there. */
export const SLOW_TIMES = 4;
/** Paces below this are alike: a short chunk takes less than a long one, and that says nothing about who sent it. */
export const PACE_MIN_MS = 250;
/** Before a member is asked again that was silent or busy; it doubles each time and decays with each chunk. */
export const RETRY_MIN_MS = 100;
export const RETRY_MAX_MS = 5_000;
/** Beyond so many in a row neither wait grows. */
export const SETBACKS_MAX = 8;
/** Without a single new chunk from anybody. */
export const FETCH_TIMEOUT_MS = 30_000;
/** A member of which nothing was heard for so long is not asked. */
export const PEER_STALE_MS = 60_000;
/** And for so long, it is tried after those that were: who fell silent is rather gone. */
export const PEER_QUIET_MS = 15_000;

// --- serving ---

/** Objects kept for others: those of the archive, view changes, two snapshots. */
export const HELD_OBJECTS_MAX = 128;
export const HELD_SIZE_MAX = 16 * OBJECT_SIZE_MAX;
/** Names remembered of what was let go: whoever asks for them hears that they are gone, and looks for something newer. */
export const COLLECTED_NAMES_MAX = 64;
/** What one member may draw: twice what a stock board's radio carries. */
export const SERVE_BYTES_PER_SECOND = 8_192;
/** And at once, after a silence: more than a member asks for at a time. */
export const SERVE_BURST_SIZE = 16_384;
/** What an answer costs beside its chunk and path: the name, the numbers, the envelope and its signature. */
export const ANSWER_OVERHEAD_SIZE = ENVELOPE_OVERHEAD_MAX + DIGEST_SIZE + 16;

const ANSWER_SIZE_MAX = CHUNK_BYTES_MAX + CHUNK_PATH_MAX * DIGEST_SIZE + ANSWER_OVERHEAD_SIZE;

assert(MESSAGE_SIZE_MAX <= OBJECT_SIZE_MAX, "every message fits an object");
assert(ASK_CHUNKS_MAX * ANSWER_SIZE_MAX <= SERVE_BURST_SIZE, "what is asked at a time is served at a time");
assert(RETRY_MIN_MS * 2 ** (SETBACKS_MAX - 1) >= RETRY_MAX_MS, "the wait reaches its bound");
assert(OVERTAKEN_COUNT < ASK_CHUNKS_MAX, "a loss shows within a window");
assert(SETBACKS_MAX < PACE_MIN_MS, "who is untried comes before who is slow");
assert(ASK_TIMEOUT_MIN_MS < ASK_TIMEOUT_MS && ASK_TIMEOUT_MS < ASK_TIMEOUT_MAX_MS, "patience has two bounds");
assert(PEER_QUIET_MS < PEER_STALE_MS, "who is quiet may still be asked");
assert(LINE_TIMEOUT_MAX_MS < FETCH_TIMEOUT_MS, "a slow link is waited for before a fetch is given up");
assert(3 * ASK_TIMEOUT_MAX_MS < FETCH_TIMEOUT_MS, "several are asked before a fetch is given up");
