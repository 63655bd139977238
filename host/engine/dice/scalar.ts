/** Numbers below a group's order, as bytes and in sums. */
import { bytes } from "../../../protocol/bytes/blobs.ts";
import { assert } from "../../../protocol/core/assert.ts";
import { SCALAR_SIZE } from "./limits.ts";

/** Little-endian, as curves write it. */
export const Scalar = bytes(SCALAR_SIZE);

export function encodeScalar(value: bigint): Uint8Array {
  assert(value >= 0n && value < 1n << BigInt(8 * SCALAR_SIZE), "a number fits its bytes");
  const out = new Uint8Array(SCALAR_SIZE);
  let rest = value;
  for (let i = 0; i < SCALAR_SIZE; i++) {
    out[i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return out;
}

/** Undefined of a number that is not below the order: one number has one encoding. */
export function decodeScalar(bytes: Uint8Array, order: bigint): bigint | undefined {
  if (bytes.length !== SCALAR_SIZE) return undefined;
  let value = 0n;
  for (let i = SCALAR_SIZE - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  return value < order ? value : undefined;
}

/** Never negative. */
export function modulo(value: bigint, order: bigint): bigint {
  const rest = value % order;
  return rest < 0n ? rest + order : rest;
}

/** By Euclid; of numbers that everybody knows alone. */
export function inverse(value: bigint, order: bigint): bigint {
  let [left, right] = [modulo(value, order), order];
  let [factor, next] = [1n, 0n];
  assert(left !== 0n, "zero has no inverse");
  while (right !== 0n) {
    const quotient = left / right;
    [left, right] = [right, left - quotient * right];
    [factor, next] = [next, factor - quotient * next];
  }
  assert(left === 1n, "the order is prime");
  return modulo(factor, order);
}
