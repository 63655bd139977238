import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  compare,
  divide,
  equal,
  multiply,
  negate,
  percentText,
  type Ratio,
  ratio,
  ratioText,
  subtract,
} from "../../../../host/engine/game/ratio.ts";

const any: fc.Arbitrary<Ratio> = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
  .map(([top, bottom]) => ratio(top, bottom));
const options = { seed: 1, numRuns: 200 };

describe("fractions", () => {
  test("have one form each", () => {
    expect([ratio(2, 4), ratio(-2, -4), ratio(1, 2)].map(ratioText)).toEqual(["1/2", "1/2", "1/2"]);
    expect([ratio(2, -4), ratio(0, -7), ratio(6, 3)].map(ratioText)).toEqual(["-1/2", "0", "2"]);
    expect(() => ratio(1, 0)).toThrow("not of nothing");
  });

  test("add, subtract, multiply and divide as numbers do", () => {
    fc.assert(
      fc.property(any, any, any, (a, b, c) => {
        expect(equal(add(a, b), add(b, a))).toBe(true);
        expect(equal(subtract(add(a, b), b), a)).toBe(true);
        expect(equal(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)))).toBe(true);
        if (b.numerator !== 0n) expect(equal(divide(multiply(a, b), b), a)).toBe(true);
        expect(compare(a, b)).toBe(-compare(b, a));
        expect(compare(a, b) === 0).toBe(equal(a, b));
        expect(compare(a, negate(a))).toBe(a.numerator > 0n ? 1 : a.numerator < 0n ? -1 : 0);
      }),
      options,
    );
  });

  test("read as percent, rounded half away from zero", () => {
    expect([ratio(7, 495), ratio(1, 66), ratio(-1, 1000), ratio(0)].map((value) => percentText(value))).toEqual([
      ...["1.4141%", "1.5152%", "-0.1000%", "0.0000%"],
    ]);
    expect(percentText(ratio(1, 8), 0)).toBe("13%");
    expect(percentText(ratio(-1, 8), 0)).toBe("-13%");
  });
});
