/**
 * The acceptance rule for Ed25519 signatures in full: ZIP 215, by the reference implementation.
 *
 * A signature (R, s) of message M under key A is valid exactly when s < L, R and A decode to points (y ≥ p and a sign
 * bit on x = 0 are allowed) and [8][s]B = [8]R + [8][k]A, with k = SHA-512(R ‖ A ‖ M) over the bytes as they came.
 */

import { createHash } from "node:crypto";
import { hashes, verify } from "@noble/ed25519";
import { PUBLIC_KEY_SIZE, SIGNATURE_SIZE } from "./ed25519-sizes.ts";

// The library comes without a synchronous SHA-512; this slot is the only way to give it one.
hashes.sha512 = (message) => new Uint8Array(createHash("sha512").update(message).digest());

/** Total on bytes: what has a wrong length is not valid. */
export function verifyZip215(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_SIZE || signature.length !== SIGNATURE_SIZE) return false;
  return verify(signature, message, publicKey, { zip215: true });
}
