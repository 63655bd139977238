/** Every bound, with its unit and its reason, and how the bounds depend on each other. A queue or table whose bound is not
 * here does not exist. */
import { assert } from "./assert.ts";

// --- people and tables ---

/** Kiosks that vote at one table: PBFT costs n², and a radio's links end here. */
export const MEMBERS_MAX = 10;
/** Places at one table, several of which may share a kiosk. */
export const SEATS_MAX = 8;

// --- packets: what one radio hands to the next ---

/** A host splits larger things into verified chunks; a board must hold several of these while they arrive. */
export const PACKET_SIZE_MAX = 4096;
/** Attribute MTU before any exchange (Bluetooth Core, Vol 3 Part F 3.2.8). */
export const MTU_MIN = 23;
/** One link-layer packet of 251 B carries 247 B of attribute protocol on every board of ours. */
export const MTU_MAX = 247;
/** Opcode and handle of a write or a notification. */
export const ATT_OVERHEAD = 3;
/** Bytes of one GATT value at the largest MTU. */
export const GATT_VALUE_SIZE_MAX = MTU_MAX - ATT_OVERHEAD;
/** Urgency of a packet: Critical, High, Normal, Low. */
export const CLASS_COUNT = 4;

// --- packets in the air: fragments between two neighbouring radios ---

/** Tag, sequence, acknowledgement, bitmap, class and order: what the air adds to a packet in one fragment. */
export const WHOLE_OVERHEAD = 5;
/** The same and the index, of one or two bytes. */
export const PART_OVERHEAD_MAX = 7;
/** Fragments of the longest packet at the smallest MTU. */
export const FRAGMENTS_MAX = 316;
/** Sequences that are not yet acknowledged: as many as the bitmap has bits, and more than any stack queues. */
export const AIR_WINDOW_MAX = 8;
/** Orders are five bits and compared by half their circle. */
export const ORDER_COUNT = 32;
/** Links of one radio: an ESP32 controller's nine; the nRF52 boards have one or two. */
export const RADIO_LINKS_MAX = 9;
/** Packets in several fragments that a neighbour has under way beyond one a class: short ones alone, which take a step each. */
export const REASSEMBLY_EXTRA_SLOTS = 2;
/** Packets being put together on one link. */
export const REASSEMBLY_SLOTS = CLASS_COUNT + REASSEMBLY_EXTRA_SLOTS;
/** Bytes that are being put together or wait for the host, on one link: four of the longest and a window of whole ones. */
export const REASSEMBLY_SIZE_MAX = CLASS_COUNT * PACKET_SIZE_MAX + AIR_WINDOW_MAX * GATT_VALUE_SIZE_MAX;
/** Of several links each has an equal share of that, so that no neighbour takes another's; but no less than the longest
 * packet and a window of whole ones. */
export const REASSEMBLY_SHARE_MIN = PACKET_SIZE_MAX + AIR_WINDOW_MAX * GATT_VALUE_SIZE_MAX;
/** Room given to a packet when its first fragment arrives; it doubles as more of it does. */
export const REASSEMBLY_STEP_SIZE = 512;
/** A packet of which nothing more arrives. Six times the sender's own patience. */
export const REASSEMBLY_TIMEOUT_MS = 30_000;

/** Packets that wait for the air, a class and link; one more is refused. */
export const AIR_QUEUE_LENGTH_MAX = 16;
/** Bytes that wait on one link or are unacknowledged. */
export const LINK_BYTES_MAX = 16_384;
/** The same over all links of a radio, and for each packet what a board keeps of it beside its bytes: its place, its numbers
 * and its buffer take twenty slots. Were that not counted, many small packets would fill a board before few long ones. */
