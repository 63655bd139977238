/**
 * One member's part of a table's key: a polynomial of its own, committed to coefficient by coefficient, and its value for each
 * member, sealed (Feldman 1987, with the shares in public). Nobody who reads it learns anything; whoever can open a share
 * sees whether it is right; and what is wrong anyone can be shown.
 */
import { encode, type ValueOf } from "../../../protocol/bytes/codec.ts";
import { list, struct } from "../../../protocol/bytes/compound.ts";
import { byteUpTo } from "../../../protocol/bytes/numbers.ts";
import { MEMBERS_MAX } from "../../../protocol/core/limits.ts";
import { DealerContext } from "./deal-context.ts";
import { decodeElements, Element } from "./element.ts";
import { THRESHOLD_MAX } from "./limits.ts";
import { evaluate, pointOf } from "./polynomial.ts";
import type { Group } from "./ports.ts";
import { decodeScalar, encodeScalar, modulo, Scalar } from "./scalar.ts";
import { sealMask } from "./seal.ts";

const Body = struct("DealingBody", {
  /** The coefficients times the base, the secret's first. As many as partials make a roll. */
  commitments: list(Element, THRESHOLD_MAX),
  /** What the dealer sealed with, times the base. */
  sealing: Element,
  /** One a member, present or not. */
  shares: list(Scalar, MEMBERS_MAX),
});

/** That the dealer knows its secret, and what it sealed with. Otherwise it could copy another's sealing, seal nonsense with it,
 * have an honest member complain, and learn from the complaint what the other had sealed. */
const DealerProof = struct("DealerProof", { challenge: Scalar, secret: Scalar, sealing: Scalar });

export const Dealing = struct("Dealing", { body: Body, proof: DealerProof });
export type Dealing = ValueOf<typeof Dealing>;

/** Drawn from the member's secret alone: the same deal gives the same dealing, before and after a restart, and there is
 * nothing to keep. */
export function deal<E>(
  group: Group<E>,
  context: DealerContext,
  secret: bigint,
  keys: readonly E[],
  threshold: number,
): Dealing {
  const from = (use: number): bigint =>
    group.hashToScalar("hardway dice deal", encode(DrawInput, { secret: encodeScalar(secret), context, use }));
  const coefficients: bigint[] = [];
  for (let i = 0; i < threshold; i++) coefficients.push(from(i));
  const sealing = from(SEALING);
  const body = {
    commitments: coefficients.map((each) => group.encode(group.multiply(group.base, each))),
    sealing: group.encode(group.multiply(group.base, sealing)),
    shares: keys.map((key, holder) => {
      const mask = sealMask(group, context, holder, group.encode(group.multiply(key, sealing)));
      return encodeScalar(modulo(evaluate(coefficients, pointOf(holder), group.order) + mask, group.order));
    }),
  };
  return { body, proof: proveDealer(group, context, body, coefficients[0], sealing) };
}

export type DealingFault = "wrong length" | "not an element" | "not a number" | "no proof";

/** All that anyone can see. Whether the shares are right, each member sees of its own. */
export function checkDealing<E>(
  group: Group<E>,
  context: DealerContext,
  { body, proof }: Dealing,
  holderCount: number,
  threshold: number,
): DealingFault | undefined {
  if (body.commitments.length !== threshold || body.shares.length !== holderCount) return "wrong length";
  const elements = decodeElements(group, [...body.commitments, body.sealing]);
  if (elements === undefined) return "not an element";
  if (body.shares.some((share) => decodeScalar(share, group.order) === undefined)) return "not a number";
  const [challenge, ofSecret, ofSealing] = [proof.challenge, proof.secret, proof.sealing].map((each) =>
    decodeScalar(each, group.order),
  );
  if (challenge === undefined || ofSecret === undefined || ofSealing === undefined) return "not a number";
  const minus = modulo(-challenge, group.order);
  const nonceOf = (response: bigint, element: E): E =>
    group.combine([
      { element: group.base, number: response },
      { element, number: minus },
    ]);
  const again = dealerChallenge(
    group,
    context,
    body,
    nonceOf(ofSecret, elements[0]),
    nonceOf(ofSealing, elements[threshold]),
  );
  return again === challenge ? undefined : "no proof";
}

/** Uses of what is drawn from the secret; below are the coefficients. */
const SEALING = 100;
const SECRET_NONCE = 101;
const SEALING_NONCE = 102;

const DrawInput = struct("DealDraw", { secret: Scalar, context: DealerContext, use: byteUpTo(0xff) });
const NonceInput = struct("DealNonce", { secret: Scalar, context: DealerContext, body: Body, use: byteUpTo(0xff) });
const ChallengeInput = struct("DealChallenge", {
  context: DealerContext,
  body: Body,
  secret: Element,
  sealing: Element,
});

type DealingBody = Dealing["body"];

function proveDealer<E>(
  group: Group<E>,
  context: DealerContext,
  body: DealingBody,
  secret: bigint,
  sealing: bigint,
): Dealing["proof"] {
  const nonce = (number: bigint, use: number): bigint =>
    group.hashToScalar(
      "hardway dice deal nonce",
      encode(NonceInput, { secret: encodeScalar(number), context, body, use }),
    );
  const [forSecret, forSealing] = [nonce(secret, SECRET_NONCE), nonce(sealing, SEALING_NONCE)];
  const challenge = dealerChallenge(
    group,
    context,
    body,
    group.multiply(group.base, forSecret),
    group.multiply(group.base, forSealing),
  );
  return {
    challenge: encodeScalar(challenge),
    secret: encodeScalar(modulo(forSecret + challenge * secret, group.order)),
    sealing: encodeScalar(modulo(forSealing + challenge * sealing, group.order)),
  };
}

const dealerChallenge = <E>(
  group: Group<E>,
  context: DealerContext,
  body: DealingBody,
  secret: E,
  sealing: E,
): bigint =>
  group.hashToScalar(
    "hardway dice dealer",
    encode(ChallengeInput, { context, body, secret: group.encode(secret), sealing: group.encode(sealing) }),
  );
