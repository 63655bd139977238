/** What a neighbour may send: the bounds of the mesh, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";
import { HOPS_MAX, MEMBERS_MAX } from "../../protocol/core/limits.ts";

/** Links that a kiosk keeps at all, over all its radios. */
export const CONNECTIONS_MAX = 100;
/** Of these, what strangers cannot fill. */
export const CONNECTIONS_RESERVED = 30;
/** Links of one peer: one a radio, of the two or three that a kiosk has. */
export const PEER_CONNECTIONS_MAX = 3;
/** Links that begin within a minute, and of these what strangers cannot use up. */
export const NEW_CONNECTIONS_MAX = 10;
export const NEW_CONNECTIONS_RESERVED = 4;
export const NEW_CONNECTIONS_WINDOW_MS = 60_000;
/** A peer that comes and goes is left out for so long. */
export const CONNECTION_COOLDOWN_MS = 60_000;
/** Packets that one link may bring: a table of ten at full speed sends some thirty. */
export const LINK_PACKETS_PER_SECOND = 50;
/** And at once, after a silence: what a second allows. */
export const LINK_PACKETS_BURST_MAX = 50;
/** One may be an accident of software, three are not. */
export const VIOLATIONS_MAX = 3;
/** How long a ban lasts, and how long a violation is remembered. */
export const BAN_MS = 300_000;
/** Peers with a link, or whose last link is not longer ago than a ban lasts: nobody else is remembered, so that nobody need
 * be forgotten early. Members beside them, of this epoch and of others that a ban outlasts. */
export const PEERS_REMEMBERED_MAX = 160 + 4 * MEMBERS_MAX;

// --- what is passed on ---

/** How long a message is known again, at least, and how many at least, each by its bytes and by what is signed: a table that
 * plays says some thirty a second. Twice as many are known at most, for twice as long. */
export const SEEN_MS = 300_000;
export const SEEN_MAX = 2 * 10_000;
/** What strangers say goes no further: a kiosk that looks for a table has it in the room. */
export const HOPS_NEARBY_MAX = 3;
/** But for a place, and what is answered: from somebody beside a ring of ten, whom a quorum of it must hear, to the other side. */
export const HOPS_JOINING_MAX = 6;
/** What one signer may say over a link before what it says comes after all that others say: half of what a link carries. */
export const ORIGIN_PACKETS_PER_SECOND = 25;
export const ORIGIN_PACKETS_BURST_MAX = 50;
/** All strangers together have one share, and it is small. */
export const STRANGERS_PACKETS_PER_SECOND = 5;
export const STRANGERS_PACKETS_BURST_MAX = 20;
/** What is said again under another number, a link: its repeat number is not signed, so that anybody can raise it. */
export const REPEATS_PER_SECOND = 5;
export const REPEATS_BURST_MAX = 10;
/** The longest wait before a message goes on, by class and for each neighbour beyond the first: within it, it may come from
 * there and need not go. */
export const JITTER_MS = Object.freeze([4, 6, 10, 100]);
export const JITTER_NEIGHBOURS_MAX = 4;
/** What nobody here can verify and is passed on all the same, a neighbour. */
export const UNCERTAIN_PER_SECOND = 20;
export const UNCERTAIN_BURST_MAX = 20;
/** What comes back from a neighbour that has it for so long was not on its way when it got it. */
export const ECHO_AFTER_MS = 10_000;
/** A neighbour that certainly has it not gets it again after this, so often; then it is offered. */
export const AGAIN_AFTER_MS = 400;
export const AGAIN_MAX = 3;

// --- what waits for a neighbour ---

/** What one neighbour is given in a second: less than it takes, for a bad air presses together what was sent apart. */
export const PACE_PACKETS_PER_SECOND = 45;
export const PACE_PACKETS_BURST_MAX = 30;
/** Packets that wait for one neighbour, a class; one more pushes out the oldest of whoever has most. */
export const LINE_LENGTH_MAX = 64;
/** Packets given to a link's radio and not settled: what is given is beyond recall. */
export const UNDER_WAY_MAX = 6;
/** What waited so long goes before what is more urgent, one packet in so many. */
export const LINE_STARVED_AFTER_MS = 2_000;
export const LINE_STARVED_SHARE = 8;

// --- what is kept for those who are away ---

