/** One decoder under fuzz. */
import { type Codec, decode, encode } from "../../protocol/bytes/codec.ts";
import { Writer } from "../../protocol/bytes/cursor.ts";
import { assert } from "../../protocol/core/assert.ts";

export interface Target {
  /** Valid inputs, from which the damaged ones are made. */
  readonly seeds: readonly Uint8Array[];
  /** Decodes, checks what must hold of any answer, and gives the answer. The same bytes give the same answer always. */
  run(bytes: Uint8Array): unknown;
  /** The heaviest answer to an input of this size: what a stranger's bytes may make us allocate. */
  weightMax(inputSize: number): number;
}

/** A layout: what it takes is the one encoding of a value, and what it gives grows with what came, not with what is claimed. */
export function layout<T>(codec: Codec<T>, seeds: readonly Uint8Array[]): Target {
  // One buffer: a run's own encoding is compared and forgotten.
  const room = new Uint8Array(codec.sizeMax);
  return {
    seeds,
    weightMax: layoutWeightMax,
    run(bytes) {
      const decoded = decode(codec, bytes);
      if (!decoded.ok) {
        assert(decoded.at >= 0 && decoded.at <= bytes.length, "a fault lies within the input");
        return decoded;
      }
      assert(bytes.length >= codec.sizeMin && bytes.length <= codec.sizeMax, "what is taken has a size of the layout");
      assert(same(encode(codec, decoded.value, new Writer(room)), bytes), "one value has one encoding");
      return decoded;
    },
  };
}

/** One byte can choose a word of two dozen letters. */
export const layoutWeightMax = (inputSize: number): number => 128 + 24 * inputSize;

export function same(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}
