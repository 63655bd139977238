import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Chance, chance, draw, draw32, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";

const take = (from: Chance, count: number): number[] => Array.from({ length: count }, () => draw32(from));

/** sfc32 once more, in whole numbers modulo 2^32. */
function reference(seed: number, count: number): number[] {
  const word = (value: bigint): bigint => BigInt.asUintN(32, value);
  const whole = BigInt(seed);
  let [a, b, c, counter] = [word(whole), word(whole >> 32n), 0x9e3779b9n, 1n];
  const drawn: number[] = [];
  for (let round = 0; round < 15 + count; round++) {
    const sum = word(a + b + counter);
    counter = word(counter + 1n);
    a = b ^ (b >> 9n);
    b = word(c + (c << 3n));
    c = word(word((c << 21n) | (c >> 11n)) + sum);
    drawn.push(Number(sum));
  }
  return drawn.slice(15);
}

describe("chance", () => {
  test("it is sfc32", () => {
    const seeds = fc.integer({ min: 0, max: 2 ** 48 });
    fc.assert(
      fc.property(seeds, (seed) => {
        expect(take(chance(seed), 40)).toEqual(reference(seed, 40));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test("one seed repeats a run, also from a snapshot in its middle", () => {
    const run = chance(7);
    expect(take(run, 5)).toEqual(take(chance(7), 5));
    const snapshot = structuredClone(run);
    expect(take(snapshot, 20)).toEqual(take(run, 20));
  });

  test("seeds that are neighbours give runs that are not", () => {
    const firsts = Array.from({ length: 2000 }, (_, seed) => draw32(chance(seed)));
    expect(new Set(firsts).size).toBe(2000);
    const ones = firsts.reduce((sum, first) => sum + (first & 1), 0);
    expect(ones).toBeGreaterThan(900);
    expect(ones).toBeLessThan(1100);
    expect(draw32(chance(2 ** 32))).not.toBe(draw32(chance(0)));
  });

  test("draws keep their ranges and reach every value of a small one", () => {
    const from = chance(3);
    const counts = new Array(6).fill(0);
    for (let i = 0; i < 6000; i++) {
      const fraction = draw(from);
      expect(fraction >= 0 && fraction < 1).toBe(true);
      counts[drawBelow(from, 6)] += 1;
    }
    expect(counts).toHaveLength(6);
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  test("bytes are as many as asked for, all 256 of them", () => {
    const bytes = drawBytes(chance(4), 8192);
    expect(bytes).toHaveLength(8192);
    expect(new Set(bytes).size).toBe(256);
    expect(drawBytes(chance(4), 0)).toHaveLength(0);
  });
});
