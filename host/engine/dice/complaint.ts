/** The proof that a dealer sealed a wrong share: the number under the seal, and that it is that number. Nobody can be framed by
 * it, and it tells no more than the one share, which is worth nothing. */
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { DealerContext } from "./deal-context.ts";
import type { Dealing } from "./dealing.ts";
import { Element, type Known, known, knownAs } from "./element.ts";
import { type Equality, EqualityProof, proveEquality, verifyEquality } from "./equality-proof.ts";
import { Holder } from "./partial.ts";
import type { Group } from "./ports.ts";
import { isRightShare, openShare } from "./sealed-share.ts";

export const Complaint = struct("Complaint", {
  dealer: Holder,
  /** The dealer's sealing times the complainer's secret. */
  shared: Element,
  proof: EqualityProof,
});
export type Complaint = ValueOf<typeof Complaint>;

export function complain<E>(
  group: Group<E>,
  context: DealerContext,
  dealing: Dealing,
  secret: bigint,
): Complaint | undefined {
  const sealing = known(group, dealing.body.sealing);
  if (sealing === undefined) return undefined;
  const mine = knownAs(group, group.multiply(group.base, secret));
  const shared = knownAs(group, group.multiply(sealing.element, secret));
  const proof = proveEquality(group, claimOf(context, mine, sealing, shared), secret);
  return { dealer: context.dealer, shared: shared.bytes, proof };
}

export type ComplaintFault = "not an element" | "not its seal" | "the share is right";

/** Undefined where the complaint is justified. `key` is the complainer's. */
export function judgeComplaint<E>(
  group: Group<E>,
  context: DealerContext,
  dealing: Dealing,
  holder: number,
  key: Uint8Array,
  complaint: Complaint,
): ComplaintFault | undefined {
  const mine = known(group, key);
  const sealing = known(group, dealing.body.sealing);
  const shared = known(group, complaint.shared);
  if (mine === undefined || sealing === undefined || shared === undefined) return "not an element";
  if (!verifyEquality(group, claimOf(context, mine, sealing, shared), complaint.proof)) return "not its seal";
  const share = openShare(group, context, dealing, holder, complaint.shared);
  return share !== undefined && isRightShare(group, dealing, holder, share) ? "the share is right" : undefined;
}

const claimOf = <E>(context: DealerContext, mine: Known<E>, point: Known<E>, image: Known<E>): Equality<E> => ({
  domain: "hardway dice complaint",
  context: encode(DealerContext, context),
  mine,
  point,
  image,
});
