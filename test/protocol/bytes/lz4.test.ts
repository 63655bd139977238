import fc from "fast-check";
import { compressSync } from "lz4-napi";
import lz4js from "lz4js";
import { describe, expect, test } from "vitest";
import { compress, compressedSizeMax } from "../../../protocol/bytes/lz4-compress.ts";
import { chance, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { certificate, state, subject, vote } from "../../bench/corpus.ts";
import { joined, lz4jsCompress, napiDecompress, same, sequences, unpacked } from "./lz4-others.ts";

const runs = (numRuns: number) => ({ seed: 1, numRuns });

/** lz4-napi puts the size before the block. */
function napiCompress(source: Uint8Array, dictionary?: Uint8Array): Uint8Array {
  return compressSync(Buffer.from(source), dictionary && Buffer.from(dictionary)).subarray(4);
}

function lz4jsDecompress(block: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  expect(lz4js.decompressBlock(block, bytes, 0, block.length, 0)).toBe(size);
  return bytes;
}

/** Every decoder agrees with our encoder, and our decoder with every encoder. */
function expectAgreement(source: Uint8Array, dictionary?: Uint8Array): void {
  const block = compress(source, dictionary);
  expect(block.length).toBeLessThanOrEqual(compressedSizeMax(source.length));
  expect(same(unpacked(block, source.length, dictionary), source)).toBe(true);
  expect(same(napiDecompress(block, source.length, dictionary), source)).toBe(true);
  expect(same(unpacked(napiCompress(source, dictionary), source.length, dictionary), source)).toBe(true);
  if (dictionary === undefined) {
    expect(same(lz4jsDecompress(block, source.length), source)).toBe(true);
    const theirs = lz4jsCompress(source);
    if (theirs.length > 0) expect(same(unpacked(theirs, source.length), source)).toBe(true);
  }
}

/** Bytes in which no four repeat, whatever the length: a counter spread over three bytes, and one that marks it. */
function unrepeated(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at++) {
    const group = Math.floor(at / 4);
    bytes[at] = [group & 0x7f, (group >> 7) & 0x7f, (group >> 14) & 0x7f, 0x80 | (group & 0x7f)][at % 4]!;
  }
  return bytes;
}

/** Random, repetitive and mixed bytes. */
const anyBytes = (size: number) =>
  fc.oneof(
    fc.uint8Array({ maxLength: size }),
    fc.array(fc.constantFrom(0, 1, 2), { maxLength: size }).map((values) => Uint8Array.from(values)),
    fc
      .array(fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.nat(40)), { maxLength: Math.ceil(size / 100) })
      .map((parts) => joined(...parts.flatMap(([part, times]) => Array.from({ length: times }, () => part)))),
  );

