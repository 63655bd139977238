/** How rare something is: tails of the laws that dice and losses follow, and the values beyond which a given share lies. For what
 * people are shown; no state that replicas agree on holds one of these numbers. */
import { assert } from "../../../protocol/core/assert.ts";
import { logGamma } from "./log-gamma.ts";

/** Γ(a, x) / Γ(a): by its series below a + 1, by its continued fraction above (Abramowitz and Stegun 6.5.29 and 6.5.31). */
export function gammaTail(a: number, x: number): number {
  assert(a > 0 && x >= 0, "the incomplete gamma function is taken where it is defined");
  if (x === 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? Math.max(0, 1 - front * series(a, x)) : front * fraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < STEPS_MAX && term > sum * EXACT; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

/** Lentz's method. */
function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < STEPS_MAX; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / nonZero(an * d + b);
    c = nonZero(b + an / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < EXACT) break;
  }
  return value;
}

/** P(X² > x) of as many degrees of freedom. */
export const chiSquareTail = (degrees: number, x: number): number => gammaTail(degrees / 2, x / 2);

/** The same where the law is not the assumed one, but `noncentrality` off: a Poisson mixture of the plain tails. */
export function shiftedChiSquareTail(degrees: number, noncentrality: number, x: number): number {
  const mean = noncentrality / 2;
  const reach = Math.ceil(mean + 12 * Math.sqrt(mean + 1) + 12);
  let sum = 0;
  for (let k = 0; k <= reach; k++) {
    const weight = mean === 0 ? (k === 0 ? 1 : 0) : Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
    sum += weight * chiSquareTail(degrees + 2 * k, x);
  }
  return sum;
}

/** P(Z > z). */
export function normalTail(z: number): number {
  const half = chiSquareTail(1, z * z) / 2;
  return z >= 0 ? half : 1 - half;
}

/** P(X > k) of so many trials. */
export function binomialTail(trials: number, chance: number, k: number): number {
  assert(chance > 0 && chance < 1 && Number.isInteger(trials), "a trial may go either way");
  let sum = 0;
  for (let i = Math.max(0, k + 1); i <= trials; i++) {
    const ways = logGamma(trials + 1) - logGamma(i + 1) - logGamma(trials - i + 1);
    sum += Math.exp(ways + i * Math.log(chance) + (trials - i) * Math.log(1 - chance));
  }
  return Math.min(1, sum);
}

/** Where the tail comes down to `share`. */
export const chiSquareCritical = (degrees: number, share: number): number =>
  solveFalling((x) => chiSquareTail(degrees, x), share, 0, 1_000 + 10 * degrees);

export const normalCritical = (share: number): number => solveFalling(normalTail, share, -40, 40);

/** Where a function that never rises comes down to `value`. */
function solveFalling(of: (x: number) => number, value: number, from: number, to: number): number {
  let low = from;
  let high = to;
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2;
    if (of(middle) > value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const nonZero = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
const STEPS_MAX = 10_000;
const BISECTIONS = 200;
const EXACT = 1e-15;
const TINY = 1e-300;
