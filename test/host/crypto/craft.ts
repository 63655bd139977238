/**
 * Signatures that no honest signer makes: keys and nonces with torsion, encodings with y ≥ p or a sign on zero, scalars
 * above L. Everything is built from known logarithms, so that each verdict follows from the construction and not from
 * the verifier under test.
 */

import { createHash } from "node:crypto";
import { Point } from "@noble/ed25519";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

export const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const FIELD = 2n ** 255n - 19n;

/** T, 2T, …, 8T = 0 for a point T of order 8, in the usual order: index i holds iT. */
export const TORSION: readonly Point[] = torsionPoints();

/** The 8 canonical encodings of the torsion points, then their 6 others. */
export function smallOrderEncodings(): Uint8Array[] {
  const others = [
    encode(1n, 1),
    encode(FIELD - 1n, 1),
    encode(FIELD, 0),
    encode(FIELD, 1),
    encode(FIELD + 1n, 0),
    encode(FIELD + 1n, 1),
  ];
  return [...TORSION.map((point) => point.toBytes()), ...others];
}

export interface Recipe {
  /** A = aB + T_i; a = 0 leaves a key of small order. */
  a: bigint;
  torsionOfKey: number;
  /** R = rB + T_j. */
  r: bigint;
  torsionOfNonce: number;
  message: Uint8Array;
  /** Encodings to send in place of the canonical ones. */
  key?: Uint8Array;
  nonce?: Uint8Array;
  /** k is hashed over the canonical encodings, whatever is sent: the mistake of verifiers that re-encode. */
  hashCanonical?: boolean;
}

export interface Crafted {
  publicKey: Uint8Array;
  message: Uint8Array;
  nonce: Uint8Array;
  /** s = r + ka mod L. */
  s: bigint;
  /** R + kA = sB with the k of the bytes sent, the equation without cofactor. */
  cofactorless: boolean;
  /** The same with the k of the canonical encodings. */
  cofactorlessCanonical: boolean;
  /** [8k mod L]A + [8]R = [8]sB: the equation of verifiers that reduce 8k first. */
  prereduced: boolean;
}

export function craft(recipe: Recipe): Crafted {
  const pointA = times(Point.BASE, recipe.a).add(TORSION[recipe.torsionOfKey]!);
  const pointR = times(Point.BASE, recipe.r).add(TORSION[recipe.torsionOfNonce]!);
  const publicKey = recipe.key ?? pointA.toBytes();
  const nonce = recipe.nonce ?? pointR.toBytes();
  const kSent = challenge(nonce, publicKey, recipe.message);
  const kCanonical = challenge(pointR.toBytes(), pointA.toBytes(), recipe.message);
  const s = (recipe.r + (recipe.hashCanonical ? kCanonical : kSent) * recipe.a) % ORDER;
  const pointS = times(Point.BASE, s);
  const holds = (k: bigint) => pointR.add(times(pointA, k)).equals(pointS);
  const pre = times(pointR, 8n).add(times(pointA, (8n * kSent) % ORDER));
  return {
    publicKey,
    message: recipe.message,
    nonce,
    s,
    cofactorless: holds(kSent),
    cofactorlessCanonical: holds(kCanonical),
    prereduced: pre.equals(times(pointS, 8n)),
  };
}

/** `s` need not be below L. */
export function signatureOf(nonce: Uint8Array, s: bigint): Uint8Array {
  const signature = new Uint8Array(64);
  signature.set(nonce);
  signature.set(littleEndian(s), 32);
  return signature;
}

/** A scalar below L, the same for the same label. */
export function scalarOf(label: string): bigint {
  return numberOf(createHash("sha512").update(label).digest()) % ORDER;
}

export function hex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

export function unhex(text: string): Uint8Array {
  return hexToBytes(text);
}

function torsionPoints(): Point[] {
  // L times any point of the curve is a torsion point; y = 3 gives one of order 8. L itself is one above the library's range.
  const point = Point.fromBytes(encode(3n, 0));
  const generator = point.multiply(ORDER - 1n, false).add(point);
  const points = [Point.ZERO];
  for (let index = 1; index < 8; index++) points.push(points[index - 1]!.add(generator));
  return points;
}

function encode(y: bigint, sign: 0 | 1): Uint8Array {
  return littleEndian(y | (BigInt(sign) << 255n));
}

function times(point: Point, scalar: bigint): Point {
  return point.multiply(scalar, false);
}

function challenge(nonce: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  return numberOf(createHash("sha512").update(nonce).update(publicKey).update(message).digest()) % ORDER;
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(new Uint8Array(bytes).reverse())}`);
}

function littleEndian(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, "0")).reverse();
}
