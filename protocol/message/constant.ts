/** What stands in front of everything that is signed, and is always the same: a word, or a byte that says of which form it is. */
import type { Codec } from "../bytes/codec.ts";
import type { Reader, Writer } from "../bytes/cursor.ts";
import { assert } from "../core/assert.ts";

/** A length byte and ASCII that are always the same. */
export function constant<const T extends string>(ascii: T): Codec<T> {
  assert(ascii.length <= 0xff, "a length byte counts to 255");
  const size = 1 + ascii.length;
  return {
    text: `u8 length, "${ascii}"`,
    sizeMin: size,
    sizeMax: size,
    write(out: Writer): void {
      out.u8(ascii.length);
      for (let i = 0; i < ascii.length; i++) out.u8(ascii.charCodeAt(i));
    },
    read(from: Reader): T {
      if (from.u8() !== ascii.length) from.fail("unknown tag");
      for (let i = 0; i < ascii.length; i++) {
        if (from.u8() !== ascii.charCodeAt(i)) from.fail("unknown tag");
      }
      return ascii;
    },
  };
}

/** One byte that is always the same. */
export function constantByte<const N extends number>(byte: N): Codec<N> {
  assert((byte & 0xff) === byte, "it is a byte");
  return {
    text: `u8, always ${byte}`,
    sizeMin: 1,
    sizeMax: 1,
    write(out: Writer, value: N): void {
      assert(value === byte, "the byte is what it always is");
      out.u8(byte);
    },
    read(from: Reader): N {
      if (from.u8() !== byte) from.fail("unknown tag");
      return byte;
    },
  };
}
