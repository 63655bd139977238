import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { utf8Decode, utf8Encode } from "../../../protocol/bytes/utf8.ts";

const runs = (numRuns: number) => ({ seed: 1, numRuns });
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function oracle(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

describe("UTF-8", () => {
  test("any text has the bytes that TextEncoder gives it, lone surrogates included", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: "grapheme" }),
      fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 })).map((units) => String.fromCharCode(...units)),
    );
    fc.assert(
      fc.property(texts, (value) => {
        const bytes = utf8Encode(value);
        expect([...bytes]).toEqual([...encoder.encode(value)]);
        expect(utf8Decode(bytes)).toBe(oracle(bytes));
      }),
      runs(1000),
    );
  });

  test("every code point comes back, at the borders of each length and of the surrogates", () => {
    const points = [0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff, 0x10000, 0x10ffff];
    for (const point of points) {
      const value = String.fromCodePoint(point);
      expect([...utf8Encode(value)]).toEqual([...encoder.encode(value)]);
      expect(utf8Decode(utf8Encode(value))).toBe(value);
    }
  });

  test("every one and two bytes are judged as TextDecoder judges them", () => {
    for (let lead = 0; lead <= 0xff; lead++) {
      expect(utf8Decode(Uint8Array.of(lead))).toBe(oracle(Uint8Array.of(lead)));
      for (let next = 0; next <= 0xff; next++) {
        const pair = Uint8Array.of(lead, next);
        if (utf8Decode(pair) !== oracle(pair)) expect.fail(`${lead} ${next} differ`);
      }
    }
  });

  test("every three and four bytes around the borders are judged as TextDecoder judges them", () => {
    const leads = [0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf7, 0xf8, 0xff];
    const tails = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
    for (const a of leads)
      for (const b of tails)
        for (const c of tails) {
          expect(utf8Decode(Uint8Array.of(a, b, c))).toBe(oracle(Uint8Array.of(a, b, c)));
          for (const d of tails) {
            const four = Uint8Array.of(a, b, c, d);
            if (utf8Decode(four) !== oracle(four)) expect.fail(`${[...four]} differ`);
          }
        }
  });

  test("any bytes, and any text's bytes damaged, are judged as TextDecoder judges them", () => {
    const broken = fc
      .tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.nat(), fc.integer({ min: 0, max: 0xff }))
      .map(([value, at, byte]) => {
        const bytes = encoder.encode(value);
        bytes[at % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 12 }), broken), (bytes) => {
        expect(utf8Decode(bytes)).toBe(oracle(bytes));
      }),
      runs(3000),
    );
  });
});
