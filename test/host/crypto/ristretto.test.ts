import { describe, expect, test } from "vitest";
import { domainDigest } from "../../../host/crypto/domain-digest.ts";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { ristrettoGroup } from "../../../host/crypto/ristretto.ts";
import { wideDigest } from "../../../host/crypto/ristretto-digest.ts";
import { diceKeyOf, diceSecretOf } from "../../../host/crypto/ristretto-keys.ts";
import type { Group } from "../../../host/engine/dice/ports.ts";
import { decodeScalar } from "../../../host/engine/dice/scalar.ts";
import { hex, smallOrderEncodings, unhex } from "./craft.ts";

// The engine's port, by shape.
const group: Group<ReturnType<typeof ristrettoGroup.add>> = ristrettoGroup;
const times = (number: bigint) => group.combine([{ element: group.base, number }]);

describe("ristretto255", () => {
  test("has the multiples of the generator of RFC 9496, appendix A.1", () => {
    const multiples = [
      "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
      "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
      "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
    ];
    expect([1n, 2n, 3n].map((number) => hex(group.encode(times(number))))).toEqual(multiples);
    for (const multiple of multiples) expect(hex(group.encode(group.decode(unhex(multiple))!))).toBe(multiple);
  });

  test("refuses the identity, and the encodings of RFC 9496, appendix A.2, that are none", () => {
    const refused = [
      "0000000000000000000000000000000000000000000000000000000000000000",
      // Not below p.
      "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      // Negative.
      "0100000000000000000000000000000000000000000000000000000000000000",
      "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      // On no curve, of a negative product, with y = 0.
      "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
      "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ];
    for (const bytes of refused) expect(group.decode(unhex(bytes)), bytes).toBeUndefined();
    expect(group.decode(new Uint8Array(31))).toBeUndefined();
    expect(group.decode(new Uint8Array(33))).toBeUndefined();
  });

  test("computes the same by a secret, and in a sum of terms of which some count nothing", () => {
    const other = group.hashToElement("a domain", Uint8Array.of(1));
    const [left, right] = [12345n, group.order - 6n];
    const sum = group.add(group.multiply(group.base, left), group.multiply(other, right));
    const terms = [
      { element: group.base, number: left },
      { element: other, number: right },
      { element: other, number: 0n },
      { element: group.base, number: 0n },
    ];
    expect(group.equal(group.combine(terms), sum)).toBe(true);
    expect(group.isIdentity(group.combine([]))).toBe(true);
    expect(group.isIdentity(group.add(times(1n), times(group.order - 1n)))).toBe(true);
  });

  test("hashes by domain and bytes, to elements and to numbers", () => {
    const elements = ["a", "b"].flatMap((domain) =>
      [Uint8Array.of(1), Uint8Array.of(2)].map((bytes) => hex(group.encode(group.hashToElement(domain, bytes)))),
    );
    expect(new Set(elements).size).toBe(4);
    const numbers = ["a", "b"].map((domain) => group.hashToScalar(domain, Uint8Array.of(1)));
    expect(numbers[0]).not.toBe(numbers[1]);
    expect(numbers.every((number) => number > 0n && number < group.order)).toBe(true);
  });
});

describe("a kiosk's dice key", () => {
  test("is its signing key: the secret times the base is what the public key gives", () => {
    for (let first = 0; first < 8; first++) {
      const seed = new Uint8Array(32).fill(first);
      const secret = decodeScalar(diceSecretOf(seed), group.order);
      expect(secret).toBeDefined();
      const expected = group.encode(group.multiply(group.base, secret!));
      expect(hex(diceKeyOf(keyPairFromSeed(seed).publicKey.bytes)!)).toBe(hex(expected));
    }
  });

  test("is there for no key that nobody may have", () => {
    for (const bytes of [...smallOrderEncodings(), new Uint8Array(31), new Uint8Array(32).fill(0xff)]) {
      expect(diceKeyOf(bytes)).toBeUndefined();
    }
  });
});

test("a wide digest keeps its layout, and begins like no digest of the other kind", () => {
  expect(wideDigest("hardway/test", new Uint8Array(0))).toHaveLength(64);
  const bytes = Uint8Array.of(1, 2, 3);
  expect(hex(wideDigest("a", bytes))).not.toBe(hex(wideDigest("b", bytes)));
  expect(hex(wideDigest("a", bytes).subarray(0, 32))).not.toBe(hex(domainDigest("a", bytes)));
  expect(() => wideDigest("", bytes)).toThrow("a domain has 1 to 255 characters");
});
