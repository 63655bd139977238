/**
 * The group ristretto255 (RFC 9496) as dice want it: of prime order, one encoding an element, no cofactor to think of.
 *
 * Hashing follows RFC 9380 (hash_to_ristretto255) and RFC 9497 (HashToScalar), with the domain as the separation tag.
 */

import { mulAddUnsafe } from "@noble/curves/abstract/curve.js";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";

const Point: typeof ristretto255.Point = ristretto255.Point;

export type RistrettoElement = InstanceType<typeof ristretto255.Point>;

const RISTRETTO_ELEMENT_SIZE = 32;

export interface RistrettoTerm {
  readonly element: RistrettoElement;
  readonly number: bigint;
}

/** The engine's port for a group, told by its shape alone. */
export const ristrettoGroup = Object.freeze({
  order: Point.Fn.ORDER,
  base: Point.BASE as RistrettoElement,

  add: (left: RistrettoElement, right: RistrettoElement): RistrettoElement => left.add(right),

  /** As constant in time as JavaScript allows: the same steps for every number. */
  multiply: (element: RistrettoElement, number: bigint): RistrettoElement => element.multiply(number),

  /** The base has its table; all other terms share one walk, which costs little more than one of them. */
  combine(terms: readonly RistrettoTerm[]): RistrettoElement {
    let sum: RistrettoElement = Point.ZERO;
    const others = terms.filter(({ element, number }) => {
      if (number !== 0n && element === Point.BASE) sum = sum.add(Point.BASE.multiplyUnsafe(number));
      return number !== 0n && element !== Point.BASE;
    });
    if (others.length === 0) return sum;
    const walked = mulAddUnsafe(
      Point,
      others.map(({ element }) => element),
      others.map(({ number }) => number),
    );
    return sum.add(walked);
  },

  equal: (left: RistrettoElement, right: RistrettoElement): boolean => left.equals(right),
  isIdentity: (element: RistrettoElement): boolean => element.is0(),
  encode: (element: RistrettoElement): Uint8Array => new Uint8Array(element.toBytes()),

  /** The library throws on what is no element; the identity is one, and nobody honest sends it. */
  decode(bytes: Uint8Array): RistrettoElement | undefined {
    if (bytes.length !== RISTRETTO_ELEMENT_SIZE) return undefined;
    try {
      const element = Point.fromBytes(bytes);
      return element.is0() ? undefined : element;
    } catch {
      return undefined;
    }
  },

  hashToElement: (domain: string, bytes: Uint8Array): RistrettoElement =>
    ristretto255_hasher.hashToCurve(bytes, { DST: domain }),
  hashToScalar: (domain: string, bytes: Uint8Array): bigint => ristretto255_hasher.hashToScalar(bytes, { DST: domain }),
});
