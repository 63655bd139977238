import { getPublicKey, sign as signByReference } from "@noble/ed25519";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sign, verify } from "../../../host/crypto/ed25519.ts";
import { importPublicKey, keyPairFromSeed, type PublicKey } from "../../../host/crypto/ed25519-keys.ts";
import { PUBLIC_KEY_SIZE, SEED_SIZE, SIGNATURE_SIZE } from "../../../host/crypto/ed25519-sizes.ts";
import { verifyZip215 } from "../../../host/crypto/zip215.ts";
import { hex, unhex } from "./craft.ts";
import { readVectors, type SigningVectors } from "./vectors.ts";

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size });
const vectors = readVectors<SigningVectors>("ed25519-rfc8032").cases;

describe("ed25519", () => {
  test("keys and signatures are those of RFC 8032 [A01]", () => {
    for (const vector of vectors) {
      const { publicKey, privateKey } = keyPairFromSeed(unhex(vector.seed));
      const message = unhex(vector.message);
      const signature = sign(privateKey, message);
      expect(hex(publicKey.bytes), vector.name).toBe(vector.publicKey);
      expect(hex(signature), vector.name).toBe(vector.signature);
      expect(verify(imported(unhex(vector.publicKey)), message, signature), vector.name).toBe(true);
    }
  });

  test("a flipped bit in any byte of signature, key or message is refused [A01]", () => {
    const vector = vectors[2]!;
    const [key, message, signature] = [unhex(vector.publicKey), unhex(vector.message), unhex(vector.signature)];
    for (let index = 0; index < SIGNATURE_SIZE; index++) {
      expect(verify(imported(key), message, flipped(signature, index))).toBe(false);
    }
    for (let index = 0; index < PUBLIC_KEY_SIZE; index++) {
      expect(verify(imported(flipped(key, index)), message, signature)).toBe(false);
    }
    for (let index = 0; index < message.length; index++) {
      expect(verify(imported(key), flipped(message, index), signature)).toBe(false);
    }
  });

  test("a message cut short, lengthened or signed by another key is refused [A01]", () => {
    const [alice, bob] = [keyPairFromSeed(new Uint8Array(32).fill(1)), keyPairFromSeed(new Uint8Array(32).fill(2))];
    const message = Uint8Array.of(1, 2, 3);
    const signature = sign(alice.privateKey, message);
    expect(verify(alice.publicKey, message, signature)).toBe(true);
    expect(verify(alice.publicKey, message.subarray(0, 2), signature)).toBe(false);
    expect(verify(alice.publicKey, Uint8Array.of(1, 2, 3, 0), signature)).toBe(false);
    expect(verify(bob.publicKey, message, signature)).toBe(false);
  });

  test("keys and signatures are the reference library's, for messages of any size", () => {
    fc.assert(
      fc.property(bytes(SEED_SIZE), fc.uint8Array({ maxLength: 2000 }), (seed, message) => {
        const { publicKey, privateKey } = keyPairFromSeed(seed);
        const signature = sign(privateKey, message);
        expect(publicKey.bytes).toEqual(getPublicKey(seed));
        expect(signature).toEqual(signByReference(message, seed));
        expect(verify(publicKey, message, signature)).toBe(true);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test("a key or signature of another length is refused by value", () => {
    const { publicKey, privateKey } = keyPairFromSeed(new Uint8Array(32));
    const signature = sign(privateKey, new Uint8Array(5));
    for (const size of [0, 1, 31, 33, 64, 4096]) {
      expect(importPublicKey(new Uint8Array(size))).toEqual({ ok: false, why: "wrong length" });
      expect(verifyZip215(new Uint8Array(size), new Uint8Array(5), signature)).toBe(false);
    }
    for (const size of [0, 1, 32, 63, 65, 128, 4096]) {
      const other = new Uint8Array(size);
      other.set(signature.subarray(0, size));
      expect(verify(publicKey, new Uint8Array(5), other)).toBe(false);
      expect(verifyZip215(publicKey.bytes, new Uint8Array(5), other)).toBe(false);
    }
  });

  test("no bytes of a peer make verify throw, nor pass", () => {
    fc.assert(
      fc.property(
        bytes(PUBLIC_KEY_SIZE),
        fc.uint8Array({ maxLength: 100 }),
        bytes(SIGNATURE_SIZE),
        (key, message, s) => {
          expect(verify(imported(key), message, s)).toBe(false);
        },
      ),
      { seed: 1, numRuns: 200 },
    );
  });

  test("what comes out owns its memory and what goes in may change afterwards", () => {
    const { publicKey, privateKey } = keyPairFromSeed(new Uint8Array(32));
    const message = Uint8Array.of(7);
    const signature = sign(privateKey, message);
    for (const out of [publicKey.bytes, signature]) {
      expect(Object.getPrototypeOf(out)).toBe(Uint8Array.prototype);
      expect(out.buffer.byteLength).toBe(out.length);
    }
    const received = new Uint8Array(40);
    received.set(publicKey.bytes, 4);
    const key = imported(received.subarray(4, 36));
    received.fill(0);
    expect(verify(key, message, signature)).toBe(true);
    expect(key.bytes).toEqual(publicKey.bytes);
  });

  test("a private key shows nothing of its seed when it is printed", () => {
    const { privateKey } = keyPairFromSeed(new Uint8Array(32).fill(0xab));
    expect(JSON.stringify(privateKey)).toBe('{"handle":{}}');
  });

  test("a seed of another length is our mistake", () => {
    expect(() => keyPairFromSeed(new Uint8Array(31))).toThrow("a seed has 32 bytes");
  });
});

function imported(key: Uint8Array): PublicKey {
  const result = importPublicKey(key);
  if (!result.ok) throw new Error(result.why);
  return result.key;
}

function flipped(source: Uint8Array, index: number): Uint8Array {
  const copy = source.slice();
  copy[index]! ^= 1 << (index % 8);
  return copy;
}
