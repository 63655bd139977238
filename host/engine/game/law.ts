/** From bytes nobody chose to an outcome, exactly by the law: a byte counts where whole turns of the law's total lie below
 * it, and is passed over where the last turn is broken. For two dice that is 252 = 7 · 36 of the 256 values. */
import { assert } from "../../../protocol/core/assert.ts";
import { totalOf, type Weighted } from "./game.ts";

/** Undefined where the bytes are used up: ask with more. A byte decides, so the total is 256 at most. */
export function outcomeOf<O>(law: readonly Weighted<O>[], bytes: Uint8Array): O | undefined {
  const total = totalOf(law);
  assert(total <= BYTE_VALUES, "one byte tells the outcomes apart");
  const whole = BYTE_VALUES - (BYTE_VALUES % total);
  for (const byte of bytes) if (byte < whole) return outcomeAt(law, byte % total);
  return undefined;
}

/** The outcome whose share of the total holds `place`. */
export function outcomeAt<O>(law: readonly Weighted<O>[], place: number): O {
  let below = 0;
  for (const { outcome, weight } of law) {
    below += weight;
    if (place < below) return outcome;
  }
  throw new RangeError("a place lies within the total");
}

const BYTE_VALUES = 256;
