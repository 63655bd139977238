/**
 * Which envelopes of strangers were opened before. A stranger has no epoch that bounds its counters, so its clock does:
 * what is too far from our time is refused, and everything nearer is remembered until it is too far.
 *
 * Nothing fresh is ever forgotten to make room. A full memory refuses, since a flood could otherwise push out an entry
 * and replay it.
 */
import { assert } from "../core/assert.ts";
import {
  STRANGER_PRUNE_MS,
  STRANGER_SEEN_MAX,
  STRANGER_SEEN_PER_KEY_MAX,
  STRANGER_TIME_TOLERANCE_MS,
} from "../core/limits.ts";
import type { Counter, Millis } from "../core/units.ts";

export interface StrangerReplay {
  /** By the key's hex. */
  readonly seen: Map<string, Mark[]>;
  count: number;
  /** Anything older is refused. It never falls, so a clock that steps back reopens nothing. */
  horizon: number;
  /** The horizon when obsolete entries were last dropped. */
  prunedAt: number;
}

interface Mark {
  readonly counter: Counter;
  readonly time: Millis;
}

interface Saying extends Mark {
  readonly key: Uint8Array;
}

export function strangerReplay(): StrangerReplay {
  return { seen: new Map(), count: 0, horizon: 0, prunedAt: 0 };
}

/** Changes nothing but what time itself makes obsolete: whoever looks has not seen the signature yet. */
export function lookForStranger(
  replay: StrangerReplay,
  saying: Saying,
  now: Millis,
): "fresh" | "repeated" | "time too far back" | "time too far ahead" | "busy" {
  moveHorizon(replay, now);
  if (saying.time < replay.horizon) return "time too far back";
  if (saying.time > now + STRANGER_TIME_TOLERANCE_MS) return "time too far ahead";
  const marks = replay.seen.get(hex(saying.key)) ?? [];
  if (marks.some((mark) => mark.counter === saying.counter && mark.time === saying.time)) return "repeated";
  if (replay.count >= STRANGER_SEEN_MAX || marks.length >= STRANGER_SEEN_PER_KEY_MAX) {
    return prune(replay) ? lookForStranger(replay, saying, now) : "busy";
  }
  return "fresh";
}

/** Only after the signature held. */
export function markStranger(replay: StrangerReplay, saying: Saying): void {
  assert(replay.count < STRANGER_SEEN_MAX, "the look before found room");
  const key = hex(saying.key);
  const mark = { counter: saying.counter, time: saying.time };
  const marks = replay.seen.get(key);
  if (marks === undefined) replay.seen.set(key, [mark]);
  else marks.push(mark);
  replay.count += 1;
}

function moveHorizon(replay: StrangerReplay, now: Millis): void {
  replay.horizon = Math.max(replay.horizon, now - STRANGER_TIME_TOLERANCE_MS);
}

/** Drops what the horizon refuses anyway, once in a while; answers whether that made room. */
function prune(replay: StrangerReplay): boolean {
  if (replay.horizon < replay.prunedAt + STRANGER_PRUNE_MS) return false;
  replay.prunedAt = replay.horizon;
  const countBefore = replay.count;
  for (const [key, marks] of replay.seen) {
    const kept = marks.filter((mark) => mark.time >= replay.horizon);
    replay.count -= marks.length - kept.length;
    if (kept.length === 0) replay.seen.delete(key);
    else if (kept.length < marks.length) replay.seen.set(key, kept);
  }
  return replay.count < countBefore;
}

const DIGITS = "0123456789abcdef";

function hex(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += DIGITS[bytes[i] >>> 4] + DIGITS[bytes[i] & 15];
  return text;
}
