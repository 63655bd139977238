/** How much work an identity takes, as whoever verifies it sees it. What a record says about itself never lowers this. */
import { assert } from "../../../protocol/core/assert.ts";
import { BASE_BITS_MIN, NETWORK_SIZE_MAX, SOURCE_STEPS_MAX, WORK_BITS_MAX } from "./limits.ts";
import type { Profile } from "./profiles.ts";
import { WORK_MAX } from "./work.ts";

/** n0 + ⌊log10(N / N0)⌋. In a small network it is no cheaper: that is the one which is easiest to overrun. */
export function networkBits(profile: Profile, baseBits: number, networkSize: number): number {
  assert(Number.isInteger(networkSize) && networkSize >= 0 && networkSize <= NETWORK_SIZE_MAX, "kiosks are counted");
  let bits = baseBits;
  if (profile.baseNetworkSize === undefined) return bits;
  // Whole numbers, because a logarithm of a power of ten may be a hair below its exponent.
  for (let size = profile.baseNetworkSize * 10; size <= networkSize; size *= 10) bits += 1;
  return bits;
}

/** 2^bits · 1.5^n attempts, rounded up; n identities came from the same source within the window. */
export function requiredWork(bits: number, identitiesBefore: number): number {
  assert(Number.isInteger(bits) && bits >= BASE_BITS_MIN && bits <= WORK_BITS_MAX, "the base is within its bounds");
  assert(Number.isInteger(identitiesBefore) && identitiesBefore >= 0, "identities are counted");
  const steps = BigInt(Math.min(identitiesBefore, SOURCE_STEPS_MAX));
  const divisor = 1n << steps;
  const work = ((1n << BigInt(bits)) * 3n ** steps + divisor - 1n) / divisor;
  return Math.min(WORK_MAX, Number(work));
}

/** On one core that takes so long for a hash: what people are told before they begin. */
export const expectedSeconds = (work: number, hashMs: number): number => (work * hashMs) / 1000;

/** The base that costs at most so long on such a machine. */
export function calibratedBits(hashMs: number, seconds: number): number {
  assert(hashMs > 0 && seconds > 0, "a hash takes time, and so may an identity");
  let bits = BASE_BITS_MIN;
  while (bits < WORK_BITS_MAX && expectedSeconds(2 ** (bits + 1), hashMs) <= seconds) bits += 1;
  return bits;
}
