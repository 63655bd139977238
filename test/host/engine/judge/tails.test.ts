import { expect, test } from "vitest";
import { logGamma } from "../../../../host/engine/judge/log-gamma.ts";
import {
  binomialTail,
  chiSquareCritical,
  chiSquareTail,
  gammaTail,
  normalCritical,
  normalTail,
  shiftedChiSquareTail,
} from "../../../../host/engine/judge/tails.ts";

test("the logarithm of the gamma function is that of factorials, of halves, and of large numbers", () => {
  let factorial = 1;
  for (let n = 1; n <= 20; n++) {
    expect(logGamma(n)).toBeCloseTo(Math.log(factorial), 12);
    factorial *= n;
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  expect(logGamma(1e-3)).toBeCloseTo(6.907178885383853, 12);
  // Γ(x + 1) = x Γ(x), across the change from the product to the series.
  for (const x of [0.1, 3.7, 9.5, 9.999, 10.001, 123.4, 1e6]) {
    expect(logGamma(x + 1) - logGamma(x)).toBeCloseTo(Math.log(x), x > 1e5 ? 8 : 11);
  }
});

test("a chi-square's critical values are those of the tables, for the degrees that dice have [P05]", () => {
  const table = [
    [5, 20.515],
    [10, 29.588],
    [25, 52.62],
    [35, 66.619],
  ] as const;
  for (const [degrees, critical] of table) {
    expect(chiSquareCritical(degrees, 0.001)).toBeCloseTo(critical, 2);
    expect(chiSquareTail(degrees, critical)).toBeCloseTo(0.001, 6);
  }
  expect(chiSquareCritical(5, 0.05)).toBeCloseTo(11.0705, 4);
});

test("the tail of two degrees is an exponential, on both sides of the change of method", () => {
  for (const x of [0, 0.5, 1.9, 3.9, 4.1, 30, 200]) expect(chiSquareTail(2, x)).toBeCloseTo(Math.exp(-x / 2), 12);
  expect(gammaTail(3, 0)).toBe(1);
});

test("normal, binomial and shifted tails are those of the tables", () => {
  expect(normalTail(1.959964)).toBeCloseTo(0.025, 7);
  expect(normalTail(-1)).toBeCloseTo(0.8413447461, 9);
  expect(normalCritical(0.001)).toBeCloseTo(3.0902323, 6);
  expect(binomialTail(10, 0.5, 7)).toBeCloseTo(56 / 1024, 12);
  expect(binomialTail(3, 0.2, -1)).toBeCloseTo(1, 12);
  expect(shiftedChiSquareTail(5, 0, 11.0705)).toBeCloseTo(0.05, 5);
  // Of one degree: the chance of a normal number beyond ±2 that lies around 1.
  expect(shiftedChiSquareTail(1, 1, 4)).toBeCloseTo(normalTail(1) + normalTail(3), 8);
});
