import { describe, expect, test } from "vitest";
import { compress } from "../../../protocol/bytes/lz4-compress.ts";
import { type Decompressed, decompress } from "../../../protocol/bytes/lz4-decompress.ts";
import { type Chance, chance, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { certificate, state, subject, vote } from "../../bench/corpus.ts";
import { joined, lz4jsCompress, napiDecompress, same, sequences, unpacked } from "./lz4-others.ts";

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