export const RADIO_BYTES_MAX = 17_408;
export const PACKET_KEPT_SIZE = 320;
/** Of both, what only Critical may fill: a flood of lesser packets never refuses a vote. */
export const CRITICAL_BYTES_RESERVED = PACKET_SIZE_MAX;
/** A packet that waited so long for its first fragment is stale. Twice what a heartbeat may wait. */
export const QUEUED_MAX_MS = 30_000;
/** A begun packet of which nothing more arrives at the neighbour. */
export const PACKET_TIMEOUT_MS = 5_000;
/** A begun packet that has to stand back behind more urgent ones: its next fragment is at hand after each starvation. */
export const STALLED_MAX_MS = 15_000;
/** The first time-out of a fragment; it doubles each time. The link layer repeats by itself, so that what is lost was lost
 * in a queue, and an answer takes two connection intervals. */
export const AIR_RETRY_BASE_MS = 100;
/** Connection intervals from a fragment to its acknowledgement: there, the neighbour's own pace, and back. */
export const AIR_ANSWER_INTERVALS = 3;
/** A fragment that was lost so often is lost for a reason that more of the same will not change. */
export const AIR_RETRIES_MAX = 3;
/** Repetitions of a cancellation are not counted out, but no longer doubled after so many. */
export const AIR_BACKOFF_MAX = 4;
/** A neighbour that answered none of so many repetitions: the link is of no use. */
export const UNRESPONSIVE_AFTER = 6;

/** A class that waited so long gets the next fragment … */
export const STARVED_AFTER_MS = 5_000;
/** … but one in so many at most, so that a vote is late by one fragment in eight. */
export const STARVED_SHARE = 8;
/** Bytes to one neighbour, in a second: half of what eight fragments every 20 ms could carry. */
export const LINK_BYTES_PER_SECOND = 50_000;
/** What Critical may be ahead of the budget: a burst of twenty votes. */
export const BUDGET_DEBT_MAX = 4_096;
/** Connection intervals (Bluetooth Core, Vol 6 Part B 4.5.1). */
export const CONNECTION_INTERVAL_MIN_MS = 7.5;
export const CONNECTION_INTERVAL_MAX_MS = 4_000;

assert(
  Math.ceil(PACKET_SIZE_MAX / (MTU_MIN - ATT_OVERHEAD - PART_OVERHEAD_MAX)) <= FRAGMENTS_MAX,
  "the longest packet fits the smallest MTU",
);
assert(AIR_WINDOW_MAX <= 8, "the bitmap is a byte");
assert(2 * (AIR_WINDOW_MAX + 1) < ORDER_COUNT, "half the circle of orders tells old from new");
assert(REASSEMBLY_SHARE_MIN < REASSEMBLY_SIZE_MAX, "a radio of one link gives it all that a link may use");
assert(2 * PACKET_TIMEOUT_MS < REASSEMBLY_TIMEOUT_MS, "a sender gives up long before its receiver");
assert(STALLED_MAX_MS < REASSEMBLY_TIMEOUT_MS, "a packet that stands back is given up before its receiver forgets it");
assert(STARVED_AFTER_MS * 2 < STALLED_MAX_MS, "a packet that stands back is served before it is given up");
assert(AIR_RETRY_BASE_MS * 2 ** AIR_RETRIES_MAX < PACKET_TIMEOUT_MS, "the retries fit the packet's time");
assert(CRITICAL_BYTES_RESERVED < LINK_BYTES_MAX && LINK_BYTES_MAX < RADIO_BYTES_MAX, "lesser packets have room too");

// --- power ---

/** Idle for so long, a radio saves, and then sleeps. */
export const SAVE_AFTER_IDLE_MS = 30_000;
export const SLEEP_AFTER_IDLE_MS = 300_000;
/** Battery percent: low below, no longer low from. */
export const BATTERY_LOW_PERCENT = 15;
export const BATTERY_FINE_PERCENT = 20;
/** Share of packets that arrive: poor below, no longer poor from. */
export const RELIABILITY_POOR = 0.9;
export const RELIABILITY_FINE = 0.95;
/** How often battery, idleness and quality are weighed. */
export const POWER_EVALUATION_MS = 10_000;
/** A change of parameters costs six old intervals, 1.2 s from Sleep: no state is left sooner than this unless it must be. */
export const POWER_DWELL_MS = 10_000;
/** Below this (dBm) a smaller value has the better chance. */
export const RSSI_POOR_DBM = -70;

