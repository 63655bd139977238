import { describe, expect, expectTypeOf, test } from "vitest";
import { bits } from "../../../protocol/bytes/bits.ts";
import { type Codec, decode, encode } from "../../../protocol/bytes/codec.ts";

describe("bits", () => {
  const Flags = bits({ class: 2, last: 1 });

  test("the first field has the highest of the bits that are used", () => {
    expect([...encode(Flags, { class: 2, last: 1 })]).toEqual([0b101]);
    expect(decode(Flags, Uint8Array.of(0b110))).toEqual({ ok: true, value: { class: 3, last: 0 } });
    expect([...encode(bits({ sender: 4, hops: 4 }), { sender: 0xa, hops: 0x5 })]).toEqual([0xa5]);
  });

  test("every byte whose unused bits are zero is one value, and every other is refused", () => {
    for (let byte = 0; byte <= 0xff; byte++) {
      const decoded = decode(Flags, Uint8Array.of(byte));
      if (byte < 8) expect(decoded.ok && [...encode(Flags, decoded.value)]).toEqual([byte]);
      else expect(decoded).toEqual({ ok: false, why: "not canonical", at: 1 });
    }
  });

  test("a number that does not fit its bits is our mistake, as are nine bits", () => {
    for (const wrong of [4, -1, 0.5, Number.NaN]) {
      expect(() => encode(Flags, { class: wrong, last: 0 })).toThrow("a number fits its bits");
    }
    expect(() => bits({ low: 5, high: 4 })).toThrow("the fields fit one byte");
  });

  test("its type has a number a field", () => {
    expectTypeOf(Flags).toEqualTypeOf<Codec<{ readonly class: number; readonly last: number }>>();
  });
});
