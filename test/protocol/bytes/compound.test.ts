import { describe, expect, expectTypeOf, test } from "vitest";
import { blob, text } from "../../../protocol/bytes/blobs.ts";
import { type Codec, decode, encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { choice, hex, list, optional, struct, union } from "../../../protocol/bytes/compound.ts";
import { u8, u16, varint } from "../../../protocol/bytes/numbers.ts";

const refusal = (codec: Codec<unknown>, ...bytes: number[]): unknown => {
  const result = decode(codec, Uint8Array.from(bytes));
  return result.ok ? "accepted" : [result.why, result.at];
};
const bytesOf = <T>(codec: Codec<T>, value: T): number[] => [...encode(codec, value)];

describe("struct", () => {
  const Pair = struct("Pair", { left: u8, right: u16 });

  test("fields stand in the order of the layout, whatever the order of the value's", () => {
    expect(bytesOf(Pair, { right: 0x0203, left: 1 })).toEqual([1, 2, 3]);
    expect([Pair.sizeMin, Pair.sizeMax]).toEqual([3, 3]);
    const decoded = decode(Pair, Uint8Array.of(1, 2, 3));
    expect(decoded.ok && Object.keys(decoded.value)).toEqual(["left", "right"]);
  });

  test("a value shares nothing with the next", () => {
    const first = decode(Pair, Uint8Array.of(1, 2, 3));
    const second = decode(Pair, Uint8Array.of(4, 5, 6));
    expect([first, second]).toEqual([
      { ok: true, value: { left: 1, right: 0x0203 } },
      { ok: true, value: { left: 4, right: 0x0506 } },
    ]);
  });

  test("its type has the fields, read-only", () => {
    expectTypeOf<ValueOf<typeof Pair>>().toEqualTypeOf<{ readonly left: number; readonly right: number }>();
  });

  test("a field that is missing is our mistake", () => {
    expect(() => encode(Pair, { left: 1 } as never)).toThrow("a number fits its layout");
  });
});

describe("union", () => {
  const Shape = union("Shape", {
    dot: [0x01, struct("Dot", {})],
    circle: [0x07, struct("Circle", { radius: u16 })],
    label: [0xff, struct("Label", { text: text(3) })],
  });

  test("a tag byte stands before the case it names, and the value has its type", () => {
    expect(bytesOf(Shape, { type: "dot" })).toEqual([1]);
    expect(bytesOf(Shape, { type: "circle", radius: 0x0102 })).toEqual([7, 1, 2]);
    expect(decode(Shape, Uint8Array.of(255, 1, 0x61))).toEqual({ ok: true, value: { type: "label", text: "a" } });
    expect([Shape.sizeMin, Shape.sizeMax]).toEqual([1, 5]);
  });

  test("every tag that no case has is unknown", () => {
    for (let tag = 0; tag <= 0xff; tag++) {
      if (tag !== 1 && tag !== 7 && tag !== 255) expect(refusal(Shape, tag, 0, 0)).toEqual(["unknown tag", 1]);
    }
  });

  test("a tag used twice or beyond a byte, and a case that is not there, are our mistakes", () => {
    const Dot = struct("Dot", {});
    expect(() => union("Two", { one: [1, Dot], other: [1, Dot] })).toThrow("a tag is a byte and is used once");
    expect(() => union("Far", { one: [256, Dot] })).toThrow("a tag is a byte and is used once");
    for (const type of ["square", "toString", "constructor"]) {
      expect(() => encode(Shape, { type } as never)).toThrow("the union has this case");
    }
  });

  test("its type is a closed union", () => {
    expectTypeOf<ValueOf<typeof Shape>["type"]>().toEqualTypeOf<"dot" | "circle" | "label">();
    expectTypeOf<Extract<ValueOf<typeof Shape>, { type: "circle" }>["radius"]>().toEqualTypeOf<number>();
  });
});

describe("list", () => {
  const Numbers = list(u16, 3);

  test("a count stands before the items, up to the bound", () => {
    expect(bytesOf(Numbers, [1, 2, 3])).toEqual([3, 0, 1, 0, 2, 0, 3]);
    expect([Numbers.sizeMin, Numbers.sizeMax]).toEqual([1, 7]);
    expect(list(u8, 128).sizeMax).toBe(130);
    expect(encode(list(u8, 128), new Array(128).fill(1))).toHaveLength(130);
  });

  test("more items than the bound are refused, and are our mistake to write", () => {
    expect(refusal(Numbers, 4, 0, 1, 0, 2, 0, 3, 0, 4)).toEqual(["out of range", 1]);
    expect(() => encode(Numbers, [1, 2, 3, 4])).toThrow("a list keeps its bound");
    expect(() => list(u8, 16384)).toThrow("a list's count takes one or two bytes");
  });

  test("reading stops at the first fault, however many items were announced", () => {
    let reads = 0;
    const counting: Codec<number> = {
      ...u8,
      read(from) {
        reads += 1;
        return u8.read(from);
      },
    };
    expect(refusal(list(counting, 10_000), 0x90, 0x4e, 1, 2)).toEqual(["cut short", 4]);
    expect(reads).toBe(3);
  });

  test("its type is a read-only array", () => {
    expectTypeOf(Numbers).toEqualTypeOf<Codec<readonly number[]>>();
  });
});

describe("optional", () => {
  test("nothing is a zero, something stands behind a one, and there is no third", () => {
    const Perhaps = optional(u16);
    expect(bytesOf(Perhaps, undefined)).toEqual([0]);
    expect(bytesOf(Perhaps, 5)).toEqual([1, 0, 5]);
    for (let byte = 2; byte <= 0xff; byte++) expect(refusal(Perhaps, byte, 0, 5)).toEqual(["not canonical", 1]);
    expect(refusal(Perhaps, 0, 0)).toEqual(["left over", 1]);
    expect(refusal(Perhaps, 1, 0)).toEqual(["cut short", 1]);
    expectTypeOf(Perhaps).toEqualTypeOf<Codec<number | undefined>>();
  });

  test("an optional of an optional, which could say nothing twice, is our mistake", () => {
    expect(() => optional(optional(u8))).toThrow("nothing has one encoding");
  });
});

describe("choice", () => {
  const Answer = choice("Answer", { yes: 1, no: 2, perhaps: 0xff });

  test("a word is its byte, and any other byte is out of range", () => {
    expect([bytesOf(Answer, "yes"), bytesOf(Answer, "perhaps")]).toEqual([[1], [255]]);
    for (let byte = 0; byte <= 0xff; byte++) {
      const known = byte === 1 || byte === 2 || byte === 255;
      expect(refusal(Answer, byte)).toEqual(known ? "accepted" : ["out of range", 1]);
    }
  });

  test("a word outside the vocabulary is our mistake, as is a code used twice", () => {
    for (const word of ["never", "toString", "__proto__"]) {
      expect(() => encode(Answer, word as never)).toThrow("the vocabulary has this word");
    }
    expect(() => choice("Twice", { one: 1, other: 1 })).toThrow("a code is a byte, used once");
    expect(() => choice("Far", { one: 256 })).toThrow("a code is a byte, used once");
  });

  test("its type is the words", () => {
    expectTypeOf(Answer).toEqualTypeOf<Codec<"yes" | "no" | "perhaps">>();
  });
});

test("an unknown case deep inside refuses the whole and throws nowhere", () => {
  const Deep = list(
    struct("Item", { inner: union("Inner", { only: [1, struct("Only", { at: varint(9) })] }), tail: blob(3) }),
    4,
  );
  expect(refusal(Deep, 2, 1, 5, 1, 7, 9, 5, 0)).toEqual(["unknown tag", 6]);
});

test("tags are printed as bytes", () => {
  expect([hex(1), hex(0xff)]).toEqual(["0x01", "0xff"]);
});
