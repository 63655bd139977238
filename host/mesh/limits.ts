/** What a neighbour may send: the bounds of the mesh, each with its unit and reason. */
import { assert } from "../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../protocol/core/limits.ts";

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
 * be forgotten early. */
export const PEERS_REMEMBERED_MAX = 160;

assert(PEER_CONNECTIONS_MAX * MEMBERS_MAX <= CONNECTIONS_RESERVED, "the members of a table find room beside strangers");
assert(CONNECTIONS_RESERVED < CONNECTIONS_MAX && NEW_CONNECTIONS_RESERVED < NEW_CONNECTIONS_MAX, "strangers may come");
assert(PEER_CONNECTIONS_MAX <= NEW_CONNECTIONS_RESERVED, "a member that restarts comes back with all its links");
assert(CONNECTION_COOLDOWN_MS <= BAN_MS && NEW_CONNECTIONS_WINDOW_MS <= BAN_MS, "a ban is what is remembered longest");
assert(
  CONNECTIONS_MAX + NEW_CONNECTIONS_MAX * (Math.ceil(BAN_MS / NEW_CONNECTIONS_WINDOW_MS) + 1) <= PEERS_REMEMBERED_MAX,
  "everyone who had a link within the time of a ban is remembered",
);
