/** Polynomials over the numbers below a group's order: a secret is the value at zero, a share the value at a member's point. */
import { assert } from "../../../protocol/core/assert.ts";
import type { Term } from "./ports.ts";
import { inverse, modulo } from "./scalar.ts";

/** Never zero, for there lies the secret. */
export const pointOf = (holder: number): bigint => BigInt(holder) + 1n;

/** Coefficients from the constant one upwards. */
export function evaluate(coefficients: readonly bigint[], at: bigint, order: bigint): bigint {
  let value = 0n;
  for (let i = coefficients.length - 1; i >= 0; i--) value = modulo(value * at + coefficients[i], order);
  return value;
}

/** The same where only the coefficients' multiples of the base are known. */
export function evaluationTerms<E>(commitments: readonly E[], at: bigint, order: bigint): Term<E>[] {
  let power = 1n;
  return commitments.map((element) => {
    const number = power;
    power = modulo(power * at, order);
    return { element, number };
  });
}

/** Lagrange: what each holder's value counts in the value at zero. As many holders as the polynomial has coefficients. */
export function weightsAtZero(holders: readonly number[], order: bigint): bigint[] {
  return holders.map((holder) => {
    let [above, below] = [1n, 1n];
    for (const other of holders) {
      if (other === holder) continue;
      above = modulo(above * pointOf(other), order);
      below = modulo(below * (pointOf(other) - pointOf(holder)), order);
    }
    assert(below !== 0n, "each holder counts once");
    return modulo(above * inverse(below, order), order);
  });
}