/** Five minutes, and the time to find a link again. */
export const KEPT_MS = 330_000;
/** A heartbeat is of no use when the one after the next is due. */
export const KEPT_LOW_MS = 12_000;
export const KEPT_MAX = 2_048;
export const KEPT_SIZE_MAX = 1_048_576;
/** Messages named in one offer. */
export const OFFER_LENGTH_MAX = 64;
/** Half a digest: two messages of one name would hide a contradiction. */
export const MESSAGE_ID_SIZE = 16;
/** Of those who are one link nearer to a message's signer, so many send it to a kiosk: one of them may fail. The others offer. */
export const SENDERS_COUNT = 2;
/** What somebody else sends is offered after so long, by class. */
export const LAZY_MS = Object.freeze([300, 500, 1_000, 2_000]);
/** Between two offers to one neighbour, and until one that was not answered is made again. */
export const OFFER_EVERY_MS = 500;
export const OFFER_PATIENCE_MS = 4_000;
/** Offers in a row that were not answered: such a neighbour is offered little. */
export const OFFERS_UNANSWERED_MAX = 3;
export const OFFER_SELDOM_MS = 30_000;
/** Offers that a neighbour may make, a second and at once. */
export const OFFERS_PER_SECOND = 4;
export const OFFERS_BURST_MAX = 16;

// --- who is there ---

/** Idle links carry little else, and three of them fit the time after which one is suspected. */
export const HEARTBEAT_EVERY_MS = 5_000;
/** So much sooner, by chance: neighbours do not all speak at once. */
export const HEARTBEAT_SOONER_MS = 500;
/** Three missed. */
export const SUSPECT_AFTER_MS = 15_000;
/** One heartbeat in so many names everyone; the others name the speaker's own links, which is what the map is made of. */
export const VIEW_SHARE = 3;
/** Strangers in the map, who are forgotten after a minute of silence and not to make room. */
export const STRANGERS_SEEN_MAX = 16;
export const STRANGER_FORGOTTEN_MS = 60_000;
/** Where a link's signal is not known: stock servers do not measure it. */
export const SIGNAL_UNKNOWN_DBM = -128;

// --- ways ---

/** Kiosks on a way, both ends with it. */
export const WAY_LENGTH_MAX = HOPS_MAX + 2;
/** Ways that share no relay, of which the next is taken when one brings no answer. */
export const WAYS_MAX = 4;

// --- who opens which link ---

/** A link that did not come up is tried again after this, half of it more or less by chance. */
export const DIAL_AGAIN_MS = 2_000;
/** So long a kiosk is heard in another part of the table before a link is opened to it that no plan has. */
export const DIAL_PLAN_PATIENCE_MS = 20_000;
/** And before who should wait for its call calls. */
export const DIAL_UNASKED_AFTER_MS = 15_000;
/** Adverts so far apart are two visits. */
export const HEARD_APART_MS = 10_000;
/** After a link was lost the map says so long that its other end is there. */
export const RING_CLOSES_AFTER_MS = SUSPECT_AFTER_MS + HEARTBEAT_EVERY_MS;
/** A ring that should be open: the map may be about to learn that the table is whole. */
export const RING_PATIENCE_MS = 12_000;
/** At least, and up to twice as long by chance, before a link gives way to the plan: others are to see it before they close theirs. */
export const GIVE_WAY_AFTER_MS = RING_PATIENCE_MS;

assert(HOPS_JOINING_MAX >= 1 + MEMBERS_MAX / 2, "who asks at one kiosk of a ring is heard all round it");
assert(PEER_CONNECTIONS_MAX * MEMBERS_MAX <= CONNECTIONS_RESERVED, "the members of a table find room beside strangers");
assert(CONNECTIONS_RESERVED < CONNECTIONS_MAX && NEW_CONNECTIONS_RESERVED < NEW_CONNECTIONS_MAX, "strangers may come");
assert(PEER_CONNECTIONS_MAX <= NEW_CONNECTIONS_RESERVED, "a member that restarts comes back with all its links");
assert(CONNECTION_COOLDOWN_MS <= BAN_MS && NEW_CONNECTIONS_WINDOW_MS <= BAN_MS, "a ban is what is remembered longest");
assert(
  CONNECTIONS_MAX + NEW_CONNECTIONS_MAX * (Math.ceil(BAN_MS / NEW_CONNECTIONS_WINDOW_MS) + 1) <=
    PEERS_REMEMBERED_MAX - 4 * MEMBERS_MAX,
  "everyone who had a link within the time of a ban is remembered",
);
assert(PACE_PACKETS_PER_SECOND < LINK_PACKETS_PER_SECOND, "an honest neighbour is never too fast");
assert(PACE_PACKETS_BURST_MAX + UNDER_WAY_MAX < LINK_PACKETS_BURST_MAX, "nor after a silence");
assert(ORIGIN_PACKETS_PER_SECOND * 2 <= LINK_PACKETS_PER_SECOND, "a signer leaves half of a link to others");
assert(3 * HEARTBEAT_EVERY_MS <= SUSPECT_AFTER_MS, "who is suspected has missed three");
assert(HEARTBEAT_SOONER_MS < HEARTBEAT_EVERY_MS && KEPT_LOW_MS < SUSPECT_AFTER_MS, "heartbeats follow each other");
assert(AGAIN_MAX * AGAIN_AFTER_MS < KEPT_LOW_MS, "a heartbeat is tried again while it is of use");
