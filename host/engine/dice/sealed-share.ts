/** A share for one member's eyes, in everybody's sight: added to a number that only its dealer and the member can compute. The
 * member can show that number to all, with a proof, and so what it was given. */
import type { DealerContext } from "./deal-context.ts";
import type { Dealing } from "./dealing.ts";
import { decodeElements } from "./element.ts";
import { evaluationTerms, pointOf } from "./polynomial.ts";
import type { Group } from "./ports.ts";
import { decodeScalar, modulo } from "./scalar.ts";
import { sealMask } from "./seal.ts";

/** What lies under the seal. */
export function openShare<E>(
  group: Group<E>,
  context: DealerContext,
  dealing: Dealing,
  holder: number,
  shared: Uint8Array,
): bigint | undefined {
  const sealed = decodeScalar(dealing.body.shares[holder], group.order);
  if (sealed === undefined) return undefined;
  return modulo(sealed - sealMask(group, context, holder, shared), group.order);
}

/** Whether a share is the value of the polynomial that the dealer committed to. */
export function isRightShare<E>(group: Group<E>, dealing: Dealing, holder: number, share: bigint): boolean {
  const commitments = decodeElements(group, dealing.body.commitments);
  if (commitments === undefined) return false;
  const expected = group.combine(evaluationTerms(commitments, pointOf(holder), group.order));
  return group.equal(expected, group.combine([{ element: group.base, number: share }]));
}
