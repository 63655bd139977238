import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { noise, secureCrypto } from "../../../host/crypto/noise.ts";
import { cryptoPorts } from "../../../host/node/crypto-ports.ts";
import { smallOrderEncodings, unhex } from "./craft.ts";

const key32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** The points of order 1, 2, 4 and 8, canonical and not: of the curve and of its twin. */
const LOW_ORDER = [
  ...["00".repeat(32), `01${"00".repeat(31)}`],
  ...[`ec${"ff".repeat(30)}7f`, `ed${"ff".repeat(30)}7f`, `ee${"ff".repeat(30)}7f`],
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
].map(unhex);

describe("X25519", () => {
  test("gives the published results", () => {
    // RFC 7748, section 5.2.
    const published = [
      [
        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
      ],
      [
        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
      ],
    ];
    for (const [secret, point, shared] of published) {
      expect(noise.agree(unhex(secret), unhex(point))).toEqual(unhex(shared));
    }
  });

  test("agrees with the reference library on any key, on a curve or its twin", () => {
    fc.assert(
      fc.property(key32, key32, (secret, point) => {
        expect(noise.publicOf(secret)).toEqual(x25519.getPublicKey(secret));
        expect(noise.agree(secret, point)).toEqual(x25519.getSharedSecret(secret, point));
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test("agrees on nothing with a point of low order, whatever its highest bit [I12]", () => {
    for (const point of LOW_ORDER) {
      for (const top of [0, 0x80]) {
        const sent = point.slice();
        sent[31] |= top;
        for (let secret = 1; secret < 6; secret++) {
          expect(noise.agree(new Uint8Array(32).fill(secret), sent)).toBeUndefined();
        }
      }
    }
  });

  test("both ends come to the same", () => {
    fc.assert(
      fc.property(key32, key32, (left, right) => {
        expect(noise.agree(left, noise.publicOf(right))).toEqual(noise.agree(right, noise.publicOf(left)));
      }),
      { seed: 2, numRuns: 50 },
    );
  });
});

describe("ChaCha20-Poly1305", () => {
  const KEY = unhex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  const NONCE = unhex("070000004041424344454647");
  const ASSOCIATED = unhex("50515253c0c1c2c3c4c5c6c7");
  const TEXT = new TextEncoder().encode(
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
  );

  test("gives the published result: RFC 8439, section 2.8.2", () => {
    const sealed = noise.seal(KEY, NONCE, ASSOCIATED, TEXT);
    expect(sealed.subarray(0, 16)).toEqual(unhex("d31a8d34648e60db7b86afbc53ef7ec2"));
    expect(sealed.subarray(-16)).toEqual(unhex("1ae10b594f09e26a7e902ecbd0600691"));
    expect(noise.unseal(KEY, NONCE, ASSOCIATED, sealed)).toEqual(TEXT);
  });

  test("opens nothing of which a bit is changed, nor what is shorter than a tag [I12]", () => {
    const sealed = noise.seal(KEY, NONCE, ASSOCIATED, TEXT.subarray(0, 20));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const spoiled = sealed.slice();
      spoiled[bit >> 3] ^= 1 << (bit & 7);
      expect(noise.unseal(KEY, NONCE, ASSOCIATED, spoiled)).toBeUndefined();
    }
    for (let size = 0; size < sealed.length; size++) {
      expect(noise.unseal(KEY, NONCE, ASSOCIATED, sealed.subarray(0, size))).toBeUndefined();
    }
    expect(noise.unseal(KEY, NONCE, ASSOCIATED.subarray(1), sealed)).toBeUndefined();
    expect(noise.unseal(KEY, NONCE.slice().fill(0), ASSOCIATED, sealed)).toBeUndefined();
    expect(noise.unseal(KEY.slice().fill(0), NONCE, ASSOCIATED, sealed)).toBeUndefined();
  });
});

test("HMAC and hash agree with the reference library however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(fc.uint8Array({ maxLength: 80 })), (key, parts) => {
      const whole = new Uint8Array(parts.flatMap((part) => [...part]));
      expect(noise.hmac(key, ...parts)).toEqual(hmac(sha256, key, whole));
      expect(noise.hash(...parts)).toEqual(sha256(whole));
    }),
    { seed: 3, numRuns: 100 },
  );
});

test("what comes out is a plain array that owns its memory", () => {
  const key = new Uint8Array(32).fill(9);
  const outs = [
    noise.publicOf(key),
    noise.agree(key, noise.publicOf(key)),
    noise.hmac(key, key),
    noise.seal(key, new Uint8Array(12), key, key),
    noise.unseal(key, new Uint8Array(12), key, noise.seal(key, new Uint8Array(12), key, key)),
  ];
  for (const out of outs) {
    expect(Object.getPrototypeOf(out)).toBe(Uint8Array.prototype);
    expect(out?.buffer.byteLength).toBe(out?.length);
  }
});

test("an identity signs and is verified, and a key that nobody may have is no identity [I12]", () => {
  const seed = new Uint8Array(32).fill(4);
  const pair = keyPairFromSeed(seed);
  const ports = secureCrypto(pair.publicKey.bytes, cryptoPorts(pair));
  const signed = Uint8Array.of(1, 2, 3);
  expect(ports.identity).toEqual(ed25519.getPublicKey(seed));
  expect(ports.verify(ports.identity, signed, ports.sign(signed))).toBe(true);
  expect(ports.verify(ports.identity, Uint8Array.of(1, 2), ports.sign(signed))).toBe(false);
  // Under these, zeros are a signature of many messages.
  for (const key of smallOrderEncodings()) {
    const zeros = new Uint8Array(64);
    zeros[0] = 1;
    expect(ports.verify(key, signed, zeros)).toBe(false);
  }
  expect(ports.verify(new Uint8Array(31), signed, ports.sign(signed))).toBe(false);
  expect(ports.verify(ports.identity, signed, new Uint8Array(63))).toBe(false);
});
