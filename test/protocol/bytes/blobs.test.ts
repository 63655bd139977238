import { describe, expect, expectTypeOf, test } from "vitest";
import { blob, bytes, rest, shortBlob, text } from "../../../protocol/bytes/blobs.ts";
import { type Codec, decode, encode } from "../../../protocol/bytes/codec.ts";

const sized = (size: number): Uint8Array => new Uint8Array(size).fill(7);
const refusal = (codec: Codec<unknown>, input: readonly number[]): unknown => {
  const result = decode(codec, Uint8Array.from(input));
  return result.ok ? "accepted" : result.why;
};

describe("byte strings", () => {
  test("each takes its bound and nothing longer", () => {
    const bounded: readonly [Codec<Uint8Array>, number, number][] = [
      [blob(5), 5, 1],
      [blob(127), 127, 1],
      [blob(128), 128, 2],
      [blob(16383), 16383, 2],
      [blob(16384), 16384, 3],
      [shortBlob(5), 5, 1],
      [shortBlob(255), 255, 1],
      [rest(9), 9, 0],
    ];
    for (const [codec, max, head] of bounded) {
      expect(codec.sizeMax).toBe(head + max);
      expect(encode(codec, sized(max))).toHaveLength(codec.sizeMax);
      expect(decode(codec, encode(codec, sized(max)))).toEqual({ ok: true, value: sized(max) });
      expect(() => encode(codec, sized(max + 1))).toThrow("a byte string keeps its bound");
    }
  });

  test("a length beyond the bound is refused before anything is taken", () => {
    expect(refusal(blob(5), [6, 1, 2, 3, 4, 5, 6])).toBe("out of range");
    expect(refusal(blob(5), [0xff, 0xff, 0xff, 0xff, 0x7f])).toBe("out of range");
    expect(refusal(shortBlob(5), [6, 1, 2, 3, 4, 5, 6])).toBe("too long");
    expect(refusal(rest(5), [1, 2, 3, 4, 5, 6])).toBe("too long");
    expect(refusal(rest(5), [1, 2, 3, 4, 5])).toBe("accepted");
  });

  test("a length longer than what follows is cut short, one in two bytes for one not canonical", () => {
    expect(refusal(blob(200), [3, 1, 2])).toBe("cut short");
    expect(refusal(shortBlob(200), [3, 1, 2])).toBe("cut short");
    expect(refusal(bytes(3), [1, 2])).toBe("cut short");
    expect(refusal(bytes(3), [1, 2, 3, 4])).toBe("left over");
    expect(refusal(blob(200), [0x81, 0x00, 1])).toBe("not canonical");
  });

  test("a fixed byte string of another size is our mistake, as is a bound that no length can say", () => {
    expect(() => encode(bytes(3), sized(2))).toThrow("a fixed byte string has its size");
    expect(() => encode(bytes(3), sized(4))).toThrow("a fixed byte string has its size");
    expect(() => shortBlob(256)).toThrow("a length byte counts to 255");
    expect(() => blob(128 ** 3)).toThrow("a byte string's length takes three bytes at most");
  });
});

describe("text", () => {
  test("its bound counts bytes, not characters", () => {
    expect(encode(text(4), "😀")).toHaveLength(5);
    expect(() => encode(text(4), "😀!")).toThrow("a byte string keeps its bound");
    expect(decode(text(4), encode(text(4), "ß€"[0]))).toEqual({ ok: true, value: "ß" });
  });

  test("bytes that are no canonical UTF-8 are refused", () => {
    const wrong = [[0x80], [0xc0, 0x80], [0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xff]];
    for (const each of wrong) expect(refusal(text(9), [each.length, ...each])).toBe("not canonical");
    expect(refusal(text(9), [2, 0xc3, 0xbc])).toBe("accepted");
  });

  test("text is a string and byte strings are bytes", () => {
    expectTypeOf(text(4)).toEqualTypeOf<Codec<string>>();
    for (const codec of [bytes(1), blob(1), shortBlob(1), rest(1)])
      expectTypeOf(codec).toEqualTypeOf<Codec<Uint8Array>>();
  });
});
