/** Bounds and patience of a radio itself, beside those that it shares with its host and its neighbours. */
import { assert } from "../../protocol/core/assert.ts";
import {
  AIR_WINDOW_MAX,
  DEAD_AFTER_MS,
  RADIO_LINKS_MAX,
  RADIO_PEERS_MAX,
  SERIAL_PACKET_SIZE_MAX,
} from "../../protocol/core/limits.ts";

/** A server's link that the host does not keep is somebody else's. */
export const KEEP_WITHIN_MS = 5_000;
/** A connection attempt that was cancelled and is still pending: where the stack has no cancel, only a restart ends it. */
export const CANCEL_WITHIN_MS = 5_000;
/** A stack that was begun and says nothing. Boards take one to two seconds. */
export const READY_WITHIN_MS = 10_000;
/** A connection that was told to end. Supervision ends it by itself within four seconds. */
export const DISCONNECT_WITHIN_MS = 5_000;
export const DISCONNECT_TRIES_MAX = 3;
/** Bytes come and none of them is a frame: first the port is opened anew, then the board restarts. */
export const DEAF_REOPEN_MS = 10_000;
export const DEAF_RESTART_MS = 60_000;
/** At a speed of the serial line that was ordered: an opening takes three frames. */
export const RATE_WITHIN_MS = 3_000;
/** How often each link's quality is weighed and told. */
export const QUALITY_EVERY_MS = 10_000;

/** Bytes of reports that wait for the wire: the longest packet and some short ones. */
export const SERIAL_WAITING_SIZE = 6_144;
/** Of these, what packets from the air leave alone, so that news of links never waits behind them. */
export const SERIAL_RESERVED_SIZE = 512;
/** Reports that wait for room on the wire, a class. What the air brought is bounded by each neighbour's window; the rest
 * answers commands, and a host that asks more than it listens starts over. */
export const BACKLOG_LENGTH_MAX = 128;
/** Of these, what only informs takes no more. */
export const BACKLOG_INFORMING_MAX = 16;
/** What only informs goes on to the serial link while less of its class waits there. */
export const SERIAL_INFORMING_MAX = 4;

/** Faults in a row that are no accident: at one bad value in a hundred, once in 10^10. */
export const FAULTS_BARRED_FROM = 5;
/** A run of faults that went on no further. */
export const FAULTS_FORGOTTEN_MS = 60_000;
/** How long a radio bars by itself; what the host knows, it bars for longer. */
export const PEER_BARRED_MS = 300_000;
/** Values of one neighbour: its window in each connection interval … */
export const VALUES_PER_INTERVAL = AIR_WINDOW_MAX;
/** … and, after a pause of this board, what its task queue held. */
export const VALUES_BURST = 64;
/** A neighbour that advertises ten times a second is news once. */
export const DISCOVERED_EVERY_MS = 1_000;
/** Discoveries of all neighbours in a second: more are a flood, and a venue has no more kiosks. */
export const DISCOVERED_PER_SECOND = 20;

/** Asked for with every interval: twenty events at Sleep. Drops by supervision are rare from 0.7 s on. */
export const SUPERVISION_MS = 4_000;

assert(SERIAL_WAITING_SIZE >= SERIAL_PACKET_SIZE_MAX + SERIAL_RESERVED_SIZE, "the longest packet crosses the wire");
assert(BACKLOG_LENGTH_MAX > AIR_WINDOW_MAX * RADIO_LINKS_MAX, "what all neighbours' windows hold finds its place");
assert(VALUES_BURST > VALUES_PER_INTERVAL, "a burst is more than an interval's due");
assert(DEAF_REOPEN_MS > DEAD_AFTER_MS && DEAF_RESTART_MS > DEAF_REOPEN_MS, "the milder remedy comes first");
assert(DISCOVERED_PER_SECOND <= RADIO_PEERS_MAX, "who was told of within a second is remembered");
