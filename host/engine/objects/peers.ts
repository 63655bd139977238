/** What is known of each member as somebody to ask: its pace, its silences, and how long to leave it alone. It outlives
 * single fetches, so that who was silent is not tried first for every batch anew. */
import { type Millis, millis } from "../../../protocol/core/units.ts";
import {
  ASK_CHUNKS_MAX,
  PACE_MIN_MS,
  PEER_QUIET_MS,
  PEER_STALE_MS,
  RETRY_MAX_MS,
  RETRY_MIN_MS,
  SETBACKS_MAX,
} from "./limits.ts";

export interface Peer {
  heardAt: Millis;
  /** From ask to chunk and from chunk to chunk, smoothed; undefined before the first. */
  paceMs: number | undefined;
  /** How long it was waited for in vain since its last chunk. */
  silentMs: number;
  /** Silences and refusals for being busy, less one for each chunk. */
  setbacks: number;
  /** Not asked before. */
  retryAt: Millis;
  /** While it owes something: since when nothing has come of it. */
  waitingSince: Millis;
  /** The same of what it owed when it was given up: it may only be late. */
  lateSince: Millis | undefined;
  /** Chunks asked of it so far. */
  askedCount: number;
  /** Chunks that it may owe: one at first, one more with each that comes. */
  window: number;
  /** It said what no honest member says. */
  isBarred: boolean;
}

/** At first everyone counts as heard: who is there shows when asked. */
export const peer = (at: Millis): Peer => ({
  heardAt: at,
  paceMs: undefined,
  silentMs: 0,
  setbacks: 0,
  retryAt: at,
  waitingSince: at,
  lateSince: undefined,
  askedCount: 0,
  window: 1,
  isBarred: false,
});

export const isFresh = (peer: Peer, now: Millis): boolean => now < peer.heardAt + PEER_STALE_MS;

export const isQuiet = (peer: Peer, now: Millis): boolean => now >= peer.heardAt + PEER_QUIET_MS;

/** Undefined for one that was never asked: it is neither quick nor slow. */
export function paceOf(peer: Peer): number | undefined {
  if (peer.paceMs === undefined && peer.silentMs === 0) return undefined;
  return Math.max(PACE_MIN_MS, peer.paceMs ?? 0, peer.silentMs);
}

export const hasProved = (peer: Peer): boolean => peer.paceMs !== undefined && peer.silentMs === 0;

export function onAsked(peer: Peer, now: Millis, owedNothing: boolean): void {
  if (owedNothing) peer.waitingSince = now;
}

/** A chunk that it was asked for, and that holds. */
export function onBrought(peer: Peer, now: Millis): void {
  learn(peer, now - peer.waitingSince);
  peer.setbacks = Math.max(0, peer.setbacks - 1);
  peer.waitingSince = now;
  peer.window = Math.min(ASK_CHUNKS_MAX, peer.window + 1);
}

/** A chunk that it had been given up for: patience was short, and is learnt. Were only what came in time measured, a link
 * slower than the first guess would never be known. */
export function onBroughtLate(peer: Peer, now: Millis): void {
  if (peer.lateSince !== undefined) learn(peer, now - peer.lateSince);
}

export function onSilent(peer: Peer, now: Millis): void {
  peer.silentMs = Math.max(peer.silentMs, now - peer.waitingSince);
  peer.lateSince = peer.waitingSince;
  setBack(peer, now);
}

export const onBusy = (peer: Peer, now: Millis): void => setBack(peer, now);

function learn(peer: Peer, tookMs: number): void {
  peer.paceMs = smoothed(peer.paceMs, tookMs);
  peer.silentMs = 0;
  peer.lateSince = undefined;
}

export const smoothed = (before: number | undefined, sample: number): number =>
  before === undefined ? sample : 0.75 * before + 0.25 * sample;

function setBack(peer: Peer, now: Millis): void {
  const waitMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** peer.setbacks);
  peer.retryAt = millis(now + waitMs);
  peer.setbacks = Math.min(SETBACKS_MAX, peer.setbacks + 1);
  peer.window = 1;
}