assert(BATTERY_LOW_PERCENT < BATTERY_FINE_PERCENT && RELIABILITY_POOR < RELIABILITY_FINE, "thresholds have two sides");
assert(SAVE_AFTER_IDLE_MS < SLEEP_AFTER_IDLE_MS, "a radio saves before it sleeps");

// --- the serial wire ---

/** One serial frame before SLIP: control, data and CRC. Small, so that an urgent one waits 2.8 ms at 921600 baud. */
export const SERIAL_FRAME_SIZE_MAX = 256;

assert(MTU_MIN < MTU_MAX, "an MTU exchange can only enlarge");
/** A packet of the air, and what a command or report says about it. */
export const SERIAL_PACKET_SIZE_MAX = PACKET_SIZE_MAX + 16;
/** Frame type, sequence, acknowledgement, position, grant, flags, length: what a data frame adds to its chunk. */
export const DATA_FRAME_OVERHEAD = 9;
/** CRC-16. */
export const CRC_SIZE = 2;
/** The most of a packet that one serial frame carries. */
export const CHUNK_SIZE_MAX = SERIAL_FRAME_SIZE_MAX - DATA_FRAME_OVERHEAD - CRC_SIZE;
/** How long a stream from the other end is remembered: a window that our own long frame exhausted looks like silence. */
export const STREAM_MEMORY_MS = 50;
/** Bytes that each frame which came through at once adds to the next, after a time-out halved it. */
export const CHUNK_GROWTH_SIZE = 4;
/** Below this a frame would be mostly header. */
export const CHUNK_SIZE_MIN = 16;
/** Escaped throughout, with an END on both sides. */
export const WIRE_FRAME_SIZE_MAX = 2 * SERIAL_FRAME_SIZE_MAX + 2;
/** The least receive space that the link works with: an opening frame, escaped throughout, fits. */
export const SERIAL_SPACE_MIN = 96;
/** Positions are 16 bits and compared by half the circle. */
export const SERIAL_SPACE_MAX = 0x7fff;
/** Frames sent and not yet acknowledged. With chunks of 48 B while a 256 B frame comes the other way, nine are under way
 * before the first acknowledgement (ESP32 at 921600 baud, both ways busy). */
export const SERIAL_WINDOW = 16;
/** Bytes that a port is given ahead of its wire. What it holds is beyond recall: an urgent packet waits behind it and a
 * grant in it grows old. Both ways busy at 921600 baud, 128 B of space carry 0.86 of the wire with 32, 0.76 with 64. */
export const SERIAL_AHEAD_SIZE = 32;
/** Packets that wait for the wire, a class. Bytes are bounded beside it, by each end's own memory. */
export const SERIAL_QUEUE_LENGTH_MAX = 64;
/** Log lines that wait for the wire: enough for a burst at boot, and nothing is lost in silence but counted. */
export const LOG_QUEUE_LENGTH_MAX = 8;
export const LOG_TEXT_SIZE_MAX = 120;

/** One BLE connection a generation: at one a second, 136 years. */
export const LINK_GENERATION_MAX = 0xffffffff;
/** Tokens name a host's sends; a radio holds far fewer at a time. */
export const SEND_TOKEN_MAX = 0xffffff;
/** Speeds that a board offers: from 115200 to 3000000 there are hardly more. */
export const BAUDS_MAX = 8;
export const BAUD_MAX = 4_000_000;
/** Longer than any transfer that a bad bridge passes whole, short enough for every board's queue. */
export const ECHO_SIZE_MAX = 512;
/** A board by name, and what it says of its last fault: shown to people. */
export const BOARD_NAME_SIZE_MAX = 24;
export const FAULT_TEXT_SIZE_MAX = 64;
/** What there is room for in an advertisement of 31 B beside flags and a 128-bit service UUID. */
export const ADVERT_SIZE = 10;
/** Peers that a radio counts and bars. */
export const RADIO_PEERS_MAX = 64;
/** Kinds of counters that one report carries. */
export const COUNTERS_MAX = 80;

