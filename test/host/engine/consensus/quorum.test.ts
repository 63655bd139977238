import { describe, expect, test } from "vitest";
import { faultsMax, quorum, toleratesByzantine } from "../../../../host/engine/consensus/quorum.ts";

const from1 = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Subsets of members as bits. */
function subsets(memberCount: number, size: number): number[] {
  const all: number[] = [];
  for (let set = 0; set < 1 << memberCount; set++) {
    let count = 0;
    for (let rest = set; rest > 0; rest &= rest - 1) count += 1;
    if (count === size) all.push(set);
  }
  return all;
}

const bitCount = (set: number): number => set.toString(2).replaceAll("0", "").length;

describe("fault bound", () => {
  test("f is the most of which three times as many and one more are members, for n = 1 to 100 [B01]", () => {
    for (const n of from1(100)) {
      const f = faultsMax(n);
      expect([n, 3 * f + 1 <= n, 3 * (f + 1) + 1 <= n]).toEqual([n, true, false]);
    }
    expect(from1(13).map(faultsMax)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4]);
    expect([4, 7, 10, 100].map(faultsMax)).toEqual([1, 2, 3, 33]);
  });

  test("two and three members tolerate no dishonest one, four do", () => {
    expect(from1(5).map(toleratesByzantine)).toEqual([false, false, false, true, true]);
  });

  test("a table without members is our mistake", () => {
    for (const wrong of [0, -1, 1.5, Number.NaN]) expect(() => faultsMax(wrong)).toThrow("a table has members");
  });
});

describe("quorum", () => {
  test("two quorums share more than the faulty, and the honest are a quorum, for n = 1 to 40 [B02]", () => {
    for (const n of from1(40)) {
      const [f, q] = [faultsMax(n), quorum(n)];
      expect([n, 2 * q - n > f, q <= n - f]).toEqual([n, true, true]);
      // One vote fewer would not do.
      expect([n, 2 * (q - 1) - n > f]).toEqual([n, false]);
    }
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map(quorum)).toEqual([1, 2, 2, 3, 4, 4, 5, 6, 6, 7]);
  });

  test("counted out, any two quorums of up to eight members share more than the faulty [B02]", () => {
    for (const n of from1(8)) {
      const quorums = subsets(n, quorum(n));
      let least = n;
      for (const one of quorums) for (const other of quorums) least = Math.min(least, bitCount(one & other));
      expect([n, least > faultsMax(n)]).toEqual([n, true]);
    }
  });

  test("2f + 1 votes would not be enough at 5, 6, 8 and 9 members [B02]", () => {
    const unsafe = from1(10).filter((n) => 2 * (2 * faultsMax(n) + 1) - n <= faultsMax(n));
    expect(unsafe).toEqual([2, 3, 5, 6, 8, 9]);
    for (const n of unsafe) expect(quorum(n)).toBeGreaterThan(2 * faultsMax(n) + 1);
  });
});
