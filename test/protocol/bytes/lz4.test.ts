import fc from "fast-check";
import { compressSync, uncompressSync } from "lz4-napi";
import lz4js from "lz4js";
import { describe, expect, test } from "vitest";
import { compress, compressedSizeMax } from "../../../protocol/bytes/lz4-compress.ts";
import { type Decompressed, decompress } from "../../../protocol/bytes/lz4-decompress.ts";
import { type Chance, chance, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { certificate, state, subject, vote } from "../../bench/corpus.ts";

const runs = (numRuns: number) => ({ seed: 1, numRuns });

function unpacked(block: Uint8Array, sizeMax: number, dictionary?: Uint8Array): Uint8Array {
  const result = decompress(block, sizeMax, dictionary);
  if (!result.ok) throw new Error(`refused: ${result.why}`);
  return result.bytes;
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** lz4-napi puts the size before the block. */
function napiCompress(source: Uint8Array, dictionary?: Uint8Array): Uint8Array {
  return compressSync(Buffer.from(source), dictionary && Buffer.from(dictionary)).subarray(4);
}

function napiDecompress(block: Uint8Array, size: number, dictionary?: Uint8Array): Uint8Array {
  const prefixed = Buffer.alloc(4 + block.length);
  prefixed.writeUInt32LE(size);
  prefixed.set(block, 4);
  return uncompressSync(prefixed, dictionary && Buffer.from(dictionary));
}

/** Empty where lz4js finds nothing that repeats. */
function lz4jsCompress(source: Uint8Array): Uint8Array {
  const block = new Uint8Array(lz4js.compressBound(source.length));
  return block.subarray(0, lz4js.compressBlock(source, block, 0, source.length, new Uint32Array(1 << 16)));
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

interface Sequence {
  literals: number;
  offset: number;
  match: number;
}

/** The parts of a block, read by a walk of the format that has nothing to do with the decoder's. */
function sequences(block: Uint8Array): Sequence[] {
  const found: Sequence[] = [];
  let at = 0;
  const long = (nibble: number) => {
    if (nibble < 15) return nibble;
    let sum = 15;
    while (block[at] === 255) sum += block[at++]!;
    return sum + block[at++]!;
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = long(token >> 4);
    at += literals;
    if (at === block.length) {
      found.push({ literals, offset: 0, match: 0 });
      break;
    }
    at += 2;
    const offset = block[at - 2]! + block[at - 1]! * 256;
    found.push({ literals, offset, match: 4 + long(token & 15) });
  }
  return found;
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

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
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

describe("a stranger's block", () => {
  const refusals: [string, number[], number, Decompressed][] = [
    ["nothing at all", [], 9, { ok: false, why: "cut short" }],
    ["literals that are missing", [0x20, 1], 9, { ok: false, why: "cut short" }],
    ["a literal count that does not end", [0xf0, 255, 255], 9999, { ok: false, why: "cut short" }],
    ["a cut after the literals of a match", [0x11, 7], 99, { ok: false, why: "cut short" }],
    ["half an offset", [0x10, 7, 1], 99, { ok: false, why: "cut short" }],
    ["a match length that does not end", [0x1f, 7, 1, 0, 255], 9999, { ok: false, why: "cut short" }],
    ["no match length", [0x1f, 7, 1, 0], 9999, { ok: false, why: "cut short" }],
    ["an end in a match", [0x10, 7, 1, 0], 99, { ok: false, why: "cut short" }],
    ["offset zero", [0x10, 7, 0, 0, 0x50, 1, 2, 3, 4, 5], 99, { ok: false, why: "offset zero" }],
    ["an offset before the start", [0x10, 7, 2, 0, 0x50, 1, 2, 3, 4, 5], 99, { ok: false, why: "offset before start" }],
    ["four last literals", [0x10, 7, 1, 0, 0x40, 1, 2, 3, 4], 99, { ok: false, why: "too few last literals" }],
    ["literals past the bound", [0x50, 1, 2, 3, 4, 5], 4, { ok: false, why: "larger than allowed" }],
    ["a match past the bound", [0x10, 7, 1, 0, 0x50, 1, 2, 3, 4, 5], 4, { ok: false, why: "larger than allowed" }],
    ["one byte past the bound", [0x10, 7, 1, 0, 0x50, 1, 2, 3, 4, 5], 9, { ok: false, why: "larger than allowed" }],
  ];
  test.each(refusals)("with %s is refused by name", (_, block, sizeMax, refusal) => {
    expect(decompress(Uint8Array.from(block), sizeMax)).toEqual(refusal);
  });

  test("is taken at exactly the bound", () => {
    const block = Uint8Array.of(0x10, 7, 1, 0, 0x50, 1, 2, 3, 4, 5);
    expect(decompress(block, 10)).toEqual({ ok: true, bytes: Uint8Array.of(7, 7, 7, 7, 7, 1, 2, 3, 4, 5) });
    expect(decompress(Uint8Array.of(0), 0)).toEqual({ ok: true, bytes: new Uint8Array(0) });
  });

  test("reaches into the dictionary as far as that goes and no farther", () => {
    const dictionary = Uint8Array.of(1, 2, 3);
    const block = (offset: number) => Uint8Array.of(0x10, 9, offset, 0, 0x50, 5, 5, 5, 5, 5);
    expect(decompress(block(4), 99, dictionary)).toEqual({
      ok: true,
      bytes: Uint8Array.of(9, 1, 2, 3, 9, 5, 5, 5, 5, 5),
    });
    expect(decompress(block(5), 99, dictionary)).toEqual({ ok: false, why: "offset before start" });
  });

  test("that lz4js wrote may start its last match ten bytes before the end", () => {
    const source = Uint8Array.from("abcdefghijabcdefghij", (letter) => letter.charCodeAt(0));
    const block = lz4jsCompress(source);
    expect(sequences(block)[0]).toEqual({ literals: 10, offset: 10, match: 5 });
    expect(same(unpacked(block, 20), source)).toBe(true);
  });

  test("cut anywhere never passes for the whole", () => {
    for (const dictionary of [undefined, certificate(chance(8), 1)]) {
      const source = joined(certificate(chance(8), 3), state(chance(8), 700));
      const block = compress(source, dictionary);
      for (let size = 0; size < block.length; size++) {
        const result = decompress(block.subarray(0, size), source.length, dictionary);
        // Behind the literals of the shortest match a cut looks like an end: what comes out is shorter, never invented.
        if (!result.ok) expect(result.why).toMatch(/^cut short$|^too few/);
        else
          expect(same(result.bytes, source.subarray(0, Math.min(result.bytes.length, source.length - 1)))).toBe(true);
      }
    }
  });

  test("changed anyhow never throws, never exceeds the bound, and what lies around it never matters", () => {
    const random = chance(9);
    const dictionary = certificate(random, 1);
    const messages = [
      state(random, 300),
      certificate(random, 3),
      vote(random, subject(random), 1),
      new Uint8Array(900),
    ];
    const blocks = messages.flatMap((message) => [compress(message), compress(message, dictionary)]);
    const counts = new Map<string, number>();
    for (let round = 0; round < 40_000; round++) {
      const block = mutated(random, blocks[round % blocks.length]!);
      const shared = drawBelow(random, 2) === 0 ? dictionary : undefined;
      const sizeMax = drawBelow(random, 4) === 0 ? drawBelow(random, 2000) : 2000;
      const first = decompress(between(block, 0x00), sizeMax, shared && between(shared, 0x00));
      const second = decompress(between(block, 0xff), sizeMax, shared && between(shared, 0xff));
      const outcome = first.ok ? "ok" : first.why;
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      expect(second.ok ? "ok" : second.why).toBe(outcome);
      if (!first.ok || !second.ok) continue;
      expect(first.bytes.length <= sizeMax && same(first.bytes, second.bytes)).toBe(true);
      // What we take lz4-napi takes, and for the same bytes.
      expect(same(napiDecompress(block, first.bytes.length, shared), first.bytes)).toBe(true);
    }
    // Each verdict was reached, so that the mutations mean something.
    expect([...counts.keys()].sort()).toEqual([
      "cut short",
      "larger than allowed",
      "offset before start",
      "offset zero",
      "ok",
      "too few last literals",
    ]);
  });

  test("changed anyhow leaves the dictionary and the block as they were", () => {
    const random = chance(10);
    const dictionary = certificate(random, 1);
    const before = dictionary.slice();
    const whole = compress(certificate(random, 3), dictionary);
    for (let round = 0; round < 2000; round++) {
      const block = mutated(random, whole);
      const copy = block.slice();
      decompress(block, 2000, dictionary);
      expect(same(block, copy)).toBe(true);
    }
    expect(same(dictionary, before)).toBe(true);
  });

  test("that unpacks to 255 times its size is refused without an allocation [I03]", () => {
    const bomb = compress(new Uint8Array(20_000_000));
    expect(bomb.length).toBeLessThan(80_000);
    const sizes = allocations(() => {
      for (const sizeMax of [0, 4096, 19_999_999]) {
        const result = decompress(bomb, sizeMax);
        expect(result.ok ? result.bytes.length : result.why).toBe("larger than allowed");
      }
    });
    expect(sizes).toEqual([]);
    expect(allocations(() => decompress(bomb, 20_000_000))).toEqual([20_000_000]);
  });
});

/** The sizes of all byte arrays that `call` makes. */
function allocations(call: () => void): number[] {
  const sizes: number[] = [];
  const original = globalThis.Uint8Array;
  globalThis.Uint8Array = new Proxy(original, {
    construct(target, words, newTarget) {
      if (typeof words[0] === "number") sizes.push(words[0]);
      return Reflect.construct(target, words, newTarget);
    },
  });
  try {
    call();
  } finally {
    globalThis.Uint8Array = original;
  }
  return sizes;
}

/** The same bytes as a view into a larger buffer full of `guard`. */
function between(bytes: Uint8Array, guard: number): Uint8Array {
  const buffer = new Uint8Array(bytes.length + 64).fill(guard);
  buffer.set(bytes, 32);
  return buffer.subarray(32, 32 + bytes.length);
}

/** One to three changes: a byte set, a bit flipped, a cut, a repeat, or bytes put in. */
function mutated(random: Chance, whole: Uint8Array): Uint8Array {
  let bytes: Uint8Array = whole.slice();
  for (let changes = 1 + drawBelow(random, 3); changes > 0; changes--) {
    const at = drawBelow(random, bytes.length + 1);
    const kind = drawBelow(random, 6);
    if (kind === 0 && at < bytes.length) bytes[at] = [0, 1, 0x0f, 0x10, 0xf0, 0xff][drawBelow(random, 6)]!;
    else if (kind === 1 && at < bytes.length) bytes[at] = bytes[at]! ^ (1 << drawBelow(random, 8));
    else if (kind === 2) bytes = bytes.slice(0, at);
    else if (kind === 3) bytes = joined(bytes.subarray(0, at), bytes.subarray(at + 1 + drawBelow(random, 4)));
    else if (kind === 4)
      bytes = joined(bytes.subarray(0, at), drawBytes(random, 1 + drawBelow(random, 3)), bytes.subarray(at));
    else bytes = joined(bytes.subarray(0, at), bytes.subarray(drawBelow(random, at + 1)));
  }
  return bytes;
}
