/**
 * Work is a number of attempts that chance makes one expect, and not a number of zero bits: between two numbers of bits there
 * is a factor of two, and a difficulty that grows by half would have to jump.
 *
 * A hash of 256 bits, read as a number, is worth the work w where it is below 2^256 / w: one in w is.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { PROOF_SIZE, WORK_BITS_MAX } from "./limits.ts";

export const WORK_MAX = 2 ** WORK_BITS_MAX;

/** The most work that this hash is worth: the greatest w that it is below 2^256 / w of. */
export function worthOf(hash: Uint8Array, zeros: "leading" | "trailing"): number {
  assert(hash.length === PROOF_SIZE, "a proof is 256 bits");
  const value = zeros === "leading" ? leading(hash) : trailing(hash);
  if (value === 0n) return WORK_MAX;
  const worth = (SPACE - 1n) / value;
  return worth > WORK_MAX_EXACT ? WORK_MAX : Number(worth);
}

/** The whole bits in it. */
export function bitsOf(work: number): number {
  assert(Number.isInteger(work) && work >= 1 && work <= WORK_MAX, "work is a whole number of attempts");
  let bits = 0;
  for (let rest = work; rest >= 2; rest = Math.floor(rest / 2)) bits += 1;
  return bits;
}

function leading(hash: Uint8Array): bigint {
  let value = 0n;
  for (let at = 0; at < PROOF_SIZE; at++) value = (value << 8n) | BigInt(hash[at]);
  return value;
}

/** Bit by bit from the other end, so that zeros at the end become zeros in front. */
function trailing(hash: Uint8Array): bigint {
  let value = 0n;
  for (let at = PROOF_SIZE - 1; at >= 0; at--) value = (value << 8n) | BigInt(reversed(hash[at]));
  return value;
}

function reversed(byte: number): number {
  let out = 0;
  for (let bit = 0; bit < 8; bit++) out |= ((byte >> bit) & 1) << (7 - bit);
  return out;
}

const SPACE = 1n << 256n;
const WORK_MAX_EXACT = BigInt(WORK_MAX);
