/**
 * How long members wait for each other on a transport, as data. The machines that wait are elsewhere; what they wait for is
 * computed from one of these, from what was measured, and from how often it was in vain.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { ROUND_MAX_MS, TIMEOUT_ROUND_TRIPS_MIN } from "./limits.ts";

export interface Profile {
  readonly name: "LAN" | "BLE";
  /** A primary holds back a batch that is not full for so long. */
  readonly batchMs: number;
  /** From a request to its proposal. */
  readonly proposeMs: number;
  /** From a proposal to a quorum of prepares. */
  readonly prepareMs: number;
  /** From there to a quorum of commits. */
  readonly commitMs: number;
  /** From an own checkpoint to a quorum of equal ones: what is missing is asked for then. */
  readonly checkpointMs: number;
  /** From a quorum of view changes to the new view. */
  readonly viewChangeMs: number;
  /** A slot that is prepared waits for the votes of the rest before it goes the longer way … */
  readonly fastPathMs: number;
  /** … or so many connection intervals, where that is longer. */
  readonly fastPathIntervals: number;
  /** What was said and not answered is said again after this; then after twice as long, and so on. */
  readonly statusMs: number;
  /** Who waits for nothing says after this that it has come so far, for others may have missed the end of it. */
  readonly settledMs: number;
  /** The primary hands over after so long. */
  readonly rotateMs: number;
  /** An idle table whose state waits for a moment agrees on the time no more often than this. */
  readonly tickMs: number;
  /** Before any was measured. */
  readonly roundTripMs: number;
  /** No adaptive time-out is longer. The shortest is `TIMEOUT_ROUND_TRIPS_MIN` round trips. */
  readonly timeoutMaxMs: number;
}

/** Processes on one machine or one switch. */
export const LAN: Profile = Object.freeze({
  name: "LAN",
  // Five signatures' time: under load a batch fills sooner, idle nobody notices.
  batchMs: 5,
  // The server's own figures: 100, 100 and 50 ms for the phases, 500 for a checkpoint, 1000 for a view change.
  proposeMs: 100,
  prepareMs: 100,
  commitMs: 50,
  checkpointMs: 500,
  viewChangeMs: 1_000,
  // Two turns of a busy event loop at each of the others.
  fastPathMs: 20,
  fastPathIntervals: 0,
  // Before the shortest phase is over, so that one lost message costs no view; after a busy process's round trip.
  statusMs: 40,
  settledMs: 40,
  rotateMs: 30_000,
  // A moment is late by a quarter of a second, which a player does not see.
  tickMs: 250,
  // A process that collects garbage answers so late, on a wire of less than a millisecond.
  roundTripMs: 25,
  timeoutMaxMs: 1_000,
});

/** Kiosks over radios with connection intervals of 20 to 200 ms, one or more hops apart. */
export const BLE: Profile = Object.freeze({
  name: "BLE",
  // One connection interval: what comes within it leaves in one packet.
  batchMs: 20,
  // The server's shares of a time-out of four seconds: a round that nobody has measured has all of it.
  proposeMs: 1_600,
  prepareMs: 1_600,
  commitMs: 800,
  // Ten checkpoints that all miss a packet once, while votes go before them.
  checkpointMs: 4_000,
  // A view change of ten with its proofs is 6 KiB a member, of which most are there already: half a second at 12 KB/s, and
  // time for a packet that is repeated twice.
  viewChangeMs: 4_000,
  // The votes of the rest are in the air when a quorum is here: they come with the next connection event.
  fastPathMs: 20,
  fastPathIntervals: 1,
  // Four round trips of two hops: what was lost was lost in a queue, and asking sooner fills it more.
  statusMs: 480,
  // What a link loses the mesh says again, and offers again after a second: whoever lacks anything all the same asks by itself.
  settledMs: 1_920,
  rotateMs: 30_000,
  // Fifteen empty batches in a turn of 15 s cost each link some 100 B/s.
  tickMs: 1_000,
  // Two hops, each of which answers within three connection intervals of 20 ms.
  roundTripMs: 120,
  timeoutMaxMs: 4_000,
});

export const PROFILES: readonly Profile[] = Object.freeze([LAN, BLE]);

/** From a request to its execution, before any was measured. */
export const requestMs = (profile: Profile): number => profile.proposeMs + profile.prepareMs + profile.commitMs;

/** For the interval that the power state sets. */
export const fastPathWindowMs = (profile: Profile, intervalMs: number): number =>
  Math.max(profile.fastPathMs, profile.fastPathIntervals * intervalMs);

/** Intervals above this are slower than the figures above allow for: two hops take longer than they wait. */
const INTERVAL_USUAL_MS = 40;

/** The same over links that speak so seldom. To ask again what is still under way fills the links with questions: so only what
 * waits for an answer waits longer, and nobody is trusted longer than a round may take. */
export function atInterval(profile: Profile, intervalMs: number): Profile {
  if (intervalMs <= INTERVAL_USUAL_MS) return profile;
  const times = intervalMs / INTERVAL_USUAL_MS;
  return {
    ...profile,
    batchMs: Math.max(profile.batchMs, intervalMs),
    fastPathMs: fastPathWindowMs(profile, intervalMs),
    checkpointMs: profile.checkpointMs * times,
    viewChangeMs: profile.viewChangeMs * times,
    statusMs: profile.statusMs * times,
    settledMs: profile.settledMs * times,
  };
}

for (const profile of PROFILES) {
  assert(profile.batchMs + requestMs(profile) < ROUND_MAX_MS, "a round that is waited for to the end keeps its time");
  assert(requestMs(profile) <= profile.timeoutMaxMs, "what holds before any measurement may hold after it");
  assert(TIMEOUT_ROUND_TRIPS_MIN * profile.roundTripMs < profile.timeoutMaxMs, "a time-out has room to adapt");
  assert(profile.statusMs < profile.commitMs, "a lost message is repeated before anybody is suspected");
  assert(profile.batchMs < profile.proposeMs, "a primary that fills its batch is not late");
  assert(requestMs(profile) < profile.rotateMs, "a request is decided before its primary hands over");
}
