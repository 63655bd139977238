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

/**
 * Whether this hash is worth that much. Nearly none is, and a hash that fills a few megabytes leaves nothing else in the cache: four
 * bytes decide it then, where great numbers cost three hashes in a hundred.
 */
export function isWorth(hash: Uint8Array, zeros: "leading" | "trailing", work: number): boolean {
  // The value is at least `head` * 2^224, so that it is worth less than 2^32 / `head`. What is rounded of a product is above that.
  const head = zeros === "leading" ? leadingHead(hash) : trailingHead(hash);
  return head * work < 2 ** 32 && worthOf(hash, zeros) >= work;
}

/** The whole bits in it. */
export function bitsOf(work: number): number {
  assert(Number.isInteger(work) && work >= 1 && work <= WORK_MAX, "work is a whole number of attempts");
  let bits = 0;
  for (let rest = work; rest >= 2; rest = Math.floor(rest / 2)) bits += 1;
  return bits;
}

function leadingHead(hash: Uint8Array): number {
  return ((hash[0]! << 24) | (hash[1]! << 16) | (hash[2]! << 8) | hash[3]!) >>> 0;
}

function trailingHead(hash: Uint8Array): number {
  let head = 0;
  for (let at = PROOF_SIZE - 1; at >= PROOF_SIZE - 4; at--) head = head * 256 + reversed(hash[at]);
  return head;
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
