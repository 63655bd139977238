/**
 * Ed25519 keys made ready for use once, so that signing and verifying never pay for it again: a seed costs 300 µs to
 * import, a public key 4 µs (as SPKI it would be 66 µs). The holder of a key object is its only cache.
 */

import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { assert } from "../../protocol/core/assert.ts";
import { PUBLIC_KEY_SIZE, SEED_SIZE } from "./ed25519-sizes.ts";

/** A verifying key, of anyone. It says nothing about its owner: see `registerPublicKey` for keys that may vote. */
export interface PublicKey {
  readonly bytes: Uint8Array;
  readonly handle: KeyObject;
}

/** A signing key, ours. The seed stays inside the handle, which no log or JSON prints. */
export interface PrivateKey {
  readonly handle: KeyObject;
}

export interface KeyPair {
  readonly publicKey: PublicKey;
  readonly privateKey: PrivateKey;
}

export type ImportedKey =
  | { readonly ok: true; readonly key: PublicKey }
  | { readonly ok: false; readonly why: "wrong length" };

/** Any 32 bytes are imported, points or not: only `verify` decides what they are worth. */
export function importPublicKey(bytes: Uint8Array): ImportedKey {
  if (bytes.length !== PUBLIC_KEY_SIZE) return { ok: false, why: "wrong length" };
  const own = new Uint8Array(bytes);
  const x = Buffer.from(own.buffer).toString("base64url");
  const handle = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return { ok: true, key: { bytes: own, handle } };
}

/** The same seed gives the same pair on every machine (RFC 8032, section 5.1.5). */
export function keyPairFromSeed(seed: Uint8Array): KeyPair {
  assert(seed.length === SEED_SIZE, "a seed has 32 bytes");
  const der = new Uint8Array(PKCS8_PREFIX.length + SEED_SIZE);
  der.set(PKCS8_PREFIX);
  der.set(seed, PKCS8_PREFIX.length);
  const handle = createPrivateKey({ key: Buffer.from(der.buffer), format: "der", type: "pkcs8" });
  der.fill(0);
  const x = createPublicKey(handle).export({ format: "jwk" }).x;
  assert(x !== undefined, "an Ed25519 key exports its public half");
  const imported = importPublicKey(Buffer.from(x, "base64url"));
  assert(imported.ok, "an exported public key has 32 bytes");
  return { publicKey: imported.key, privateKey: { handle } };
}

/** RFC 8410, section 7: version 0, algorithm 1.3.101.112, an octet string that holds an octet string of 32 bytes. */
const PKCS8_PREFIX: readonly number[] = Object.freeze([
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
]);