/** An opening is repeated until it is answered. A board boots in about a second. */
export const OPENING_RETRY_MS = 250;
export const OPENING_RETRY_MAX_MS = 2000;
/** A link with nothing to say says so: also how a lost grant is made good. */
export const HEARTBEAT_MS = 500;
/** After so long nothing is on the way any more, on any bridge; shorter than the time between two heartbeats. */
export const QUIET_MS = 250;
/** Five heartbeats lost in a row, or a cable out. A page erase or a collection stalls a board for about 100 ms. */
export const DEAD_AFTER_MS = 2500;
/** Before a round trip was measured: 256 B at 115200 baud take 22 ms, with a bridge's 16 ms latency timer on both sides. */
export const RETRANSMIT_INITIAL_MS = 250;
/** A board that is busy with values, or collects, answers so late on a good wire: at 10 ms an ESP32's was told every frame
 * of a packet nearly twice. A gap in the middle is asked for at once all the same. */
export const RETRANSMIT_MIN_MS = 50;
export const RETRANSMIT_MAX_MS = 1000;

assert(CHUNK_SIZE_MAX >= GATT_VALUE_SIZE_MAX, "what the air brought crosses the wire in one frame");
assert(SERIAL_WINDOW < 128, "half the circle of sequences tells old from new");
assert(RETRANSMIT_MAX_MS < DEAD_AFTER_MS, "a frame is tried again before its link is given up");
assert(QUIET_MS < HEARTBEAT_MS, "two heartbeats are further apart than anything is on the way");
assert(3 * HEARTBEAT_MS < DEAD_AFTER_MS, "a lost heartbeat or two is no death");

// --- envelopes and messages ---

/** SHA-256. */
export const DIGEST_SIZE = 32;
/** Ed25519 (RFC 8032). */
export const PUBLIC_KEY_SIZE = 32;
export const SIGNATURE_SIZE = 64;
/** Chosen at random when a table is made: no two tables ever share one. */
export const TABLE_ID_SIZE = 16;
/** What a kiosk is called in a view of the network: enough to tell fifty apart, never a proof of anything. */
export const PEER_TAG_SIZE = 8;

/** Five bytes of varint. A view every 30 s lasts a millennium, fifty sequences a second last 21 years. */
export const EPOCH_MAX = 2 ** 35 - 1;
export const VIEW_MAX = 2 ** 35 - 1;
export const SEQUENCE_MAX = 2 ** 35 - 1;
/** Six bytes of varint: several envelopes a sequence, and the milliseconds from 1970 to 2109. */
export const COUNTER_MAX = 2 ** 42 - 1;
export const TIME_MAX_MS = 2 ** 42 - 1;

/** Relays that may pass an envelope on: the longest way in a ring of ten is five links, in a chain nine. */
export const HOPS_MAX = 8;
/** What the encryption between two neighbours may add to an envelope: a tag of 16 B, a nonce, a header. */
export const SESSION_OVERHEAD_MAX = 64;
export const ENVELOPE_SIZE_MAX = PACKET_SIZE_MAX - SESSION_OVERHEAD_MAX;
/** All but the body, in the longer form: tag, hops, key, time, counter, table, signature, kind. */
export const ENVELOPE_OVERHEAD_MAX = 128;
export const BODY_SIZE_MAX = ENVELOPE_SIZE_MAX - ENVELOPE_OVERHEAD_MAX;
/** A vote in a table, with its signature, until a number grows past its first two or three bytes: two fit one fragment. */
export const VOTE_SIZE_MAX = 110;

