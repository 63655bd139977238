/** Two ends of a serial link, a wire each way, and virtual time: the rig of the link's tests and benchmarks. */
import { backlog, nextArrival, put, take, type Wire } from "../../../hardware/virtual/wire.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { SERIAL_AHEAD_SIZE, SERIAL_PACKET_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { type Millis, millis } from "../../../protocol/core/units.ts";
import type { LinkEffect, LinkEvent } from "../../../protocol/link/events.ts";
import { nextDeadline, step } from "../../../protocol/link/link.ts";
import { type Link, type LinkConfig, link } from "../../../protocol/link/state.ts";

export interface End {
  readonly link: Link;
  readonly out: Wire;
  /** Bytes that arrived and were not read: they must fit the declared space. */
  unread: Uint8Array[];
  unreadSize: number;
  unreadSizePeak: number;
  busyUntil: Millis;
  /** Time that the end spends on each packet delivered. */
  readonly packetMs: number;
  /** Its port takes a frame that was begun whole. */
  readonly whole: boolean;
  readonly on: (effect: LinkEffect, end: End) => void;
}

export interface Pair {
  now: Millis;
  readonly ends: readonly [End, End];
}

export const config = (over: Partial<LinkConfig> = {}): LinkConfig => ({
  major: 1,
  minor: 0,
  features: 0,
  space: 4096,
  packetSizeMax: SERIAL_PACKET_SIZE_MAX,
  waitingSizeMax: 16_384,
  ...over,
});

export function end(config: LinkConfig, out: Wire, on: End["on"], packetMs = 0, whole = false): End {
  const zero = millis(0);
  return {
    link: link(config),
    out,
    unread: [],
    unreadSize: 0,
    unreadSizePeak: 0,
    busyUntil: zero,
    packetMs,
    whole,
    on,
  };
}

export function feed(pair: Pair, end: End, event: LinkEvent): void {
  const effects: LinkEffect[] = [];
  step(end.link, event, effects);
  for (const effect of effects) {
    if (effect.type === "transmit") put(end.out, effect.bytes, pair.now);
    if (effect.type === "deliver") end.busyUntil = millis(Math.max(end.busyUntil, pair.now) + end.packetMs);
    end.on(effect, end);
  }
}

export function openBoth(pair: Pair): void {
  for (const [i, end] of pair.ends.entries()) feed(pair, end, { type: "open", at: pair.now, session: 1 + 1000 * i });
}

/** Moves on to the next thing that happens; false if nothing ever will before `until`. */
export function advancePair(pair: Pair, until: Millis): boolean {
  const [left, right] = pair.ends;
  let next = Number.POSITIVE_INFINITY;
  for (const end of pair.ends) {
    const from = end === left ? right.out : left.out;
    next = Math.min(next, nextArrival(from) ?? Number.POSITIVE_INFINITY);
    if (end.busyUntil > pair.now) {
      next = Math.min(next, end.busyUntil);
    } else {
      next = Math.min(next, nextDeadline(end.link) ?? Number.POSITIVE_INFINITY, roomAt(pair, end));
    }
  }
  if (next > until) {
    pair.now = until;
    return false;
  }
  pair.now = millis(Math.max(pair.now, next));
  for (const end of pair.ends) {
    const from = end === left ? right.out : left.out;
    for (let bytes = take(from, pair.now); bytes !== undefined; bytes = take(from, pair.now)) {
      end.unread.push(bytes);
      end.unreadSize += bytes.length;
      end.unreadSizePeak = Math.max(end.unreadSizePeak, end.unreadSize);
    }
    if (end.busyUntil > pair.now) continue;
    const deadline = nextDeadline(end.link);
    while (end.unread.length > 0 && end.busyUntil <= pair.now) {
      const bytes = end.unread.shift() as Uint8Array;
      end.unreadSize -= bytes.length;
      feed(pair, end, { type: "received", at: pair.now, bytes });
    }
    if (end.busyUntil > pair.now) continue;
    if (roomAt(pair, end) <= pair.now) {
      const room = SERIAL_AHEAD_SIZE - backlog(end.out, pair.now);
      feed(pair, end, { type: "writable", at: pair.now, room, whole: end.whole });
    }
    if (deadline !== undefined && deadline <= pair.now) feed(pair, end, { type: "tick", at: pair.now });
  }
  return true;
}

/** When the transmit buffer takes a worthwhile piece again. */
function roomAt(pair: Pair, end: End): number {
  if (end.link.room >= SERIAL_AHEAD_SIZE / 2) return Number.POSITIVE_INFINITY;
  return Math.max(pair.now, end.out.busyUntil - (SERIAL_AHEAD_SIZE / 2) * end.out.byteMs);
}

export function runUntil(pair: Pair, done: () => boolean, untilMs: number): void {
  while (!done()) assert(advancePair(pair, millis(untilMs)), `it is done by ${untilMs} ms`);
}
