/**
 * Which envelopes of this epoch's members were opened before: for each sender and class the highest counter and a bitmap
 * of the last ones below it.
 *
 * A class has its own window because classes overtake each other without bound: a heartbeat that waited fifteen seconds
 * behind votes is late by a thousand counters, and is no replay. The class follows from the kind, which is signed.
 */
import { assert } from "../core/assert.ts";
import { CLASS_COUNT, MEMBERS_MAX, REPLAY_WINDOW } from "../core/limits.ts";
import type { PacketClass } from "../core/packet-class.ts";
import type { Counter, MemberIndex } from "../core/units.ts";

export interface ReplayWindows {
  /** Sender × class. */
  readonly windows: readonly CounterWindow[];
}

interface CounterWindow {
  /** −1 before the first. */
  highest: number;
  /** The counter's place is its remainder by the window's size. */
  readonly words: number[];
}

const WORD_BITS = 32;

export function replayWindows(memberCount: number): ReplayWindows {
  assert(memberCount <= MEMBERS_MAX, "members keep their bound");
  const windows: CounterWindow[] = [];
  for (let i = 0; i < memberCount * CLASS_COUNT; i++) {
    windows.push({ highest: -1, words: new Array(REPLAY_WINDOW / WORD_BITS).fill(0) });
  }
  return { windows };
}

/** Changes nothing: whoever looks has not seen the signature yet. */
export function lookForReplay(
  replay: ReplayWindows,
  sender: MemberIndex,
  packetClass: PacketClass,
  counter: Counter,
): "fresh" | "repeated" | "below the window" {
  const window = windowOf(replay, sender, packetClass);
  if (counter > window.highest) return "fresh";
  if (counter <= window.highest - REPLAY_WINDOW) return "below the window";
  return isMarked(window, counter) ? "repeated" : "fresh";
}

/** Only after the signature held: a forged counter must not shut out the honest one. */
export function markReplay(
  replay: ReplayWindows,
  sender: MemberIndex,
  packetClass: PacketClass,
  counter: Counter,
): void {
  assert(lookForReplay(replay, sender, packetClass, counter) === "fresh", "a counter is marked once");
  const window = windowOf(replay, sender, packetClass);
  if (counter > window.highest) {
    forget(window, counter);
    window.highest = counter;
  }
  const place = counter % REPLAY_WINDOW;
  window.words[place >>> 5] |= 1 << (place & 31);
}

/** Clears the places that counters up to `counter` will take over. */
function forget(window: CounterWindow, counter: number): void {
  if (window.highest < 0 || counter - window.highest >= REPLAY_WINDOW) {
    window.words.fill(0);
    return;
  }
  for (let next = window.highest + 1; next <= counter; next++) {
    const place = next % REPLAY_WINDOW;
    window.words[place >>> 5] &= ~(1 << (place & 31));
  }
}

function isMarked(window: CounterWindow, counter: number): boolean {
  const place = counter % REPLAY_WINDOW;
  return (window.words[place >>> 5] & (1 << (place & 31))) !== 0;
}

function windowOf(replay: ReplayWindows, sender: MemberIndex, packetClass: PacketClass): CounterWindow {
  const window = replay.windows[sender * CLASS_COUNT + packetClass];
  assert(window !== undefined, "the sender is a member");
  return window;
}
