/** ln Γ(x), by Stirling's series after the argument was raised to where the series is exact to the last bits. For what people
 * are shown: the last digits of a logarithm differ between engines, and no state that replicas agree on holds one. */
import { assert } from "../../../protocol/core/assert.ts";

export function logGamma(x: number): number {
  assert(x > 0, "the logarithm of the gamma function is taken of positive numbers");
  let product = 1;
  let raised = x;
  while (raised < SERIES_FROM) {
    product *= raised;
    raised += 1;
  }
  const inverse = 1 / (raised * raised);
  let tail = 0;
  for (let term = SERIES.length - 1; term >= 0; term--) tail = SERIES[term] + inverse * tail;
  return (raised - 0.5) * Math.log(raised) - raised + HALF_LOG_TWO_PI + tail / raised - Math.log(product);
}

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;
const SERIES_FROM = 10;
/** B_2k / (2k (2k − 1)). */
const SERIES: readonly number[] = Object.freeze([
  ...[1 / 12, -1 / 360, 1 / 1_260, -1 / 1_680, 1 / 1_188, -691 / 360_360, 1 / 156],
]);
