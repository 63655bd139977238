/** Sequences that are sent and not acknowledged: selective repeat. What left the stack's queue in silence comes to light
 * here, by a time-out, and never otherwise. */
import { assert } from "../core/assert.ts";
import { AIR_BACKOFF_MAX, AIR_RETRY_BASE_MS, AIR_WINDOW_MAX } from "../core/limits.ts";
import { measured, type RoundTrip, roundTrip, timedOut } from "../core/round-trip.ts";
import type { Millis } from "../core/units.ts";
import type { Outgoing } from "./outgoing.ts";

export interface SendWindow {
  /** Oldest first, without a gap; `next` follows the last. */
  readonly flights: Flight[];
  next: number;
  /** Those under way: neither known to have arrived nor given up for lost. */
  flying: number;
  size: number;
  readonly sizeMax: number;
  /** Arrived at the first try since the size last changed. */
  clean: number;
  halvedAt: number;
  /** When something was last heard of the flights, or asked about them since, so many times. */
  heardAt: number;
  asked: number;
  readonly trip: RoundTrip;
}

export interface Flight {
  readonly sequence: number;
  readonly packet: Outgoing;
  readonly index: number;
  /** Carries nothing any more but the news that its packet is given up. */
  cancels: boolean;
  tries: number;
  sentAt: Millis;
  dueAt: number;
  arrived: boolean;
  lost: boolean;
}

export function sendWindow(sizeMax: number): SendWindow {
  assert(sizeMax >= 1 && sizeMax <= AIR_WINDOW_MAX, "the window keeps its bound");
  return {
    flights: [],
    next: 0,
    flying: 0,
    size: 1,
    sizeMax,
    clean: 0,
    halvedAt: 0,
    heardAt: 0,
    asked: 0,
    trip: roundTrip(),
  };
}

export const mayRepeat = (window: SendWindow): boolean => window.flying < window.size;
/** A new sequence lies within the neighbour's bitmap. */
export const maySend = (window: SendWindow): boolean =>
  window.flying < window.size && window.flights.length < AIR_WINDOW_MAX;

export function launch(
  window: SendWindow,
  packet: Outgoing,
  index: number,
  cancels: boolean,
  now: Millis,
  floorMs: number,
): Flight {
  assert(maySend(window), "a fragment leaves when the window has room");
  const flight: Flight = {
    sequence: window.next,
    packet,
    index,
    cancels,
    tries: 0,
    sentAt: now,
    dueAt: now + waitMs(window, 0, floorMs),
    arrived: false,
    lost: false,
  };
  window.flights.push(flight);
  window.next = (window.next + 1) & 0xff;
  window.flying += 1;
  return flight;
}

export function relaunch(window: SendWindow, flight: Flight, now: Millis, floorMs: number): void {
  assert(flight.lost && mayRepeat(window), "what is lost is repeated when the window has room");
  flight.lost = false;
  flight.tries += 1;
  flight.sentAt = now;
  flight.dueAt = now + waitMs(window, flight.tries, floorMs);
  window.flying += 1;
}

/** False: it acknowledges what was never sent. */
export function acknowledge(window: SendWindow, expected: number, seen: number, now: Millis): boolean {
  const { flights } = window;
  const count = (expected - window.next + flights.length) & 0xff;
  if (count > flights.length) return count >= 0x80;
  for (let i = 0; i < count; i++) {
    arrive(window, flights[i], now);
    if (!flights[i].cancels) flights[i].packet.acknowledged += 1;
  }
  for (let i = count, bits = seen; bits !== 0 && i < flights.length; i++, bits >>>= 1) {
    if ((bits & 1) !== 0) arrive(window, flights[i], now);
  }
  if (count > 0) {
    flights.splice(0, count);
    heard(window, now);
  }
  return true;
}

/** When everything has arrived and the neighbour's host has not taken it all, as far as is known, a lost acknowledgement is
 * made good by asking; while something is under way, its repetition asks. */
export function askAt(window: SendWindow, floorMs: number): number {
  const { flights } = window;
  if (flights.length === 0) return Number.POSITIVE_INFINITY;
  for (let i = 0; i < flights.length; i++) if (!flights[i].arrived) return Number.POSITIVE_INFINITY;
  return window.heardAt + waitMs(window, window.asked, floorMs);
}

export function asks(window: SendWindow, now: Millis): void {
  window.asked += 1;
  window.heardAt = now;
}

/** How many were found lost. They keep their place and are repeated in the order of their classes. */
export function findLost(window: SendWindow, now: Millis): number {
  let count = 0;
  for (let i = 0; i < window.flights.length; i++) {
    const flight = window.flights[i];
    if (flight.arrived || flight.lost || now < flight.dueAt) continue;
    flight.lost = true;
    window.flying -= 1;
    count += 1;
    // What left before the last halving is part of the same trouble.
    if (flight.sentAt < window.halvedAt) continue;
    window.halvedAt = now;
    window.size = Math.max(1, window.size >> 1);
    window.clean = 0;
    timedOut(window.trip);
  }
  return count;
}

export function flightDeadline(window: SendWindow): number {
  let at = Number.POSITIVE_INFINITY;
  for (let i = 0; i < window.flights.length; i++) {
    const flight = window.flights[i];
    if (!flight.arrived && !flight.lost && flight.dueAt < at) at = flight.dueAt;
  }
  return at;
}

function arrive(window: SendWindow, flight: Flight, now: Millis): void {
  if (flight.arrived) return;
  flight.arrived = true;
  if (!flight.lost) window.flying -= 1;
  flight.lost = false;
  flight.packet.progressAt = now;
  heard(window, now);
  // Karn: what was sent twice tells nothing about time.
  if (flight.tries > 0) return;
  measured(window.trip, now - flight.sentAt);
  window.clean += 1;
  if (window.clean < window.size || window.size === window.sizeMax) return;
  window.size += 1;
  window.clean = 0;
}

function heard(window: SendWindow, now: Millis): void {
  window.heardAt = now;
  window.asked = 0;
}

function waitMs(window: SendWindow, tries: number, floorMs: number): number {
  const backoffMs = AIR_RETRY_BASE_MS * 2 ** Math.min(tries, AIR_BACKOFF_MAX);
  return Math.max(window.trip.timeoutMs, floorMs, backoffMs);
}
