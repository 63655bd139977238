/** The bounds of secured links, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";
import {
  AIR_QUEUE_LENGTH_MAX,
  ENVELOPE_SIZE_MAX,
  GATT_VALUE_SIZE_MAX,
  PACKET_SIZE_MAX,
  PART_OVERHEAD_MAX,
  QUEUED_MAX_MS,
  SESSION_OVERHEAD_MAX,
  STALLED_MAX_MS,
  VOTE_SIZE_MAX,
  WHOLE_OVERHEAD,
} from "../../protocol/core/limits.ts";

/** Of the key of either half of an exchange: X25519, as Noise counts it. */
export const DH_SIZE = 32;
/** SHA-256 and the keys that are made of it. */
export const HASH_SIZE = 32;
/** ChaCha20-Poly1305 (RFC 8439). */
export const NONCE_SIZE = 12;
export const TAG_SIZE = 16;
/** Noise, section 9: random bytes, never a passphrase. A tag that is made of it flies about and can be tried against. */
export const TABLE_SECRET_SIZE = 32;
/** Of 32 random bytes thirty are distinct in the mean, and fewer than this once in 10^16: whoever has fewer made them up. */
export const SECRET_BYTES_DISTINCT_MIN = 16;

// --- handshakes ---

/** The longest of the three: a key in the clear, a key with its tag, an identity with its signature and its tag. */
export const NOISE_MESSAGE_SIZE_MAX = 256;
/** A round trip in Sleep takes half a second; each repetition waits twice as long as the one before. */
export const HANDSHAKE_REPEAT_MS = 1_000;
/** Repeated after 1, 3 and 7 s. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Between attempts that got no answer, doubled each time. */
export const HANDSHAKE_AGAIN_MS = 2_000;
export const HANDSHAKE_AGAIN_MAX_MS = 60_000;
/** First messages that a server answers at once, and how soon after each one more: an answer costs three exchanges. */
export const HANDSHAKES_BURST_MAX = 4;
export const HANDSHAKE_REFILL_MS = 5_000;
/** Messages of one handshake that may be wrong: each may cost two exchanges and a signature. */
export const HANDSHAKE_FAULTS_MAX = 8;
/** Times that one message of a handshake is answered again: its sender repeats it thrice. */
export const HANDSHAKE_ANSWERS_MAX = 4;
/** Packets that wait for a session; what is older than an attempt is of no use. */
export const SENDS_WAITING_MAX = 16;

// --- sessions ---

/** A key is replaced after so many messages … */
export const KEY_MESSAGES_MAX = 100;
/** … or so much time, whichever is first. */
export const KEY_MS = 300_000;
/** A session ends after so many messages of one direction … */
export const SESSION_MESSAGES_MAX = 1_000;
/** … or so much time. */
export const SESSION_MS = 3_600_000;
/** Silence in both directions ends it as well. */
export const SESSION_IDLE_MS = 300_000;
/** The next session is begun early enough that several attempts fit before the end. */
export const SESSION_RENEW_MESSAGES = 700;
export const SESSION_RENEW_MS = 3_300_000;
/** A server that cannot begin one asks for it, once in so many messages. */
export const RENEW_ASK_MESSAGES = 50;
/** A packet of a lesser class may be so late: what it may wait in a radio and be under way, and a little. */
export const LATE_MAX_MS = 60_000;
/** Five bits. Each has a message of its own at least. */
export const KEY_EPOCH_MAX = 31;
/** Two bits: the one in use, the one before it, the one that is being made. */
export const SESSION_NUMBERS = 4;

/** Key epoch, session and counter. */
export const RECORD_HEAD_SIZE = 2;
/** Head, tag, and the byte that ends what is meant. */
export const RECORD_OVERHEAD = RECORD_HEAD_SIZE + TAG_SIZE + 1;
/** Of the part of a packet that one value holds. */
const PART_SIZE = GATT_VALUE_SIZE_MAX - PART_OVERHEAD_MAX;
/** All sizes that a packet of a session may have. Beyond the first a class ends where a fragment ends: it costs air time,
 * and no connection event. */
export const PACKET_SIZES: readonly number[] = Object.freeze([
  144,
  GATT_VALUE_SIZE_MAX - WHOLE_OVERHEAD,
  ...[2, 3, 4, 6, 8, 11, 14].map((parts) => parts * PART_SIZE),
  PACKET_SIZE_MAX,
]);
export const RECORD_BODY_SIZE_MAX = PACKET_SIZE_MAX - RECORD_OVERHEAD;

assert(VOTE_SIZE_MAX + RECORD_OVERHEAD <= PACKET_SIZES[0], "a vote is of the smallest size");
assert(2 * VOTE_SIZE_MAX + RECORD_OVERHEAD <= PACKET_SIZES[1], "two votes still fit one fragment");
assert(ENVELOPE_SIZE_MAX <= RECORD_BODY_SIZE_MAX && RECORD_OVERHEAD <= SESSION_OVERHEAD_MAX, "every envelope fits");
assert(
  SESSION_MESSAGES_MAX / KEY_MESSAGES_MAX + SESSION_MS / KEY_MS <= KEY_EPOCH_MAX,
  "a session ends before its key epochs do",
);
assert(QUEUED_MAX_MS + STALLED_MAX_MS < LATE_MAX_MS, "who is late by the rules of the air is still understood");
assert(
  SESSION_RENEW_MESSAGES + AIR_QUEUE_LENGTH_MAX < SESSION_MESSAGES_MAX,
  "the next session is ready before the end",
);
assert(SESSION_RENEW_MS + 5 * HANDSHAKE_AGAIN_MAX_MS <= SESSION_MS, "several attempts fit before the end");
assert(SESSION_NUMBERS >= 3, "three sessions of a link have different numbers");
assert(7 * HANDSHAKE_REPEAT_MS < HANDSHAKE_TIMEOUT_MS, "an attempt has time for its repetitions");

// --- pairing ---

export const PAIRING_NONCE_SIZE = 32;
/** Six digits: what two people read to each other without a mistake. */
export const PAIRING_CODES = 1_000_000;
/** Of what a table's members wrote down of it: ten members with their names take some two thousand. */
export const GIVEN_ABOUT_SIZE_MAX = 3_072;
/** Until both have looked at both screens. */
export const PAIRING_TIMEOUT_MS = 120_000;
/** What was said is said again until it is answered. */
export const PAIRING_REPEAT_MS = 2_000;
export const PAIRING_REPEAT_MAX_MS = 4_000;
/** Begun by a person each; each is one guess for whoever stands between. */
export const PAIRINGS_MAX = 10;
export const PAIRINGS_WINDOW_MS = 3_600_000;

assert(GIVEN_ABOUT_SIZE_MAX + 64 <= RECORD_BODY_SIZE_MAX, "what is given is one message");

// --- names in the air ---

/** As long as phones keep a private address (Bluetooth Core, Vol 3 Part C, appendix A). */
export const ROTATION_MS = 900_000;
/** All fall silent together and come back one by one, in no order. */
export const ROTATION_SILENCE_MIN_MS = 1_000;
export const ROTATION_SILENCE_MAX_MS = 11_000;
export const SALT_SIZE = 4;
/** Of a member within what is masked: a false friend in 6,500 adverts at a table of ten costs one handshake. */
export const MEMBER_TAG_SIZE = 2;
export const COMPONENT_TAG_MAX = 0xffff;

assert(ROTATION_SILENCE_MAX_MS * 20 < ROTATION_MS, "the silence is a small part of the time");
