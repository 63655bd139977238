import { describe, expect, test } from "vitest";
import { drawOutcome, drawTwoDice, fairLimit, streamOf } from "../../../../host/engine/dice/draw.ts";
import { portsOf } from "./stand-in.ts";

const ports = portsOf("stand-in", new Uint8Array(32));

/** A seed whose first byte is this, and that is not drawn from further without a hash. */
const seedWith = (...first: readonly number[]): Uint8Array => {
  const seed = new Uint8Array(64);
  seed.set(first);
  return seed;
};

function histogram(outcomes: readonly number[], count: number): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const outcome of outcomes) counts[outcome]! += 1;
  return counts;
}

describe("two dice", () => {
  test("come of each of the 252 bytes that count, and of each pair of faces exactly seven times [K05]", () => {
    const counts = new Map<string, number>();
    let again = 0;
    for (let byte = 0; byte < 256; byte++) {
      const stream = streamOf(seedWith(byte, 0));
      const outcome = drawOutcome(ports, stream, 36);
      if (stream.offset > 1) {
        again += 1;
        continue;
      }
      const dice = drawTwoDice(ports, seedWith(byte));
      expect(dice).toEqual([Math.floor(outcome / 6) + 1, (outcome % 6) + 1]);
      counts.set(`${dice}`, (counts.get(`${dice}`) ?? 0) + 1);
    }
    expect(again).toBe(4);
    expect(counts.size).toBe(36);
    expect([...counts.values()].every((count) => count === 7)).toBe(true);
    for (const key of counts.keys()) expect(key).toMatch(/^[1-6],[1-6]$/);
  });

  test("that were a byte modulo 6 would fail that count: the faces 1 to 4 come once more often [K05]", () => {
    const faces = histogram(
      [...new Array(256).keys()].map((byte) => byte % 6),
      6,
    );
    expect(faces).toEqual([43, 43, 43, 43, 42, 42]);
    expect(fairLimit(256, 6)).toBe(252);
  });

  test("are as even as chance in a million throws [K05]", () => {
    const counts = new Array<number>(36).fill(0);
    let seed = ports.wideDigest("throws", new Uint8Array(1));
    let thrown = 0;
    while (thrown < 1_000_000) {
      const stream = streamOf(seed);
      while (stream.blocks === 1 && thrown < 1_000_000) {
        counts[drawOutcome(ports, stream, 36)]! += 1;
        thrown += 1;
      }
      seed = ports.wideDigest("throws", seed);
    }
    const expected = thrown / 36;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 35 degrees of freedom at one in a thousand.
    expect(chiSquare).toBeLessThan(66.619);
  });
});

describe("a draw", () => {
  test.each([2, 6, 36, 37, 38, 216, 256, 257, 1000])(
    "between %i outcomes favours none, over all that its bytes can say",
    (outcomes) => {
      const width = outcomes <= 256 ? 1 : 2;
      const counts = new Array<number>(outcomes).fill(0);
      for (let value = 0; value < 256 ** width; value++) {
        const stream = streamOf(width === 1 ? seedWith(value) : seedWith(value >> 8, value & 0xff));
        const outcome = drawOutcome(ports, stream, outcomes);
        if (stream.offset === width) counts[outcome]! += 1;
      }
      expect(new Set(counts)).toEqual(new Set([Math.floor(256 ** width / outcomes)]));
    },
  );

  test("goes on with a hash where the seed is used up, and then with another", () => {
    const useless = new Uint8Array(64).fill(0xff);
    const stream = streamOf(useless);
    const first = drawOutcome(ports, stream, 36);
    expect(stream.blocks).toBe(2);
    expect(first).toBeLessThan(36);
    const outcomes = [...new Array(500)].map(() => drawOutcome(ports, stream, 36));
    expect(stream.blocks).toBeGreaterThan(5);
    expect(new Set(outcomes).size).toBe(36);
    const again = streamOf(useless);
    expect([...new Array(501)].map(() => drawOutcome(ports, again, 36))).toEqual([first, ...outcomes]);
  });

  test("of nothing or of too many outcomes is our mistake", () => {
    for (const outcomes of [0, 1.5, 65_537]) {
      expect(() => drawOutcome(ports, streamOf(seedWith(1)), outcomes)).toThrow("a draw has some outcomes");
    }
    expect(() => streamOf(new Uint8Array(63))).toThrow("a seed is one wide digest");
  });
});
