import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crc16 } from "../../../protocol/bytes/crc16.ts";
import { fromHex } from "../message/json-value.ts";

const runs = (numRuns: number) => ({ seed: 1, numRuns });
const vectors: readonly { readonly name: string; readonly hex: string; readonly crc: string }[] = JSON.parse(
  readFileSync(new URL("../../vectors/crc16.json", import.meta.url), "utf8"),
);

/** The definition: the message as a polynomial, bit after bit, the lowest of each byte first, divided by
 * x^16 + x^12 + x^5 + 1; the first sixteen bits and the remainder are complemented. */
function bitByBit(bytes: Uint8Array): number {
  let remainder = 0xffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const carry = (remainder >>> 15) ^ ((byte >>> bit) & 1);
      remainder = (remainder << 1) & 0xffff;
      if (carry === 1) remainder ^= 0x1021;
    }
  }
  let reflected = 0;
  for (let bit = 0; bit < 16; bit++) reflected |= ((remainder >>> bit) & 1) << (15 - bit);
  return reflected ^ 0xffff;
}

describe("CRC-16", () => {
  test("the check value is 0x906e", () => {
    expect(crc16(new TextEncoder().encode("123456789"))).toBe(0x906e);
    expect(vectors[0]).toEqual({ name: "the check value", hex: "313233343536373839", crc: "906e" });
  });

  for (const { name, hex, crc } of vectors) {
    test(`${name} has the CRC it always had`, () => {
      expect(crc16(fromHex(hex)).toString(16).padStart(4, "0")).toBe(crc);
      expect(bitByBit(fromHex(hex))).toBe(Number.parseInt(crc, 16));
    });
  }

  test("the table computes what the definition does, over any part of any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(), fc.nat(), (bytes, one, other) => {
        const [start, end] = [one % (bytes.length + 1), other % (bytes.length + 1)].sort((a, b) => a - b);
        expect(crc16(bytes, start, end)).toBe(bitByBit(bytes.subarray(start, end)));
        expect(crc16(bytes)).toBe(bitByBit(bytes));
      }),
      runs(500),
    );
  });

  test("no one, two or three flipped bits of a frame escape it", () => {
    const frame = Uint8Array.from({ length: 24 }, (_, at) => at * 37);
    const good = crc16(frame);
    const flip = (bit: number): void => {
      frame[bit >>> 3] ^= 1 << (bit & 7);
    };
    let escaped = 0;
    for (let a = 0; a < 192; a++) {
      flip(a);
      if (crc16(frame) === good) escaped += 1;
      for (let b = a + 1; b < 192; b += 3) {
        flip(b);
        if (crc16(frame) === good) escaped += 1;
        for (let c = b + 1; c < 192; c += 7) {
          flip(c);
          if (crc16(frame) === good) escaped += 1;
          flip(c);
        }
        flip(b);
      }
      flip(a);
    }
    expect(escaped).toBe(0);
  });

  test("no burst of up to sixteen bits escapes it", () => {
    const frame = new Uint8Array(64).fill(0x5a);
    const good = crc16(frame);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 0xffff }),
        fc.nat(7),
        (at, burst, shift) => {
          const damaged = frame.slice();
          const wide = burst << shift;
          for (let byte = 0; byte < 3; byte++) damaged[at + byte] ^= (wide >>> (8 * byte)) & 0xff;
          expect(crc16(damaged)).not.toBe(good);
        },
      ),
      runs(2000),
    );
  });
});
