import { describe, expect, expectTypeOf, test } from "vitest";
import { type Codec, decode, encode } from "../../../protocol/bytes/codec.ts";
import { bool, byteUpTo, i8, u8, u16, u32, varint } from "../../../protocol/bytes/numbers.ts";

const refusal = (codec: Codec<unknown>, ...bytes: number[]): unknown => {
  const result = decode(codec, Uint8Array.from(bytes));
  return result.ok ? result.value : result.why;
};

describe("numbers", () => {
  test("the ends of each range are said, and what is beyond them or between them is our mistake", () => {
    const ranges: readonly [Codec<number>, number, number][] = [
      [u8, 0, 0xff],
      [u16, 0, 0xffff],
      [u32, 0, 0xffffffff],
      [i8, -128, 127],
      [byteUpTo(9), 0, 9],
      [varint(0), 0, 0],
      [varint(300), 0, 300],
      [varint(Number.MAX_SAFE_INTEGER), 0, Number.MAX_SAFE_INTEGER],
    ];
    for (const [codec, min, max] of ranges) {
      for (const value of [min, max]) expect(decode(codec, encode(codec, value))).toEqual({ ok: true, value });
      for (const value of [min - 1, max + 1, min + 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(() => encode(codec, value)).toThrow("a number fits its layout");
      }
    }
  });

  test("the sizes of a varint are those of its bound", () => {
    const sizes = [0, 127, 128, 16383, 16384, 2 ** 35 - 1, 2 ** 35, 2 ** 42 - 1].map((max) => varint(max).sizeMax);
    expect(sizes).toEqual([1, 1, 2, 2, 3, 5, 6, 6]);
    expect(varint(Number.MAX_SAFE_INTEGER).sizeMax).toBe(8);
    expect(() => varint(2 ** 53)).toThrow("a varint is exact");
  });

  test("a byte above its bound is out of range, and a truth value above 1 has two encodings", () => {
    expect(refusal(byteUpTo(9), 10)).toBe("out of range");
    expect(refusal(byteUpTo(9), 9)).toBe(9);
    for (let byte = 2; byte <= 0xff; byte++) expect(refusal(bool, byte)).toBe("not canonical");
    expect([refusal(bool, 0), refusal(bool, 1)]).toEqual([false, true]);
    expect(() => byteUpTo(256)).toThrow("a byte counts to 255");
  });

  test("every byte is one signed number", () => {
    const values = Array.from({ length: 256 }, (_, byte) => refusal(i8, byte));
    expect(values).toEqual([...new Int8Array(Uint8Array.from({ length: 256 }, (_, byte) => byte))]);
  });

  test("numbers are numbers and truth values are not", () => {
    expectTypeOf(varint(9)).toEqualTypeOf<Codec<number>>();
    expectTypeOf(bool).toEqualTypeOf<Codec<boolean>>();
  });
});
