import { sha256 as reference } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SHA256_SIZE, sha256 } from "../../../host/crypto/sha256.ts";
import { hex } from "./craft.ts";
import { type HashVectors, readVectors } from "./vectors.ts";

describe("sha256", () => {
  test("gives the published digests, in one part and in two", () => {
    for (const { name, ascii, repeat, digest } of readVectors<HashVectors>("sha256").cases) {
      const message = new TextEncoder().encode(ascii.repeat(repeat));
      expect(hex(sha256(message)), name).toBe(digest);
      const middle = message.length >> 1;
      expect(hex(sha256(message.subarray(0, middle), message.subarray(middle))), name).toBe(digest);
    }
  });

  test("of no parts is the digest of no bytes", () => {
    expect(sha256()).toEqual(sha256(new Uint8Array(0)));
  });

  test("agrees with the reference library however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (parts) => {
        const whole = new Uint8Array(parts.flatMap((part) => [...part]));
        expect(sha256(...parts)).toEqual(reference(whole));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("a digest is a plain array that owns its memory", () => {
    for (const digest of [sha256(new Uint8Array(3)), sha256(new Uint8Array(1), new Uint8Array(2))]) {
      expect(Object.getPrototypeOf(digest)).toBe(Uint8Array.prototype);
      expect(digest.length).toBe(SHA256_SIZE);
      expect(digest.buffer.byteLength).toBe(SHA256_SIZE);
    }
  });

  test("a view is hashed by its own bytes, not by those around it", () => {
    const around = Uint8Array.of(9, 9, 1, 2, 3, 9);
    expect(sha256(around.subarray(2, 5))).toEqual(sha256(Uint8Array.of(1, 2, 3)));
  });
});
