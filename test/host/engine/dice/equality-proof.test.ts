import { describe, expect, test } from "vitest";
import { knownAs } from "../../../../host/engine/dice/element.ts";
import { type Equality, proveEquality, verifyEquality } from "../../../../host/engine/dice/equality-proof.ts";
import type { Group } from "../../../../host/engine/dice/ports.ts";
import { decodeScalar, encodeScalar, inverse, modulo } from "../../../../host/engine/dice/scalar.ts";
import { chance, drawBytes } from "../../../../protocol/core/chance.ts";
import { realGroup, standInGroup } from "./stand-in.ts";

const groups: readonly (readonly [string, Group])[] = [
  ["stand-in", standInGroup as Group],
  ["real group", realGroup as Group],
];

function claim(group: Group, secret: bigint, other: bigint = secret): Equality<unknown> {
  const point = group.hashToElement("a point", Uint8Array.of(1));
  return {
    domain: "a domain",
    context: Uint8Array.of(2),
    mine: knownAs(group, group.multiply(group.base, secret)),
    point: knownAs(group, point),
    image: knownAs(group, group.multiply(point, other)),
  };
}

const number = (group: Group, bytes: Uint8Array): bigint => decodeScalar(bytes, group.order)!;

describe.each(groups)("the proof of equal logarithms on the %s", (_, group) => {
  const secret = 1234567n;

  test("convinces of what is so, and for its own purpose alone", () => {
    const of = claim(group, secret);
    const proof = proveEquality(group, of, secret);
    expect(verifyEquality(group, of, proof)).toBe(true);
    expect(verifyEquality(group, { ...of, domain: "b domain" }, proof)).toBe(false);
    expect(verifyEquality(group, { ...of, context: Uint8Array.of(3) }, proof)).toBe(false);
    expect(verifyEquality(group, { ...of, mine: of.point }, proof)).toBe(false);
  });

  test("convinces of nothing that is not so, whichever of the two numbers is used [K08]", () => {
    const of = claim(group, secret, secret + 1n);
    for (const used of [secret, secret + 1n]) {
      expect(verifyEquality(group, of, proveEquality(group, of, used))).toBe(false);
    }
    const from = chance(8);
    for (let i = 0; i < 50; i++) {
      const [challenge, response] = [1, 2].map(() => group.hashToScalar("guess", drawBytes(from, 16)));
      const guess = { challenge: encodeScalar(challenge!), response: encodeScalar(response!) };
      expect(verifyEquality(group, of, guess)).toBe(false);
    }
  });

  test("says nothing that its reader could not have made up: a proof without the secret, were the hash free [K08]", () => {
    const of = claim(group, secret);
    const [challenge, response] = [77n, 88n];
    // What a simulator does who may choose the hash: numbers first, then the challenge that they answer.
    const oracle: Group = { ...group, hashToScalar: () => challenge };
    const made = { challenge: encodeScalar(challenge), response: encodeScalar(response) };
    expect(verifyEquality(oracle, of, made)).toBe(true);
    // With the hash as it is, the same is worth nothing.
    expect(verifyEquality(group, of, made)).toBe(false);
  });

  test("draws another nonce for everything it is about: two challenges to one nonce would tell the secret [K08]", () => {
    const of = claim(group, secret);
    const proofs = [of, { ...of, context: Uint8Array.of(9) }].map((each) => proveEquality(group, each, secret));
    const nonces = proofs.map((proof) =>
      modulo(number(group, proof.response) - number(group, proof.challenge) * secret, group.order),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
    // That it would: here is how. Two answers with one nonce.
    const [first, second] = [11n, 12n].map((challenge) => modulo(nonces[0]! + challenge * secret, group.order));
    expect(modulo(second! - first!, group.order)).toBe(secret);
    // And the answers of honest proofs do not tell it so.
    const [left, right] = proofs.map(({ response }) => number(group, response)) as [bigint, bigint];
    const [over, under] = proofs.map(({ challenge }) => number(group, challenge)) as [bigint, bigint];
    expect(modulo((left - right) * inverse(over - under, group.order), group.order)).not.toBe(secret);
  });

  test("is the same for the same secret and claim: a restored kiosk gives nothing away", () => {
    const of = claim(group, secret);
    expect(proveEquality(group, of, secret)).toEqual(proveEquality(group, of, secret));
  });
});
