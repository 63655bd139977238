import { describe, expect, test } from "vitest";
import { faultsMax } from "../../../../host/engine/consensus/quorum.ts";
import { clockClaims, freshOffsets, heardClaim, medianOffset } from "../../../../host/engine/timing/clock-claims.ts";
import { CLAIM_AGE_MAX_MS } from "../../../../host/engine/timing/limits.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { memberIndex, millis } from "../../../../protocol/core/units.ts";

const ANY = Number.NEGATIVE_INFINITY;

describe("claims", () => {
  test("a clock goes on by itself after it was heard, and counts for a minute", () => {
    const claims = clockClaims(4);
    heardClaim(claims, memberIndex(1), 500_000, millis(1_000));
    expect(freshOffsets(claims, millis(1_000), ANY)).toEqual([499_000]);
    expect(freshOffsets(claims, millis(1_000 + CLAIM_AGE_MAX_MS), ANY)).toEqual([499_000]);
    expect(freshOffsets(claims, millis(1_001 + CLAIM_AGE_MAX_MS), ANY)).toEqual([]);
  });

  test("a member has one claim, its last, and one that is known to be bad has none", () => {
    const claims = clockClaims(4);
    for (const shown of [9_000, 2_000, 7_000]) heardClaim(claims, memberIndex(2), shown, millis(0));
    heardClaim(claims, memberIndex(3), 1_000, millis(0));
    expect(freshOffsets(claims, millis(0), ANY)).toEqual([1_000, 7_000]);
    expect(freshOffsets(claims, millis(0), 1_001)).toEqual([7_000]);
  });

  test("a claim of who is no member is our mistake", () => {
    expect(() => heardClaim(clockClaims(4), memberIndex(4), 0, millis(0))).toThrow("a claim is a member's");
  });
});

describe("the median", () => {
  test("needs one claim more than there may be liars", () => {
    expect(medianOffset([], 4)).toBeUndefined();
    expect(medianOffset([5], 4)).toBeUndefined();
    expect(medianOffset([5, 9], 4)).toBe(5);
    expect(medianOffset([5, 9], 7)).toBeUndefined();
    expect(medianOffset([5, 9, 11], 7)).toBe(5);
    expect(medianOffset([7], 3)).toBe(7);
  });

  test("is the middle one where enough are heard", () => {
    expect(medianOffset([1, 5, 9], 4)).toBe(5);
    expect(medianOffset([1, 2, 3, 4, 5, 6], 7)).toBe(3);
    expect(medianOffset([1, 2, 3, 4, 5, 6, 7, 8, 9], 10)).toBe(5);
  });

  test("whatever f liars claim, it is no higher than an honest one; of all members', no lower either", () => {
    const from = chance(3);
    for (let round = 0; round < 20_000; round++) {
      const memberCount = 4 + drawBelow(from, 7);
      const faults = faultsMax(memberCount);
      const honestCount = 1 + drawBelow(from, memberCount - 1 - faults);
      const honest = new Array(honestCount).fill(0).map(() => 100 + drawBelow(from, 10));
      const lies = new Array(drawBelow(from, faults + 1)).fill(0).map(() => drawBelow(from, 2) * 1_000);
      const median = medianOffset(
        [...honest, ...lies].sort((left, right) => left - right),
        memberCount,
      );
      if (median === undefined) {
        expect(honest.length + lies.length).toBeLessThanOrEqual(faults);
        continue;
      }
      expect(median).toBeLessThanOrEqual(Math.max(...honest));
      if (honestCount + lies.length > 2 * faults) expect(median).toBeGreaterThanOrEqual(Math.min(...honest));
    }
  });
});