/** A body up to this size is not packed: what repeats in so little does not pay for the block's own bytes. */
export const PACK_ABOVE = 64;

/** Counters of one sender and class that may still arrive late: what neighbours keep for five minutes for somebody absent, at seven
 * sealed envelopes a second. Votes are said openly and have no counter. Between classes there is no bound, so each has its own. */
export const REPLAY_WINDOW = 2_048;
/** How far a stranger's clock may be off (either way). */
export const STRANGER_TIME_TOLERANCE_MS = 30_000;
/** Envelopes of strangers remembered until their time is over; then the door is shut rather than one forgotten. */
export const STRANGER_SEEN_MAX = 4096;
/** And of one key, so that one stranger does not shut it for all. A join and a minute of heartbeats take some twenty. */
export const STRANGER_SEEN_PER_KEY_MAX = 128;
/** How often a full memory is searched for what its time made obsolete: the search must not be the flood's lever. */
export const STRANGER_PRUNE_MS = 1000;

/** Sequences open at once: a view change names them all. */
export const SLOTS_MAX = 8;
/** Requests agreed on at once. */
export const BATCH_LENGTH_MAX = 50;
/** What one seat asks for: a bet is about 20 B, a change of members with its proof the longest. */
export const OPERATION_SIZE_MAX = 1024;
/** What came of it, shown at the kiosk that asked. */
export const RESULT_SIZE_MAX = 512;
/** A view change within its message: at ten members one with a single certificate takes 1.6 KB; a longer one is an object. */
export const VIEW_CHANGE_INLINE_SIZE_MAX = 3072;
/** Batches named in one certificate: what a kiosk may be behind before a snapshot is shorter. */
export const CERTIFICATE_NAMES_MAX = 48;
/** A ballot or a signed view change, as its signer is shown it again. */
export const RECALLED_SIZE_MAX = 320;
/** What a proposal outside the order of batches wants. */
export const PROPOSAL_SIZE_MAX = 1024;
/** Why a person or a kiosk said no: shown, never acted on. */
export const REASON_SIZE_MAX = 64;
/** A kiosk's or a program's name on a screen. */
export const NAME_SIZE_MAX = 32;
/** Two signed envelopes that contradict each other, with room for a bundle each; more travels as an object. */
export const EVIDENCE_SIZE_MAX = 2048;
/** What an identity cost, or a stake: 122 B for an identity, a certificate of a stake for the rest. */
export const JOIN_PROOF_SIZE_MAX = 1024;
/** Objects too large for a packet, in chunks; each chunk brings its way up the tree of digests. */
export const CHUNK_BYTES_MAX = 2048;
export const CHUNK_COUNT_MAX = 256;
export const CHUNK_PATH_MAX = 8;
/** What a board never sees and a host holds a few of: half a mebibyte. */
export const OBJECT_SIZE_MAX = CHUNK_BYTES_MAX * CHUNK_COUNT_MAX;
/** Kiosks in a view of the network: a venue of forty and some guests. */
export const PEERS_SEEN_MAX = 50;

assert(MEMBERS_MAX <= 16 && HOPS_MAX <= 15, "a sender and its hops share a byte");
assert(BODY_SIZE_MAX > VIEW_CHANGE_INLINE_SIZE_MAX + DIGEST_SIZE, "a view change of the inline size is one message");
assert(2 * VOTE_SIZE_MAX <= GATT_VALUE_SIZE_MAX - WHOLE_OVERHEAD, "two votes fit one fragment");
assert(2 ** CHUNK_PATH_MAX === CHUNK_COUNT_MAX, "the way up the tree is as long as the tree is high");
assert(STRANGER_SEEN_PER_KEY_MAX * 8 <= STRANGER_SEEN_MAX, "several strangers may knock at once");
assert(EVIDENCE_SIZE_MAX >= 2 * VOTE_SIZE_MAX, "two contradicting votes are evidence in one piece");
