/**
 * That one secret number stands behind two elements: mine = secret · base, and also image = secret · point (Chaum and Pedersen
 * 1992, made non-interactive by hashing). It tells nothing about the secret, and whoever can give it for two elements that
 * do not match has broken the hash.
 */

import { blob } from "../../../protocol/bytes/blobs.ts";
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { struct } from "../../../protocol/bytes/compound.ts";
import { Element, type Known } from "./element.ts";
import type { Group } from "./ports.ts";
import { decodeScalar, encodeScalar, modulo, Scalar } from "./scalar.ts";

export const EqualityProof = struct("EqualityProof", { challenge: Scalar, response: Scalar });
export type EqualityProof = ValueOf<typeof EqualityProof>;

/** Whose secret, and applied to what. `context` says what the proof is for: it proves nothing elsewhere. */
export interface Equality<E> {
  readonly domain: string;
  readonly context: Uint8Array;
  readonly mine: Known<E>;
  readonly point: Known<E>;
  readonly image: Known<E>;
}

export function proveEquality<E>(group: Group<E>, claim: Equality<E>, secret: bigint): EqualityProof {
  // Drawn from the secret and the claim: a kiosk without good chance at boot, or restored from a copy, gives nothing away.
  const nonce = group.hashToScalar(
    `${claim.domain} nonce`,
    encode(NonceInput, { secret: encodeScalar(secret), claim: claimBytes(claim) }),
  );
  const fromBase = group.multiply(group.base, nonce);
  const challenge = challengeOf(group, claim, fromBase, group.multiply(claim.point.element, nonce));
  const response = modulo(nonce + challenge * secret, group.order);
  return { challenge: encodeScalar(challenge), response: encodeScalar(response) };
}

export function verifyEquality<E>(group: Group<E>, claim: Equality<E>, proof: EqualityProof): boolean {
  const challenge = decodeScalar(proof.challenge, group.order);
  const response = decodeScalar(proof.response, group.order);
  if (challenge === undefined || response === undefined) return false;
  const minus = modulo(-challenge, group.order);
  const fromBase = group.combine([
    { element: group.base, number: response },
    { element: claim.mine.element, number: minus },
  ]);
  const fromPoint = group.combine([
    { element: claim.point.element, number: response },
    { element: claim.image.element, number: minus },
  ]);
  return challengeOf(group, claim, fromBase, fromPoint) === challenge;
}

const CONTEXT_SIZE_MAX = 256;

const Claim = struct("EqualityClaim", {
  context: blob(CONTEXT_SIZE_MAX),
  mine: Element,
  point: Element,
  image: Element,
});
const NonceInput = struct("EqualityNonce", { secret: Scalar, claim: blob(Claim.sizeMax) });
const ChallengeInput = struct("EqualityChallenge", {
  claim: blob(Claim.sizeMax),
  fromBase: Element,
  fromPoint: Element,
});

function claimBytes<E>({ context, mine, point, image }: Equality<E>): Uint8Array {
  return encode(Claim, { context, mine: mine.bytes, point: point.bytes, image: image.bytes });
}

function challengeOf<E>(group: Group<E>, claim: Equality<E>, fromBase: E, fromPoint: E): bigint {
  return group.hashToScalar(
    `${claim.domain} challenge`,
    encode(ChallengeInput, {
      claim: claimBytes(claim),
      fromBase: group.encode(fromBase),
      fromPoint: group.encode(fromPoint),
    }),
  );
}
