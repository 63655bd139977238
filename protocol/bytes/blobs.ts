/** Layouts of byte strings and text. What is read is a view of the input. */
import { assert } from "../core/assert.ts";
import type { Codec } from "./codec.ts";
import type { Reader, Writer } from "./cursor.ts";
import { utf8Decode, utf8Encode } from "./utf8.ts";

/** Exactly `size` bytes. */
export function bytes(size: number): Codec<Uint8Array> {
  return {
    text: `bytes ${size}`,
    sizeMin: size,
    sizeMax: size,
    write(out: Writer, value: Uint8Array): void {
      assert(value.length === size, "a fixed byte string has its size");
      out.put(value);
    },
    read: (from: Reader): Uint8Array => from.view(size),
  };
}

/** A length, then as many bytes. */
export function blob(sizeMax: number): Codec<Uint8Array> {
  assert(sizeMax < 128 ** 3, "a byte string's length takes three bytes at most");
  const head = sizeMax < 128 ? 1 : sizeMax < 16384 ? 2 : 3;
  return {
    text: `bytes ≤ ${sizeMax}`,
    sizeMin: 1,
    sizeMax: head + sizeMax,
    write(out: Writer, value: Uint8Array): void {
      assert(value.length <= sizeMax, "a byte string keeps its bound");
      out.varint(value.length);
      out.put(value);
    },
    read: (from: Reader): Uint8Array => from.view(from.varint(sizeMax)),
  };
}

/** A length byte, then as many bytes: the length is where a damaged frame shows itself first. */
export function shortBlob(sizeMax: number): Codec<Uint8Array> {
  assert(sizeMax <= 0xff, "a length byte counts to 255");
  return {
    text: `u8 length, bytes ≤ ${sizeMax}`,
    sizeMin: 1,
    sizeMax: 1 + sizeMax,
    write(out: Writer, value: Uint8Array): void {
      assert(value.length <= sizeMax, "a byte string keeps its bound");
      out.u8(value.length);
      out.put(value);
    },
    read(from: Reader): Uint8Array {
      const size = from.u8();
      if (size > sizeMax) from.fail("too long");
      return from.view(size);
    },
  };
}

/** All bytes up to the end; stands last in its layout. */
export function rest(sizeMax: number): Codec<Uint8Array> {
  return {
    text: `the rest, bytes ≤ ${sizeMax}`,
    sizeMin: 0,
    sizeMax,
    write(out: Writer, value: Uint8Array): void {
      assert(value.length <= sizeMax, "a byte string keeps its bound");
      out.put(value);
    },
    read(from: Reader): Uint8Array {
      const size = from.end - from.offset;
      if (size > sizeMax) from.fail("too long");
      return from.view(from.end - from.offset);
    },
  };
}

/** UTF-8 with a length; `sizeMax` counts bytes. */
export function text(sizeMax: number): Codec<string> {
  const inner = blob(sizeMax);
  return {
    text: `text ≤ ${sizeMax} bytes`,
    sizeMin: inner.sizeMin,
    sizeMax: inner.sizeMax,
    write: (out: Writer, value: string): void => inner.write(out, utf8Encode(value)),
    read(from: Reader): string {
      const value = utf8Decode(inner.read(from));
      if (value === undefined) from.fail("not canonical");
      return value ?? "";
    },
  };
}
