/** The table's key: nobody knows its secret, and any threshold of its holders can use it. */
import type { ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, struct } from "../../../protocol/bytes/compound.ts";
import { byteUpTo } from "../../../protocol/bytes/numbers.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import type { DealContext } from "./deal-context.ts";
import { Dealing } from "./dealing.ts";
import { decodeElements, Element } from "./element.ts";
import { THRESHOLD_MAX } from "./limits.ts";
import { Holder, KeyNumber } from "./partial.ts";
import { evaluationTerms, pointOf } from "./polynomial.ts";
import type { Group } from "./ports.ts";
import { modulo } from "./scalar.ts";
import { isRightShare, openShare } from "./sealed-share.ts";

/** What a verifier of rolls needs of it. */
export const DiceKey = struct("DiceKey", {
  number: KeyNumber,
  threshold: byteUpTo(THRESHOLD_MAX),
  publicKey: Element,
  /** By holder: its share times the base. */
  verifying: list(Element, MEMBERS_MAX),
});
export type DiceKey = ValueOf<typeof DiceKey>;

/** With its dealer's place among those dealt to. */
export const HeldDealing = struct("HeldDealing", { dealer: Holder, dealing: Dealing });
export type HeldDealing = ValueOf<typeof HeldDealing>;

/** The sum of what was dealt. Undefined where anything cancels out, which takes a dealer who has broken the group. */
export function keyOf<E>(
  group: Group<E>,
  number: number,
  dealings: readonly HeldDealing[],
  holderCount: number,
): DiceKey | undefined {
  const threshold = dealings.length;
  const commitments: E[] = [];
  for (let power = 0; power < threshold; power++) {
    const column = decodeElements(
      group,
      dealings.map(({ dealing }) => dealing.body.commitments[power]),
    );
    assert(column !== undefined, "dealings were checked before");
    commitments.push(column.reduce((sum, each) => group.add(sum, each)));
  }
  const verifying: E[] = [];
  for (let holder = 0; holder < holderCount; holder++) {
    verifying.push(group.combine(evaluationTerms(commitments, pointOf(holder), group.order)));
  }
  if ([commitments[0], ...verifying].some((each) => group.isIdentity(each))) return undefined;
  return {
    number,
    threshold,
    publicKey: group.encode(commitments[0]),
    verifying: verifying.map((each) => group.encode(each)),
  };
}

/** A holder's share, or the dealers that gave it a wrong one. */
export type OwnShare =
  | { readonly ok: true; readonly share: bigint }
  | { readonly ok: false; readonly liars: readonly number[] };

/** Computed from what was agreed and the member's own secret: nothing of it is ever stored. */
export function ownShare<E>(
  group: Group<E>,
  deal: DealContext,
  dealings: readonly HeldDealing[],
  holder: number,
  secret: bigint,
): OwnShare {
  let share = 0n;
  const liars: number[] = [];
  for (const { dealer, dealing } of dealings) {
    const sealing = group.decode(dealing.body.sealing);
    assert(sealing !== undefined, "dealings were checked before");
    const shared = group.encode(group.multiply(sealing, secret));
    const part = openShare(group, { deal, dealer }, dealing, holder, shared);
    if (part === undefined || !isRightShare(group, dealing, holder, part)) liars.push(dealer);
    else share = modulo(share + part, group.order);
  }
  return liars.length === 0 ? { ok: true, share } : { ok: false, liars };
}
