/** Exact fractions. An edge is a fraction, and two fractions are equal or they are not: nothing here rounds. */
import { assert } from "../../../protocol/core/assert.ts";

/** In lowest terms, the denominator above zero, so that equal values have equal parts. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export function ratio(numerator: bigint | number, denominator: bigint | number = 1n): Ratio {
  const [top, bottom] = [BigInt(numerator), BigInt(denominator)];
  assert(bottom !== 0n, "a fraction is not of nothing");
  const by = divisor(top, bottom);
  return bottom > 0n
    ? { numerator: top / by, denominator: bottom / by }
    : { numerator: -top / by, denominator: -bottom / by };
}

export const ZERO: Ratio = Object.freeze({ numerator: 0n, denominator: 1n });
export const ONE: Ratio = Object.freeze({ numerator: 1n, denominator: 1n });

export const isZero = (value: Ratio): boolean => value.numerator === 0n;

export const add = (left: Ratio, right: Ratio): Ratio =>
  ratio(left.numerator * right.denominator + right.numerator * left.denominator, left.denominator * right.denominator);

export const negate = (value: Ratio): Ratio => ({ numerator: -value.numerator, denominator: value.denominator });

export const subtract = (left: Ratio, right: Ratio): Ratio => add(left, negate(right));

export const multiply = (left: Ratio, right: Ratio): Ratio =>
  ratio(left.numerator * right.numerator, left.denominator * right.denominator);

export const divide = (left: Ratio, right: Ratio): Ratio =>
  ratio(left.numerator * right.denominator, left.denominator * right.numerator);

export const equal = (left: Ratio, right: Ratio): boolean =>
  left.numerator === right.numerator && left.denominator === right.denominator;

/** Below zero, zero or above, as `left` is below, at or above `right`. */
export function compare(left: Ratio, right: Ratio): number {
  const difference = left.numerator * right.denominator - right.numerator * left.denominator;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** "7/495", or "0" and "3" for whole numbers. */
export const ratioText = (value: Ratio): string =>
  value.denominator === 1n ? `${value.numerator}` : `${value.numerator}/${value.denominator}`;

/** "1.4141%": for people, rounded half away from zero. */
export function percentText(value: Ratio, places = 4): string {
  const scale = 10n ** BigInt(places);
  const sign = value.numerator < 0n ? "-" : "";
  const top = (value.numerator < 0n ? -value.numerator : value.numerator) * 100n * scale;
  const rounded = (2n * top + value.denominator) / (2n * value.denominator);
  const digits = `${rounded % scale}`.padStart(places, "0");
  return `${sign}${rounded / scale}${places === 0 ? "" : `.${digits}`}%`;
}

function divisor(left: bigint, right: bigint): bigint {
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
