/** One holder's part of a roll: its share of the table's secret, applied to what the roll is about, with the proof that it is
 * that share. It tells nothing about the share, and before a threshold of them are there nothing about the dice. */
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { byteUpTo, varint } from "../../../protocol/bytes/numbers.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { RollInput, RollNumber } from "./bet-lock.ts";
import { Element, type Known, known, knownAs } from "./element.ts";
import { type Equality, EqualityProof, proveEquality, verifyEquality } from "./equality-proof.ts";
import { KEY_NUMBER_MAX } from "./limits.ts";
import type { Group } from "./ports.ts";

/** A place in the list of those who hold a key: the members of the day when it was made. */
export const Holder = byteUpTo(MEMBERS_MAX - 1);
/** Keys of a table, counted from its first. */
export const KeyNumber = varint(KEY_NUMBER_MAX);

export const Partial = struct("Partial", { point: Element, proof: EqualityProof });
export type Partial = ValueOf<typeof Partial>;

/** As it is said to all: who says it, the envelope says. What it is bound to beside the roll, everyone knows who can use it. */
export const PartialSaid = struct("PartialSaid", { roll: RollNumber, partial: Partial });
export type PartialSaid = ValueOf<typeof PartialSaid>;

export const HeldPartial = struct("HeldPartial", { holder: Holder, partial: Partial });
export type HeldPartial = ValueOf<typeof HeldPartial>;

/** The element that a roll's output is a multiple of. Computed once a roll. */
export const rollPoint = <E>(group: Group<E>, input: RollInput): Known<E> =>
  knownAs(group, group.hashToElement(DOMAIN, encode(RollInput, input)));

export function makePartial<E>(group: Group<E>, input: RollInput, point: Known<E>, share: bigint): Partial {
  const image = knownAs(group, group.multiply(point.element, share));
  const mine = knownAs(group, group.multiply(group.base, share));
  return { point: image.bytes, proof: proveEquality(group, claimOf(input, mine, point, image), share) };
}

export type PartialFault = "not an element" | "not its share";

/** `verifying` is the holder's share times the base, as the key says. */
export function checkPartial<E>(
  group: Group<E>,
  input: RollInput,
  point: Known<E>,
  verifying: Uint8Array,
  partial: Partial,
): PartialFault | undefined {
  const mine = known(group, verifying);
  const image = known(group, partial.point);
  if (mine === undefined || image === undefined) return "not an element";
  return verifyEquality(group, claimOf(input, mine, point, image), partial.proof) ? undefined : "not its share";
}

const DOMAIN = "hardway dice partial";

const claimOf = <E>(input: RollInput, mine: Known<E>, point: Known<E>, image: Known<E>): Equality<E> => ({
  domain: DOMAIN,
  context: encode(RollInput, input),
  mine,
  point,
  image,
});
