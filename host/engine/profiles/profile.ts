/**
 * What is known of how a peer behaves in time: when it acts of itself, how soon it answers, how it votes among the others, when it
 * is there. Whole numbers, so that it is kept and shown; no replica agrees on it, and it never costs anybody anything.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import type { Millis } from "../../../protocol/core/units.ts";
import { ANSWERS_MAX, MOMENTS_MAX, ONLINE_PERIODS_MAX, PATH_MAX, SPAN_MAX_MS } from "./limits.ts";
import { noVotePairs, type VotePair } from "./votes.ts";

export interface BehaviouralProfile {
  /** Between acts that no protocol schedules, the oldest first. */
  readonly intervalsMs: number[];
  /** When it last acted of itself; undefined before the first. */
  lastActMs: number | undefined;
  readonly answers: Answer[];
  readonly onlinePeriods: OnlinePeriod[];
}

export interface Answer {
  /** Of what everyone was asked at once. */
  readonly round: number;
  readonly spanMs: number;
  /** The neighbour that handed it over: what comes the same way is late together. */
  readonly path: number;
}

export interface OnlinePeriod {
  readonly fromMs: number;
  toMs: number;
}

export interface Profiles {
  /** By member. */
  readonly peers: BehaviouralProfile[];
  /** Of every two. */
  readonly pairs: VotePair[];
}

export type ProfileEvent =
  /** A heartbeat, a status, an answer that is due by the clock says nothing about anybody. */
  | { readonly type: "acted"; readonly member: number; readonly at: Millis; readonly scheduled: boolean }
  | {
      readonly type: "answered";
      readonly member: number;
      readonly round: number;
      readonly spanMs: number;
      readonly path: number;
    }
  | { readonly type: "online" | "offline"; readonly member: number; readonly at: Millis };

export function profiles(memberCount: number): Profiles {
  assert(memberCount >= 1 && memberCount <= MEMBERS_MAX, "members keep their bound");
  const peers: BehaviouralProfile[] = [];
  for (let member = 0; member < memberCount; member++) {
    peers.push({ intervalsMs: [], lastActMs: undefined, answers: [], onlinePeriods: [] });
  }
  return { peers, pairs: noVotePairs(memberCount) };
}

export function observe({ peers }: Profiles, event: ProfileEvent): void {
  const peer = peers[event.member];
  assert(peer !== undefined, "a profile is a member's");
  switch (event.type) {
    case "acted":
      if (!event.scheduled) onActed(peer, whole(event.at));
      return;
    case "answered":
      keep(peer.answers, ANSWERS_MAX, {
        round: event.round,
        spanMs: Math.min(SPAN_MAX_MS, whole(event.spanMs)),
        path: Math.min(PATH_MAX, event.path),
      });
      return;
    case "online":
      keep(peer.onlinePeriods, ONLINE_PERIODS_MAX, { fromMs: whole(event.at), toMs: whole(event.at) });
      return;
    case "offline": {
      const last = peer.onlinePeriods.at(-1);
      if (last !== undefined) last.toMs = Math.max(last.fromMs, whole(event.at));
      return;
    }
  }
}

function onActed(peer: BehaviouralProfile, atMs: number): void {
  const last = peer.lastActMs;
  // What overtook another on its way has no interval: a negative one is nobody's rhythm.
  if (last !== undefined && atMs < last) return;
  peer.lastActMs = atMs;
  // A hundred moments have ninety-nine intervals.
  if (last !== undefined) keep(peer.intervalsMs, MOMENTS_MAX - 1, Math.min(SPAN_MAX_MS, atMs - last));
}

function keep<T>(line: T[], lengthMax: number, item: T): void {
  if (line.length === lengthMax) line.shift();
  line.push(item);
}

const whole = (ms: number): number => Math.max(0, Math.round(ms));
