/** The bounds of agreement, each with its unit and reason. */
import { assert } from "../../../protocol/core/assert.ts";
import { CERTIFICATE_NAMES_MAX, SLOTS_MAX } from "../../../protocol/core/limits.ts";

/** Requests of one member that are not executed yet: a window of numbers, beyond which nothing of it is heard. */
export const PENDING_MAX = 64;
/** Replies kept of one member, for whoever asks again. */
export const REPLIES_KEPT_MAX = 8;
/** Intervals between the low and the high watermark: one to vote in while the other becomes stable. */
export const WATERMARK_INTERVALS_COUNT = 2;
/** Batches kept below the stable checkpoint for those who are a little behind. */
export const ARCHIVE_LENGTH_MAX = CERTIFICATE_NAMES_MAX;
/** Ballots of one member that cannot be verified yet. */
export const WAITING_BALLOTS_MAX = 2;
/** Own checkpoints that are not stable yet, each with its state: those between the watermarks, and some of barriers. Who catches
 * up by names passes many, and only the newest can become stable. */
export const OWN_CHECKPOINTS_MAX = 8;
/** Checkpoints of one member that are not stable yet: no more fit between the watermarks, with one of the past. */
export const CHECKPOINT_VOTES_MAX = 3;
/** Certificates of earlier views that still matter: each view that ended in between left one at most, and reached less far. */
export const CERTIFICATES_MAX = 2 * SLOTS_MAX;
/** Turns that a liar who wants another view can make of one: hand-overs cost a checkpoint, and nothing else. */
export const EARLY_ROTATIONS_COUNT = 8;
/** Changes of members and rules that are agreed on and wait for their barrier. */
export const CHANGES_PENDING_MAX = 4;
/** Changes of members that are kept with their proof, for those who were away. */
export const LINEAGE_LENGTH_MAX = 16;
/** Batches of other views that a slot remembers: a new one takes a view that failed. */
export const KEPT_BATCHES_MAX = 8;
/** Doublings of a time-out: 2^6 times the first is minutes. */
export const ATTEMPTS_MAX = 6;
/** Between two answers to one member's status, so that asking is not a lever. */
export const ANSWER_EVERY_MS = 20;

assert(ARCHIVE_LENGTH_MAX >= 2 * SLOTS_MAX, "who missed a window finds its batches");

/** The fast path was waited for so often in vain: somebody is silent, and commits leave at once … */
export const FAST_MISSES_MAX = 2;
/** … until so many sequences later: it may be back. */
export const FAST_RETRY_SEQUENCES = 16;
/** Doublings of the time between two questions while nobody helps. */
export const STATUS_DOUBLINGS_MAX = 4;
/** Between two questions of a kiosk that misses nothing it knows of. */
export const IDLE_STATUS_MS = 5_000;
/** What is due and cannot be done yet is looked at again after this. */
export const DUE_AGAIN_MS = 5;
/** Ballots of one member that are remembered, to be held against what it says later: a window of them. */
export const SEEN_BALLOTS_MAX = 8;
/** Requests said at a time: they fit a packet with its envelope, however few of them. */
export const REQUESTS_SAID_SIZE_MAX = 3_072;
/** What a request is beside its operation: sender, signature, seat, number, length. */
export const REQUEST_OVERHEAD_SIZE = 80;
