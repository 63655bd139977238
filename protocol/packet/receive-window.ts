/** Sequences that have arrived. The first that has not, or that completed a packet the host has not taken, holds the
 * acknowledgement back: what is acknowledged is in the host's hands. */
import { assert } from "../core/assert.ts";
import { AIR_WINDOW_MAX } from "../core/limits.ts";

export interface ReceiveWindow {
  expected: number;
  /** Bit i: sequence expected + i has arrived. */
  seen: number;
  /** … and is held back. */
  withheld: number;
}

export const receiveWindow = (): ReceiveWindow => ({ expected: 0, seen: 0, withheld: 0 });

export type Place = "new" | "repeated" | "outside";

export function placeOf(window: ReceiveWindow, sequence: number): Place {
  const offset = (sequence - window.expected) & 0xff;
  if (offset >= 0x80) return "repeated";
  if (offset >= AIR_WINDOW_MAX) return "outside";
  return (window.seen & (1 << offset)) === 0 ? "new" : "repeated";
}

export function arrived(window: ReceiveWindow, sequence: number, withhold: boolean): void {
  const bit = 1 << ((sequence - window.expected) & 0xff);
  assert(bit <= 0x80 && (window.seen & bit) === 0, "a sequence arrives once and within the window");
  window.seen |= bit;
  if (withhold) window.withheld |= bit;
  advance(window);
}

export function release(window: ReceiveWindow, sequence: number): void {
  const bit = 1 << ((sequence - window.expected) & 0xff);
  assert((window.withheld & bit) !== 0, "what is released was withheld");
  window.withheld &= ~bit;
  advance(window);
}

function advance(window: ReceiveWindow): void {
  while ((window.seen & ~window.withheld & 1) !== 0) {
    window.seen >>>= 1;
    window.withheld >>>= 1;
    window.expected = (window.expected + 1) & 0xff;
  }
}
