import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sign, verify } from "../../../host/crypto/ed25519.ts";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { registerPublicKey } from "../../../host/crypto/register-key.ts";
import { sha256 } from "../../../host/crypto/sha256.ts";
import { craft, hex, scalarOf, smallOrderEncodings } from "./craft.ts";

const refusal = (bytes: Uint8Array) => {
  const registration = registerPublicKey(bytes);
  return registration.ok ? "registered" : registration.why;
};

/** The little-endian encoding of p + `offset`, for −19 ≤ offset < 19. */
const aroundPrime = (offset: number, sign: 0 | 1) => {
  const bytes = new Uint8Array(32).fill(0xff);
  bytes[0] = 0xed + offset;
  bytes[31] = 0x7f | (sign << 7);
  return bytes;
};

describe("registration of a public key", () => {
  test("every honest key is registered and verifies what its owner signs", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (seed) => {
        const { publicKey, privateKey } = keyPairFromSeed(seed);
        const registration = registerPublicKey(publicKey.bytes);
        if (!registration.ok) throw new Error(registration.why);
        expect(verify(registration.key, seed, sign(privateKey, seed))).toBe(true);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test("another length is refused", () => {
    for (const size of [0, 31, 33, 64]) expect(refusal(new Uint8Array(size))).toBe("wrong length");
  });

  test("y from p up to the highest is not canonical, with either sign", () => {
    for (let offset = 0; offset < 19; offset++) {
      expect(refusal(aroundPrime(offset, 0))).toBe("not canonical");
      expect(refusal(aroundPrime(offset, 1))).toBe("not canonical");
    }
  });

  test("y just below p is canonical, whatever else it is", () => {
    for (let offset = -19; offset < 0; offset++) expect(refusal(aroundPrime(offset, 0))).not.toBe("not canonical");
    for (let offset = -19; offset < -1; offset++) expect(refusal(aroundPrime(offset, 1))).not.toBe("not canonical");
  });

  test("the 8 canonical encodings of small order are refused as such, the 6 others as not canonical", () => {
    const reasons = smallOrderEncodings().map(refusal);
    expect(reasons.slice(0, 8)).toEqual(new Array(8).fill("small order"));
    expect(reasons.slice(8)).toEqual(new Array(6).fill("not canonical"));
  });

  test("a y that no point has is not on the curve", () => {
    const bytes = new Uint8Array(32);
    bytes[0] = 2;
    expect(refusal(bytes)).toBe("not on the curve");
  });

  test("an honest key plus any torsion point is refused", () => {
    const message = new Uint8Array(0);
    const keys = [0, 1, 2, 3, 4, 5, 6, 7].map((torsionOfKey) =>
      craft({ a: scalarOf("member"), torsionOfKey, r: 1n, torsionOfNonce: 0, message }),
    );
    expect(keys.map((key) => refusal(key.publicKey))).toEqual(["registered", ...new Array(7).fill("torsion")]);
  });

  test("of random bytes exactly those with a square x² are points, and hardly one is free of torsion", () => {
    const tally = new Map<string, number>();
    for (let index = 0; index < 200; index++) {
      const bytes = sha256(Uint8Array.of(index));
      const why = refusal(bytes);
      expect(why === "not on the curve").toBe(!hasPoint(bytes));
      tally.set(why, (tally.get(why) ?? 0) + 1);
    }
    // One point in eight lies in the subgroup of prime order.
    expect([...tally.keys()].sort()).toEqual(["not on the curve", "registered", "torsion"]);
    expect(tally.get("torsion")!).toBeGreaterThan(4 * tally.get("registered")!);
  });
});

/** x² = (y² − 1) / (dy² + 1) is zero or a square, by Euler's criterion. */
function hasPoint(bytes: Uint8Array): boolean {
  const prime = 2n ** 255n - 19n;
  const y = BigInt(`0x${hex(bytes.slice().reverse())}`) & (2n ** 255n - 1n);
  const power = (base: bigint, exponent: bigint) => {
    let result = 1n;
    for (; exponent > 0n; exponent >>= 1n, base = (base * base) % prime) {
      if (exponent & 1n) result = (result * base) % prime;
    }
    return result;
  };
  const d = ((prime - 121665n) * power(121666n, prime - 2n)) % prime;
  const square = (y * y) % prime;
  const quotient = (square - 1n + prime) * power((d * square + 1n) % prime, prime - 2n);
  return power(quotient % prime, (prime - 1n) / 2n) !== prime - 1n;
}
