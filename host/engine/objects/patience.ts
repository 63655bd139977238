/**
 * How long a member that owes chunks may be silent.
 *
 * All that is owed may come over one link, whoever sends it, and then stands in one line. So patience is measured in gaps
 * between chunks, whoever brought them, and goes by how many are owed in all: long in the middle of an object, where a
 * silence costs little, and short at its end, where all wait for it.
 */
import { type MemberIndex, type Millis, millis } from "../../../protocol/core/units.ts";
import { type Fetches, owedBy } from "./fetch-state.ts";
import {
  ASK_TIMEOUT_MAX_MS,
  ASK_TIMEOUT_MIN_MS,
  ASK_TIMEOUT_MS,
  LINE_TIMEOUT_MAX_MS,
  PATIENCE_TIMES,
} from "./limits.ts";
import { onBrought, onBroughtLate, smoothed } from "./peers.ts";

/** Only for who owes something. */
export function silentAt(state: Fetches, each: number): Millis {
  const { waitingSince, setbacks } = state.peers[each];
  const usual = usualMs(state);
  return millis(waitingSince + Math.max(usual, Math.min(ASK_TIMEOUT_MAX_MS, usual * 2 ** setbacks)));
}

/** A chunk that holds, and is new; `wasOwed` by who brings it. */
export function noteBrought(state: Fetches, from: MemberIndex, wasOwed: boolean): void {
  const { now, broughtAt } = state;
  const peer = state.peers[from];
  const since = wasOwed ? peer.waitingSince : peer.lateSince;
  if (since !== undefined) state.gapMs = smoothed(state.gapMs, now - Math.max(since, broughtAt));
  state.broughtAt = now;
  if (wasOwed) onBrought(peer, now);
  else onBroughtLate(peer, now);
}

/** Chunks that one member may owe: fewer where so many would outlast the longest patience. */
export function windowOf(state: Fetches, each: number): number {
  const { window } = state.peers[each];
  if (state.gapMs === undefined) return window;
  const lineMax = Math.floor(ASK_TIMEOUT_MAX_MS / (PATIENCE_TIMES * Math.max(1, state.gapMs))) - 1;
  return Math.max(1, Math.min(window, lineMax));
}

function usualMs(state: Fetches): number {
  if (state.gapMs === undefined) return ASK_TIMEOUT_MS * state.patienceShare;
  let owed = 0;
  for (let each = 0; each < state.peers.length; each++) owed += owedBy(state, each);
  const lineMs = PATIENCE_TIMES * state.gapMs * (owed + 1);
  return Math.max(ASK_TIMEOUT_MIN_MS * state.patienceShare, Math.min(LINE_TIMEOUT_MAX_MS, lineMs));
}
