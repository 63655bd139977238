/**
 * What comes from one peer, in windows of a second, a minute and an hour: how much, how mixed, and how unlike the hour of the day it
 * is. An anomaly is a number on a page for operators; whoever sends too much is held back by admission, which counts packets and
 * suspects nobody.
 */
import { assert } from "../../../protocol/core/assert.ts";
import type { Millis } from "../../../protocol/core/units.ts";
import { TRAFFIC_KINDS_MAX } from "./limits.ts";

/** A ring of counts, each for `slotMs`. */
interface Window {
  readonly slotMs: number;
  readonly counts: number[];
  /** Number of the slot that is being filled. */
  slot: number;
}

export interface Traffic {
  readonly second: Window;
  readonly minute: Window;
  readonly hour: Window;
  /** Messages of each kind, of late: all are halved when they grow too many. */
  readonly kinds: number[];
  /** Usual messages a minute and usual mixture, by the hour of the day; undefined before that hour was seen. */
  readonly usualRates: (number | undefined)[];
  readonly usualEntropies: (number | undefined)[];
  /** The minute that is being filled. */
  readonly minuteKinds: number[];
  minuteNumber: number | undefined;
  score: number;
}

export const traffic = (): Traffic => ({
  second: windowOf(100, 10),
  minute: windowOf(1_000, 60),
  hour: windowOf(60_000, 60),
  kinds: new Array<number>(TRAFFIC_KINDS_MAX).fill(0),
  usualRates: new Array<number | undefined>(HOURS).fill(undefined),
  usualEntropies: new Array<number | undefined>(HOURS).fill(undefined),
  minuteKinds: new Array<number>(TRAFFIC_KINDS_MAX).fill(0),
  minuteNumber: undefined,
  score: 0,
});

export function heard(state: Traffic, kind: number, at: Millis): void {
  assert(kind >= 0 && kind < TRAFFIC_KINDS_MAX, "a kind has its place");
  passed(state, at);
  for (const window of [state.second, state.minute, state.hour]) bump(window, at);
  state.minuteKinds[kind] += 1;
  state.kinds[kind] += 1;
  if (state.kinds[kind] > KIND_COUNT_MAX) for (let i = 0; i < state.kinds.length; i++) state.kinds[i] >>= 1;
}

/** Time goes on, with or without messages: every minute is weighed when it is over. */
export function passed(state: Traffic, at: Millis): void {
  const minute = Math.floor(at / 60_000);
  state.minuteNumber ??= minute;
  while (state.minuteNumber < minute) {
    weigh(state, state.minuteNumber);
    state.minuteKinds.fill(0);
    // Whoever was away for days has no minutes to weigh.
    state.minuteNumber = Math.max(state.minuteNumber + 1, minute - HOURS * 60);
  }
}

/** Messages within the window that ends now. */
export function countWithin(window: Window, at: Millis): number {
  roll(window, at);
  return window.counts.reduce((sum, count) => sum + count, 0);
}

/** In bits: 0 where all is of one kind. */
export function entropy(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

export const isAnomalous = ({ score }: Traffic): boolean => score >= ANOMALY_SCORE;

/** How unlike the usual the last whole minute was. The square root makes counts of any size vary alike. */
function weigh(state: Traffic, minute: number): void {
  const hour = Math.floor(minute / 60) % HOURS;
  const count = state.minuteKinds.reduce((sum, each) => sum + each, 0);
  const mixed = entropy(state.minuteKinds);
  const rate = state.usualRates[hour] ?? nearest(state.usualRates, hour);
  const mixture = state.usualEntropies[hour] ?? nearest(state.usualEntropies, hour);
  const rateScore =
    rate === undefined ? 0 : Math.abs(2 * (Math.sqrt(count + 0.375) - Math.sqrt(rate + 0.375))) / RATE_SPREAD;
  const few = count < MIXED_COUNT_MIN || mixture === undefined;
  const mixedScore = few ? 0 : Math.abs(mixed - mixture) / Math.max(ENTROPY_SPREAD, ENTROPY_OF_ONE / Math.sqrt(count));
  state.score = Math.max(rateScore, mixedScore);
  // What is out of the way teaches little, but a new habit is learned in the end.
  const learned = state.score >= ANOMALY_SCORE ? LEARNED_SHARE / 10 : LEARNED_SHARE;
  state.usualRates[hour] = toward(rate, count, learned);
  if (count >= MIXED_COUNT_MIN) state.usualEntropies[hour] = toward(mixture, mixed, learned);
}

const toward = (old: number | undefined, value: number, share: number): number =>
  old === undefined ? value : old + share * (value - old);

/** Of the hours that were seen, the last before this one on the dial. */
function nearest(usual: readonly (number | undefined)[], hour: number): number | undefined {
  for (let back = 1; back < HOURS; back++) {
    const value = usual[(hour + HOURS - back) % HOURS];
    if (value !== undefined) return value;
  }
  return undefined;
}

const windowOf = (slotMs: number, slots: number): Window => ({
  slotMs,
  counts: new Array<number>(slots).fill(0),
  slot: 0,
});

function bump(window: Window, at: Millis): void {
  roll(window, at);
  window.counts[window.slot % window.counts.length] += 1;
}

function roll(window: Window, at: Millis): void {
  const { counts, slotMs } = window;
  const slot = Math.floor(at / slotMs);
  // A clock that goes back finds its slots taken, and counts into the newest.
  const steps = Math.min(counts.length, slot - window.slot);
  for (let step = 1; step <= steps; step++) counts[(slot - step + 1 + counts.length) % counts.length] = 0;
  if (steps > 0) window.slot = slot;
}

const HOURS = 24;
const KIND_COUNT_MAX = 2 ** 20;
const LEARNED_SHARE = 0.05;
const MIXED_COUNT_MIN = 20;
/** Standard deviations of 2√count: chance alone makes one of it, people and radios two. */
const RATE_SPREAD = 2;
/** Bits by which the mixture of a minute varies by habit, and by chance where it is of few. */
const ENTROPY_SPREAD = 0.2;
const ENTROPY_OF_ONE = 1.5;
const ANOMALY_SCORE = 3.5;