describe("a block and its reverse", () => {
  test("a round trip keeps every byte, through every decoder and from every encoder [I03]", () => {
    fc.assert(
      fc.property(anyBytes(3000), (source) => expectAgreement(source)),
      runs(300),
    );
  });

  test("a round trip with a dictionary keeps every byte, here and in lz4-napi [I03]", () => {
    fc.assert(
      fc.property(anyBytes(600), anyBytes(600), fc.nat(600), (source, dictionary, from) => {
        expectAgreement(source, dictionary);
        expectAgreement(joined(dictionary.subarray(from), source, dictionary.subarray(0, from)), dictionary);
      }),
      runs(300),
    );
  });

  test("every size around the format's limits and past 64 KiB makes the round trip", () => {
    const random = chance(2);
    const game = state(random, 70 * 1024);
    const noise = drawBytes(random, 70 * 1024);
    const sizes = [...Array(70).keys(), 254, 255, 256, 4096, 65534, 65535, 65536, 65537, 70 * 1024];
    for (const size of sizes) {
      for (const whole of [game, noise, new Uint8Array(size)]) {
        expectAgreement(whole.subarray(0, size));
        expectAgreement(whole.subarray(0, size), noise.subarray(0, 300));
      }
    }
  });

  test.each([0, 1, 13, 14, 15, 16, 17, 269, 270, 271, 524, 525, 526])("a run of %i literals is carried", (count) => {
    const known = Uint8Array.from({ length: 8 }, (_, at) => 0xe0 + at);
    const source = joined(unrepeated(count), known, new Uint8Array(12).fill(0xff));
    expect(sequences(compress(source, known))[0]).toEqual({ literals: count, offset: count + 8, match: 8 });
    expectAgreement(source, known);
    expectAgreement(unrepeated(count));
    expectAgreement(joined(unrepeated(count), unrepeated(count)));
  });

  test.each([4, 5, 17, 18, 19, 20, 272, 273, 274, 275, 528, 529])("a match of %i bytes is found whole", (size) => {
    const run = unrepeated(size);
    const source = joined(
      run,
      Uint8Array.of(0xfe),
      run,
      Uint8Array.from({ length: 12 }, (_, at) => 0xf0 + at),
    );
    expect(sequences(compress(source))[0]).toEqual({ literals: size + 1, offset: size + 1, match: size });
    expectAgreement(source);
  });

  test("a match reaches 65535 bytes back and not one more", () => {
    const run = Uint8Array.from({ length: 40 }, (_, at) => 0xd0 + at);
    for (const [distance, found] of [
      [65534, true],
      [65535, true],
      [65536, false],
    ] as const) {
      const source = joined(run, unrepeated(distance - run.length), run, new Uint8Array(12));
      const offsets = sequences(compress(source)).map((sequence) => sequence.offset);
      expect(offsets.includes(distance), String(distance)).toBe(found);
      expectAgreement(source);

      // The same distance, begun in a dictionary.
      const dictionary = joined(run, unrepeated(distance - run.length));
      const message = joined(run, new Uint8Array(12));
      expect(sequences(compress(message, dictionary))[0]!.offset === distance, String(distance)).toBe(found);
      expectAgreement(message, dictionary);
    }
  });

  test("a match runs from the dictionary on into the message", () => {
    const dictionary = Uint8Array.from({ length: 30 }, (_, at) => 100 + at);
    const message = joined(dictionary, dictionary, dictionary, new Uint8Array(6));
    expect(sequences(compress(message, dictionary))[0]).toEqual({ literals: 0, offset: 30, match: 90 });
    expectAgreement(message, dictionary);
  });

  test("a dictionary longer than an offset reaches is used from its end, as lz4-napi does", () => {
    const dictionary = drawBytes(chance(3), 70_000);
    for (const from of [0, 4464, 4465, 40_000, 69_940]) expectAgreement(dictionary.slice(from, from + 60), dictionary);
  });

  test("the end rules of the format hold in every block", () => {
    fc.assert(
      fc.property(anyBytes(200), anyBytes(100), (source, dictionary) => {
        for (const block of [compress(source), compress(source, dictionary)]) {
          const parts = sequences(block);
          const last = parts[parts.length - 1]!;
          expect(last.match).toBe(0);
          if (parts.length === 1) continue;
          expect(last.literals).toBeGreaterThanOrEqual(5);
          expect(last.literals + parts[parts.length - 2]!.match).toBeGreaterThanOrEqual(12);
        }
      }),
      runs(300),
    );
  });

  test("a match starts twelve bytes before the end, never eleven, and none is in twelve bytes", () => {
    const known = Uint8Array.from({ length: 6 }, (_, at) => 0xe0 + at);
    const message = (before: number, after: number) =>
      joined(unrepeated(before), known, unrepeated(100).subarray(-after));
    const matches = (source: Uint8Array) => sequences(compress(source, known)).filter(({ match }) => match > 0).length;
    expect(matches(message(20, 6))).toBe(1);
    expect(matches(message(1, 6))).toBe(1);
    expect(matches(message(20, 5))).toBe(0);
    expect(matches(message(0, 6))).toBe(0);
    for (const source of [message(20, 6), message(1, 6), message(20, 5), message(0, 6)]) expectAgreement(source, known);
  });

  test("what does not repeat grows by no more than the announced bound", () => {
    const random = chance(4);
    for (const size of [0, 1, 15, 254, 255, 270, 4096, 66_000]) {
      expect(compress(drawBytes(random, size)).length).toBeLessThanOrEqual(compressedSizeMax(size));
    }
  });

  test("neither side changes its input, and neither result is a view of it", () => {
    const source = state(chance(5), 2000);
    const dictionary = source.slice(500, 900);
    const before = [source.slice(), dictionary.slice()];
    const block = compress(source, dictionary);
    const bytes = unpacked(block, 2000, dictionary);
    expect([source, dictionary]).toEqual(before);
    expect(block.buffer.byteLength).toBe(block.length);
    expect(bytes.buffer.byteLength).toBe(2000);
  });
});

describe("sizes", () => {
  test("votes, certificates and state come out within three hundredths of lz4-napi, same dictionary [I03]", () => {
    const random = chance(6);
    const dictionary = certificate(random, 2);
    const classes: [string, Uint8Array[], Uint8Array | undefined][] = [
      ["votes", Array.from({ length: 50 }, () => vote(random, subject(random), drawBelow(random, 10))), dictionary],
      ["certificates", [3, 5, 7].map((quorum) => certificate(random, quorum)), undefined],
      ["certificates, dictionary", [3, 5, 7].map((quorum) => certificate(random, quorum)), dictionary],
      ["state", [4096, 16384, 65536].map((size) => state(random, size)), undefined],
    ];
    for (const [name, messages, shared] of classes) {
      const total = (pack: typeof compress) => messages.reduce((sum, message) => sum + pack(message, shared).length, 0);
      expect(total(compress) / total(napiCompress), name).toBeLessThanOrEqual(1.03);
    }
  });

  test("state of a table shrinks to less than three quarters [I03]", () => {
    const source = state(chance(7), 16_384);
    expect(compress(source).length / source.length).toBeLessThan(0.75);
  });
});
