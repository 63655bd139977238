import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DOMAIN_SIZE_MAX, domainDigest, HASH_ID_SHA256 } from "../../../host/crypto/domain-digest.ts";
import { sha256 } from "../../../host/crypto/sha256.ts";
import { hex } from "./craft.ts";

const domains = fc.stringMatching(/^[ -~]{1,20}$/);

describe("domainDigest", () => {
  test("keeps its layout: length, domain, hash id, bytes", () => {
    expect(hex(domainDigest("hardway/test", new Uint8Array(0)))).toBe(
      "7c37914687a92a4bf5ba2142226587462015195c94132cdf243fc7fcc7dc8d37",
    );
    expect(hex(domainDigest("hardway/test", Uint8Array.of(0, 1, 2, 255)))).toBe(
      "a8bfe0108ef77f7cbdc7b67f0557a669bc2ef5001e39bac3bda2049316fe191e",
    );
    expect(domainDigest("ab", Uint8Array.of(9))).toEqual(sha256(Uint8Array.of(2, 0x61, 0x62, HASH_ID_SHA256, 9)));
  });

  test("the same bytes in two domains have two digests", () => {
    fc.assert(
      fc.property(domains, domains, fc.uint8Array(), (one, other, bytes) => {
        fc.pre(one !== other);
        expect(domainDigest(one, bytes)).not.toEqual(domainDigest(other, bytes));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("a letter moved from the domain into the bytes changes the digest", () => {
    const [short, long] = ["vote", "vote2"];
    expect(domainDigest(short, Uint8Array.of(0x32))).not.toEqual(domainDigest(long, new Uint8Array(0)));
    expect(domainDigest(short, Uint8Array.of(0x32, HASH_ID_SHA256))).not.toEqual(domainDigest(long, new Uint8Array(0)));
  });

  test("a domain that is empty, too long or not printable ASCII is our mistake", () => {
    const none = new Uint8Array(0);
    expect(domainDigest("x".repeat(DOMAIN_SIZE_MAX), none).length).toBe(32);
    expect(() => domainDigest("", none)).toThrow("1 to 255 characters");
    expect(() => domainDigest("x".repeat(DOMAIN_SIZE_MAX + 1), none)).toThrow("1 to 255 characters");
    for (const domain of ["é", "a\n", "\u0000", "\u{1f3b2}"]) {
      expect(() => domainDigest(domain, none)).toThrow("printable ASCII");
    }
  });
});
