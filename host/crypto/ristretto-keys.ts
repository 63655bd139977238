/**
 * A kiosk's dice key is its Ed25519 key seen in ristretto255: the same secret number times the same base. So every member has
 * one from the day it is admitted, present or not, and nothing has to be registered or kept.
 *
 * One secret serves two uses. Both take nonces and challenges from hashes with domains of their own, so that neither's
 * equations say anything in the other; and a dice proof only shows secret · R where the dealer knows R's logarithm.
 */

import { createHash } from "node:crypto";
import { ed25519, ristretto255 } from "@noble/curves/ed25519.js";
import { assert } from "../../protocol/core/assert.ts";
import { SEED_SIZE } from "./ed25519-sizes.ts";
import { registerPublicKey } from "./register-key.ts";

/** Below the order, little-endian: the signing scalar of RFC 8032, section 5.1.5. */
export function diceSecretOf(seed: Uint8Array): Uint8Array {
  assert(seed.length === SEED_SIZE, "a seed has 32 bytes");
  const digest = createHash("sha512").update(seed).digest();
  digest[0]! &= 0xf8;
  digest[31] = (digest[31]! & 0x7f) | 0x40;
  let value = 0n;
  for (let at = 31; at >= 0; at--) value = (value << 8n) | BigInt(digest[at]!);
  digest.fill(0);
  let rest = value % ristretto255.Point.Fn.ORDER;
  const out = new Uint8Array(SEED_SIZE);
  for (let at = 0; at < SEED_SIZE; at++, rest >>= 8n) out[at] = Number(rest & 0xffn);
  return out;
}

/** Undefined of a key that nobody may have. */
export function diceKeyOf(publicKey: Uint8Array): Uint8Array | undefined {
  const registered = registerPublicKey(publicKey);
  if (!registered.ok) return undefined;
  const point = new ristretto255.Point(ed25519.Point.fromBytes(registered.key.bytes));
  return new Uint8Array(point.toBytes());
}
