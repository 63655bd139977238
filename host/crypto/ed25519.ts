/**
 * Ed25519 signatures (RFC 8032) under one acceptance rule, ZIP 215.
 *
 * Libraries disagree on crafted signatures, and replicas that disagree split: a rule is chosen, and every path follows
 * it. The native library accepts a strict subset of ZIP 215, so its yes stands and only its no is asked again. An
 * honest signature costs one native check; a forged one more than ten times that, so forgeries are limited per link.
 */

import { sign as signNatively, verify as verifyNatively } from "node:crypto";
import type { PrivateKey, PublicKey } from "./ed25519-keys.ts";
import { verifyZip215 } from "./zip215.ts";

/** Deterministic: the same key and message give the same 64 bytes. */
export function sign(privateKey: PrivateKey, message: Uint8Array): Uint8Array {
  return new Uint8Array(signNatively(null, message, privateKey.handle));
}

/** Total on bytes: whatever a peer sends as key or signature is answered, never thrown at. */
export function verify(publicKey: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  return (
    verifyNatively(null, message, publicKey.handle, signature) || verifyZip215(publicKey.bytes, message, signature)
  );
}
