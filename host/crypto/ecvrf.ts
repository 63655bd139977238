/**
 * A value that one party must prove to have drawn and not chosen: ECVRF-EDWARDS25519-SHA512-TAI of RFC 9381. For a key and an
 * input there is one output and no other; without the key it looks like chance, and with the proof anyone can check it.
 *
 * Names and step numbers are those of the RFC.
 */

import { createHash } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { assert } from "../../protocol/core/assert.ts";
import { PUBLIC_KEY_SIZE, SEED_SIZE } from "./ed25519-sizes.ts";

export const VRF_PROOF_SIZE = 80;

export type VrfResult =
  | { readonly ok: true; readonly output: Uint8Array }
  | { readonly ok: false; readonly why: "wrong length" | "bad key" | "bad point" | "bad number" | "not proved" };

/** §5.1. Deterministic: the same seed and input give the same 80 bytes. */
export function proveVrf(seed: Uint8Array, alpha: Uint8Array): Uint8Array {
  assert(seed.length === SEED_SIZE, "a seed has 32 bytes");
  const hashed = sha512(seed);
  hashed[0]! &= 0xf8;
  hashed[31] = (hashed[31]! & 0x7f) | 0x40;
  const x = toNumber(hashed.subarray(0, 32)) % ORDER;
  const y = Point.BASE.multiply(x);
  const h = encodeToCurve(y.toBytes(), alpha);
  const gamma = h.multiply(x);
  // §5.4.2.2, as Ed25519 draws its nonces.
  const k = toNumber(sha512(hashed.subarray(32), h.toBytes())) % ORDER;
  const c = challenge(y, h, gamma, Point.BASE.multiply(k), h.multiply(k));
  const s = (k + toNumber(c) * x) % ORDER;
  const proof = new Uint8Array(VRF_PROOF_SIZE);
  proof.set(gamma.toBytes());
  proof.set(c, POINT_SIZE);
  proof.set(toBytes(s), POINT_SIZE + CHALLENGE_SIZE);
  return proof;
}

/** §5.3, with the key validated (§5.4.5): under a key of small order one proof would fit every input. */
export function verifyVrf(publicKey: Uint8Array, alpha: Uint8Array, proof: Uint8Array): VrfResult {
  if (publicKey.length !== PUBLIC_KEY_SIZE || proof.length !== VRF_PROOF_SIZE)
    return { ok: false, why: "wrong length" };
  const y = decodePoint(publicKey);
  if (y === undefined || y.isSmallOrder()) return { ok: false, why: "bad key" };
  const gamma = decodePoint(proof.subarray(0, POINT_SIZE));
  if (gamma === undefined) return { ok: false, why: "bad point" };
  const c = proof.subarray(POINT_SIZE, POINT_SIZE + CHALLENGE_SIZE);
  const s = toNumber(proof.subarray(POINT_SIZE + CHALLENGE_SIZE));
  if (s >= ORDER) return { ok: false, why: "bad number" };
  const h = encodeToCurve(publicKey, alpha);
  const minus = toNumber(c);
  const u = Point.BASE.multiplyUnsafe(s).subtract(y.multiplyUnsafe(minus));
  const v = h.multiplyUnsafe(s).subtract(gamma.multiplyUnsafe(minus));
  const again = challenge(y, h, gamma, u, v);
  if (again.some((byte, at) => byte !== c[at])) return { ok: false, why: "not proved" };
  return { ok: true, output: outputOf(gamma) };
}

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;

const ORDER = Point.Fn.ORDER;
const SUITE = 0x03;
const [ENCODE, CHALLENGE, OUTPUT] = [0x01, 0x02, 0x03];
const BACK = 0x00;
const POINT_SIZE = 32;
const CHALLENGE_SIZE = 16;
/** Half of all attempts succeed. */
const ATTEMPTS_MAX = 256;

/** §5.2: the cofactor is cleared, so that a torsion component of gamma changes nothing. */
const outputOf = (gamma: Point): Uint8Array =>
  sha512(Uint8Array.of(SUITE, OUTPUT), gamma.clearCofactor().toBytes(), Uint8Array.of(BACK));

/** §5.4.1.1: try and increment. How long it takes tells of the input, which is public here. */
function encodeToCurve(salt: Uint8Array, alpha: Uint8Array): Point {
  for (let counter = 0; counter < ATTEMPTS_MAX; counter++) {
    const hash = sha512(Uint8Array.of(SUITE, ENCODE), salt, alpha, Uint8Array.of(counter, BACK));
    const point = decodePoint(hash.subarray(0, POINT_SIZE))?.clearCofactor();
    if (point !== undefined && !point.is0()) return point;
  }
  throw new Error("no point for this input within 256 attempts, which chance alone never does");
}

/** §5.4.3. */
function challenge(...points: readonly Point[]): Uint8Array {
  const encoded = points.map((point) => point.toBytes());
  return sha512(Uint8Array.of(SUITE, CHALLENGE), ...encoded, Uint8Array.of(BACK)).slice(0, CHALLENGE_SIZE);
}

/** RFC 8032, section 5.1.3: the strict decoding. The library throws on what is no point. */
function decodePoint(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes);
  } catch {
    return undefined;
  }
}

function sha512(...parts: readonly Uint8Array[]): Uint8Array {
  const hasher = createHash("sha512");
  for (const part of parts) hasher.update(part);
  return new Uint8Array(hasher.digest());
}

function toNumber(littleEndian: Uint8Array): bigint {
  let value = 0n;
  for (let at = littleEndian.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(littleEndian[at]!);
  return value;
}

function toBytes(value: bigint): Uint8Array {
  const out = new Uint8Array(POINT_SIZE);
  let rest = value;
  for (let at = 0; at < POINT_SIZE; at++, rest >>= 8n) out[at] = Number(rest & 0xffn);
  return out;
}
