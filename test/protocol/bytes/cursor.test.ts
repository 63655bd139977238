import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { type Fault, Reader, Writer } from "../../../protocol/bytes/cursor.ts";

const runs = (numRuns: number) => ({ seed: 1, numRuns });
const reader = (...bytes: number[]): Reader => new Reader(Uint8Array.from(bytes));

describe("Reader", () => {
  test("fixed widths are big-endian and unsigned", () => {
    const from = reader(0xfe, 0xff, 0xfe, 0xff, 0xfe, 0xfd, 0xfc);
    expect([from.u8(), from.u16(), from.u32()]).toEqual([0xfe, 0xfffe, 0xfffefdfc]);
    expect(from.fault).toBeUndefined();
    expect(from.offset).toBe(7);
  });

  test("each width cut short is refused and yields zero", () => {
    const reads: readonly [number, (from: Reader) => number | Uint8Array][] = [
      [1, (from) => from.u8()],
      [2, (from) => from.u16()],
      [4, (from) => from.u32()],
      [5, (from) => from.view(5).length],
    ];
    for (const [size, read] of reads) {
      for (let there = 0; there < size; there++) {
        const from = new Reader(new Uint8Array(there));
        expect(read(from)).toBe(0);
        expect([from.fault, from.offset]).toEqual(["cut short", there]);
      }
    }
  });

  test("the first fault sticks, with its place, and every read after it yields zeros", () => {
    const from = reader(1, 2, 3, 4, 5, 6, 7, 8);
    from.u16();
    from.fail("not canonical");
    from.fail("too long");
    expect([from.u8(), from.u16(), from.u32(), from.varint(9), from.view(2).length]).toEqual([0, 0, 0, 0, 0]);
    expect([from.fault, from.faultAt]).toEqual(["not canonical", 2]);
    expectTypeOf(from.fault).toEqualTypeOf<Fault | undefined>();
  });

  test("a view shares the bytes, and reads nothing outside a part of a larger buffer", () => {
    const whole = Uint8Array.of(9, 1, 2, 3, 9);
    const from = new Reader(whole.subarray(1, 4));
    const view = from.view(3);
    expect([...view]).toEqual([1, 2, 3]);
    expect(view.buffer).toBe(whole.buffer);
    from.u8();
    expect(from.fault).toBe("cut short");
  });

  test("a varint has seven bits a byte, the least first", () => {
    const cases: readonly [number[], number][] = [
      [[0x00], 0],
      [[0x7f], 127],
      [[0x80, 0x01], 128],
      [[0xff, 0x7f], 16383],
      [[0x80, 0x80, 0x01], 16384],
      [[0xff, 0xff, 0xff, 0xff, 0x0f], 2 ** 32 - 1],
      [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], Number.MAX_SAFE_INTEGER],
    ];
    for (const [bytes, value] of cases) expect(reader(...bytes).varint(Number.MAX_SAFE_INTEGER)).toBe(value);
  });

  test("a varint beyond its bound, longer than it must be, or cut short is refused", () => {
    const cases: readonly [number[], number, Fault][] = [
      [[0x80], 1000, "cut short"],
      [[], 1000, "cut short"],
      [[0x80, 0x00], 1000, "not canonical"],
      [[0x81, 0x80, 0x00], 100_000, "not canonical"],
      [[0x80, 0x01], 127, "out of range"],
      [[0xe9, 0x07], 1000, "out of range"],
      [[0x01], 0, "out of range"],
      [[0x80, 0x80, 0x80, 0x80, 0x01], 1000, "out of range"],
      [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x10], Number.MAX_SAFE_INTEGER, "out of range"],
      [new Array(20).fill(0xff), Number.MAX_SAFE_INTEGER, "out of range"],
    ];
    for (const [bytes, max, why] of cases) {
      const from = reader(...bytes);
      expect(from.varint(max)).toBe(0);
      expect([bytes, from.fault]).toEqual([bytes, why]);
    }
    const bound = reader(0xe8, 0x07);
    expect([bound.varint(1000), bound.fault]).toEqual([1000, undefined]);
  });

  test("a varint is given up as soon as it can only be too large, however long it goes on", () => {
    const from = reader(...new Array(50).fill(0x80));
    from.varint(1000);
    expect([from.fault, from.faultAt]).toEqual(["out of range", 2]);
  });

  test("a varint of any bytes is read exactly, as whole numbers of any size would have it", () => {
    const someBytes = fc.array(fc.oneof(fc.integer({ min: 0x80, max: 0xff }), fc.integer({ min: 0, max: 0x7f })), {
      maxLength: 10,
    });
    const maxes = fc.oneof(fc.maxSafeNat(), fc.integer({ min: 0, max: 70_000 }));
    fc.assert(
      fc.property(someBytes, maxes, (bytes, max) => {
        const from = reader(...bytes);
        const value = from.varint(max);
        let exact = 0n;
        let length = 0;
        for (const byte of bytes) {
          exact |= BigInt(byte & 0x7f) << BigInt(7 * length);
          length += 1;
          if (byte < 0x80) break;
        }
        const whole = length > 0 && bytes[length - 1] < 0x80;
        const canonical = length === 1 || bytes[length - 1] !== 0;
        if (whole && canonical && exact <= BigInt(max)) {
          expect([BigInt(value), from.offset, from.fault]).toEqual([exact, length, undefined]);
        } else expect([value, from.fault === undefined]).toEqual([0, false]);
      }),
      runs(2000),
    );
  });
});

describe("Writer", () => {
  test("a varint that was written reads back, in the fewest bytes", () => {
    const values = fc.oneof(
      fc.maxSafeNat(),
      fc.nat(),
      fc.constantFrom(0, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 35),
    );
    fc.assert(
      fc.property(values, (value) => {
        const out = new Writer(16);
        out.varint(value);
        const bytes = out.take();
        expect(bytes).toHaveLength(Math.max(1, Math.ceil(value.toString(2).length / 7)));
        expect(new Reader(bytes).varint(Number.MAX_SAFE_INTEGER)).toBe(value);
      }),
      runs(500),
    );
  });

  test("fixed widths are big-endian", () => {
    const out = new Writer(7);
    out.u8(0xfe);
    out.u16(0xfdfc);
    out.u32(0xfbfaf9f8);
    expect([...out.take()]).toEqual([0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8]);
  });

  test("a chunk that is full is replaced, and what was taken from it stays", () => {
    const out = new Writer(8);
    const taken: Uint8Array[] = [];
    for (let round = 0; round < 10; round++) {
      out.reserve(3);
      out.put(Uint8Array.of(round, round, round));
      taken.push(out.take());
    }
    taken.forEach((bytes, round) => {
      expect([...bytes]).toEqual([round, round, round]);
    });
    // Two results fit a chunk of eight.
    expect(new Set(taken.map((bytes) => bytes.buffer)).size).toBe(5);
  });

  test("a result larger than a chunk has its own room", () => {
    const out = new Writer(4);
    out.reserve(100);
    out.put(new Uint8Array(100));
    expect(out.take()).toHaveLength(100);
  });

  test("a caller's buffer is written from its start", () => {
    const buffer = new Uint8Array(8);
    const out = new Writer(buffer);
    out.reserve(8);
    out.u16(0x0102);
    expect(out.take().buffer).toBe(buffer.buffer);
    expect([...buffer.subarray(0, 2)]).toEqual([1, 2]);
  });

  test("beginning another result before the last was taken is our mistake", () => {
    const out = new Writer(8);
    out.reserve(2);
    out.u8(1);
    expect(() => out.reserve(2)).toThrow("one result is taken before the next begins");
  });
});
