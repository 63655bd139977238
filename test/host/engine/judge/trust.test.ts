import { describe, expect, test } from "vitest";
import {
  FAST_PATH_PPM,
  type Opinion,
  TRUSTED_PPM,
  trustedAmong,
  trustOf,
} from "../../../../host/engine/judge/trust-graph.ts";

describe("trust by the word of others", () => {
  const trusts = (from: number, of: number, ppm = 1_000_000): Opinion => ({ from, of, ppm });

  test("goes from hand to hand, a little less each time, and what was seen goes before what was told [E11]", () => {
    const trust = trustOf(5, 0, [
      trusts(0, 1, 980_000),
      trusts(1, 2),
      trusts(2, 3),
      trusts(1, 4, 100_000),
      trusts(0, 4, 700_000),
    ]);
    expect(trust).toEqual([1_000_000, 980_000, 931_000, 884_450, 700_000]);
    expect(trustedAmong(trust, FAST_PATH_PPM)).toEqual([0, 1, 2]);
    expect(trustedAmong(trust, TRUSTED_PPM)).toEqual([0, 1, 2, 3, 4]);
  });

  test("gives a clique that praises itself nothing, however many it is [E11]", () => {
    for (const size of [3, 10, 28]) {
      const opinions: Opinion[] = [trusts(0, 1), trusts(0, 2), trusts(1, 2)];
      for (let from = 3; from < 3 + size; from++)
        for (let of = 1; of < 3 + size; of++) if (from !== of) opinions.push(trusts(from, of));
      const trust = trustOf(3 + size, 0, opinions);
      expect(trust.slice(0, 3)).toEqual([1_000_000, 1_000_000, 1_000_000]);
      expect(trust.slice(3)).toEqual(new Array(size).fill(0));
      expect(trustedAmong(trust, FAST_PATH_PPM)).toEqual([0, 1, 2]);
    }
  });

  test("is not lifted to the fast path by one who is hardly trusted, however many that one brings along [E11]", () => {
    const opinions: Opinion[] = [trusts(0, 1, 600_000)];
    for (let from = 1; from < 12; from++)
      for (let of = 2; of < 12; of++) if (from !== of) opinions.push(trusts(from, of));
    const trust = trustOf(12, 0, opinions);
    expect(Math.max(...trust.slice(2))).toBeLessThan(600_000);
    // Nor by one in doubt.
    expect(trustOf(3, 0, [trusts(0, 1, 499_999), trusts(1, 2)])[2]).toBe(0);
  });
});
