import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { amountFault, partDown, partDownOf, tokenText } from "../../../../host/engine/ledger/amounts.ts";
import { CHIPS_MAX, TOKEN_CHIPS_COUNT } from "../../../../host/engine/ledger/limits.ts";
import { chips } from "../../../../protocol/core/units.ts";
import { NO_AMOUNTS } from "./tables.ts";

const amount = fc.integer({ min: 0, max: CHIPS_MAX });
const run = { seed: 1, numRuns: 2_000 };

describe("an amount", () => {
  test("is a whole number from one to 2^53 − 1, and everything else is told why not [M01]", () => {
    for (const [value, why] of NO_AMOUNTS) expect([value, amountFault(value, 1)]).toEqual([value, why]);
    for (const value of [1, 2, CHIPS_MAX - 1, CHIPS_MAX]) expect(amountFault(value, 1)).toBeUndefined();
    expect(amountFault(0, 0)).toBeUndefined();
    expect(amountFault(-0, 0)).toBe("out of range");
  });

  test("is read as tokens of a million units, every unit shown [M01]", () => {
    expect(TOKEN_CHIPS_COUNT).toBe(10 ** 6);
    expect([0, 1, 999_999, 1_000_000, 12_000_345].map((each) => tokenText(chips(each)))).toEqual([
      ...["0.000000", "0.000001", "0.999999", "1.000000", "12.000345"],
    ]);
    expect(tokenText(chips(CHIPS_MAX))).toBe("9007199254.740991");
  });
});

describe("a part of an amount", () => {
  test("is the exact product rounded down, also where the product is beyond every safe integer [M01]", () => {
    fc.assert(
      fc.property(amount, amount, amount, (whole, one, other) => {
        const part = Math.min(one, other);
        const of = Math.max(one, other, 1);
        const exact = (BigInt(whole) * BigInt(part)) / BigInt(of);
        expect(BigInt(partDown(chips(whole), part, of))).toBe(exact);
        expect(BigInt(partDownOf(chips(whole), BigInt(part), BigInt(of)))).toBe(exact);
      }),
      run,
    );
  });

  test("is exact at every border of the quotient, where a float is rounded up", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 20 }), fc.integer({ min: 1, max: 2 ** 32 }), (of, quotient) => {
        // quotient · of − 1 over of: the last one before the border.
        const value = quotient * of - 1;
        expect(partDown(chips(value), 1, of)).toBe(quotient - 1);
        expect(partDown(chips(value + 1), 1, of)).toBe(quotient);
      }),
      run,
    );
  });

  test("of more than the whole, or of nothing, is our mistake", () => {
    expect(() => partDown(chips(5), 3, 2)).toThrow("within its whole");
    expect(() => partDown(chips(5), 0, 0)).toThrow("within its whole");
    expect(() => partDown(chips(5), 0.5, 2)).toThrow("whole numbers");
  });
});
