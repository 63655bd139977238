import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { bytes, rest } from "../../../protocol/bytes/blobs.ts";
import {
  about,
  branded,
  type Codec,
  type Decoded,
  decode,
  encode,
  type ValueOf,
} from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { type Fault, Writer } from "../../../protocol/bytes/cursor.ts";
import { u8, u16, varint } from "../../../protocol/bytes/numbers.ts";
import { type View, view } from "../../../protocol/core/units.ts";
import { fromHex, fromJson, type Json, toHex } from "../message/json-value.ts";
import { Everything, examples } from "./everything.ts";
import { anyLayout, anyOpenLayout, anyOpenSample, anySample, damaged } from "./layouts.ts";

const runs = (numRuns: number) => ({ seed: 1, numRuns });

describe("any layout", () => {
  test("what was encoded decodes to the same value, within the layout's sizes", () => {
    fc.assert(
      fc.property(fc.oneof(anySample, anyOpenSample), ({ codec, value }) => {
        const encoded = encode(codec, value);
        expect(encoded.length).toBeGreaterThanOrEqual(codec.sizeMin);
        expect(encoded.length).toBeLessThanOrEqual(codec.sizeMax);
        expect(decode(codec, encoded)).toEqual({ ok: true, value });
      }),
      runs(1000),
    );
  });

  test("its worst size and its least are reached", () => {
    fc.assert(
      fc.property(fc.oneof(anyLayout, anyOpenLayout), ({ codec, largest, smallest }) => {
        expect(encode(codec, largest)).toHaveLength(codec.sizeMax);
        expect(encode(codec, smallest)).toHaveLength(codec.sizeMin);
        expect(decode(codec, encode(codec, largest))).toEqual({ ok: true, value: largest });
      }),
      runs(500),
    );
  });

  test("bytes cut short at any length are refused", () => {
    fc.assert(
      fc.property(anySample, ({ codec, value }) => {
        const encoded = encode(codec, value);
        for (let size = 0; size < encoded.length; size++) {
          const result = decode(codec, encoded.subarray(0, size));
          expect(result).toMatchObject({ ok: false, why: "cut short" });
          expect(!result.ok && result.at <= size).toBe(true);
        }
      }),
      runs(300),
    );
  });

  test("a byte left over is refused, where it stands", () => {
    fc.assert(
      fc.property(anySample, fc.integer({ min: 0, max: 0xff }), ({ codec, value }, extra) => {
        const encoded = encode(codec, value);
        const longer = Uint8Array.of(...encoded, extra);
        expect(decode(codec, longer)).toEqual({ ok: false, why: "left over", at: encoded.length });
      }),
      runs(300),
    );
  });

  test("one value has one encoding: bytes that decode are those that encoding gives back [B05]", () => {
    let accepted = 0;
    fc.assert(
      fc.property(damaged, (sample) => {
        const decoded = decode(sample.codec, sample.bytes);
        if (!decoded.ok) return;
        accepted += 1;
        expect(toHex(encode(sample.codec, decoded.value))).toBe(toHex(sample.bytes));
      }),
      runs(4000),
    );
    // Otherwise the property says little.
    expect(accepted).toBeGreaterThan(1000);
  });

  test("any bytes at all decode or are refused with a name, at a place within them", () => {
    const faults: Fault[] = ["cut short", "left over", "out of range", "not canonical", "unknown tag", "too long"];
    fc.assert(
      fc.property(fc.oneof(anyLayout, anyOpenLayout), fc.uint8Array({ maxLength: 60 }), ({ codec }, input) => {
        const result = decode(codec, input);
        if (result.ok) expect(toHex(encode(codec, result.value))).toBe(toHex(input));
        else {
          expect(faults).toContain(result.why);
          expect(result.at >= 0 && result.at <= input.length).toBe(true);
        }
      }),
      runs(1500),
    );
  });
});

describe("encode", () => {
  const Pair = struct("Pair", { left: u8, right: u16 });

  test("a writer is used again, and what was taken before stays", () => {
    const out = new Writer(64);
    const first = encode(Pair, { left: 1, right: 2 }, out);
    const second = encode(Pair, { left: 3, right: 4 }, out);
    expect([toHex(first), toHex(second)]).toEqual(["010002", "030004"]);
    expect(first.buffer).toBe(second.buffer);
  });

  test("a layout that writes more or less than its sizes say is our mistake", () => {
    const lying: Codec<number> = { ...u16, sizeMax: 1 };
    expect(() => encode(lying, 5)).toThrow("the layout's sizes hold");
    expect(() => encode({ ...u16, sizeMin: 3, sizeMax: 4 }, 5)).toThrow("the layout's sizes hold");
  });

  test("what is read is a view of the input, not a copy", () => {
    const input = Uint8Array.of(1, 2, 3);
    const decoded = decode(struct("Tail", { head: u8, tail: rest(9) }), input);
    if (!decoded.ok) throw new Error(decoded.why);
    expect(decoded.value.tail.buffer).toBe(input.buffer);
    expect(decoded.value.tail.byteOffset).toBe(1);
  });
});

describe("types", () => {
  test("a value's type follows from the layout", () => {
    expectTypeOf<ValueOf<typeof Everything>>().toEqualTypeOf<Everything>();
    expectTypeOf(decode(u8, Uint8Array.of(1))).toEqualTypeOf<Decoded<number>>();
    const digest = bytes(32);
    expectTypeOf<ValueOf<typeof digest>>().toEqualTypeOf<Uint8Array>();
  });

  test("a brand costs no byte and keeps numbers apart", () => {
    const Viewed = branded(varint(1000), view);
    expectTypeOf<ValueOf<typeof Viewed>>().toEqualTypeOf<View>();
    expectTypeOf(encode<View>)
      .parameter(1)
      .not.toEqualTypeOf<number>();
    expect(toHex(encode(Viewed, view(300)))).toBe(toHex(encode(varint(1000), 300)));
  });

  test("a sentence for the document changes no byte and no type", () => {
    const told = about(u16, "what it is");
    expectTypeOf(told).toEqualTypeOf<Codec<number>>();
    expect(told.about).toBe("what it is");
    expect(encode(told, 9)).toEqual(encode(u16, 9));
  });
});

interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly value?: Json;
  readonly why?: Fault;
}
const vectors: readonly Vector[] = JSON.parse(
  readFileSync(new URL("../../vectors/codec.json", import.meta.url), "utf8"),
);

describe("golden vectors", () => {
  test("each example has one, and so has every refusal that a layout with a rest can give", () => {
    expect(vectors.filter((each) => each.why === undefined).map((each) => each.name)).toEqual(Object.keys(examples));
    expect(new Set(vectors.flatMap((each) => each.why ?? []))).toEqual(
      new Set(["cut short", "out of range", "not canonical", "unknown tag", "too long"]),
    );
  });

  for (const { name, hex, value, why } of vectors) {
    test(`${name} has the bytes it always had`, () => {
      const decoded = decode(Everything, fromHex(hex));
      if (why !== undefined) {
        expect(decoded).toMatchObject({ ok: false, why });
        return;
      }
      expect(decoded).toEqual({ ok: true, value: examples[name] });
      expect(fromJson(value as Json)).toEqual(examples[name]);
      expect(toHex(encode(Everything, examples[name]))).toBe(hex);
    });
  }
});
