import fc from "fast-check";
import { expect, test } from "vitest";
import {
  calibratedBits,
  expectedSeconds,
  networkBits,
  requiredWork,
} from "../../../../host/engine/identity/difficulty.ts";
import { NETWORK_SIZE_MAX, SOURCE_STEPS_MAX } from "../../../../host/engine/identity/limits.ts";
import { DEMONSTRATION_BITS, PROFILES } from "../../../../host/engine/identity/profiles.ts";
import { bitsOf, isWorth, WORK_MAX, worthOf } from "../../../../host/engine/identity/work.ts";

const { legacyS0, ecRust, bleLight } = PROFILES;

test("the base is 20 bits in the old profile, 17 up to a thousand kiosks in the next, 16 and for demonstrations 8 over BLE [A04]", () => {
  expect(requiredWork(networkBits(legacyS0, legacyS0.baseBits, 1), 0)).toBe(1_048_576);
  expect(requiredWork(networkBits(ecRust, ecRust.baseBits, 1000), 0)).toBe(131_072);
  expect(requiredWork(networkBits(bleLight, bleLight.baseBits, 10), 0)).toBe(65_536);
  expect(requiredWork(DEMONSTRATION_BITS, 0)).toBe(256);
});

test("what a base costs in time follows from what a hash takes, and a base from the time that it may cost [A04]", () => {
  // Twenty bits of 0.64 s are a week and not a second.
  expect(expectedSeconds(2 ** 20, 640) / 86_400).toBeCloseTo(7.77, 2);
  expect(expectedSeconds(2 ** DEMONSTRATION_BITS, 4.64)).toBeLessThan(2);
  expect(calibratedBits(640, 60)).toBe(6);
  expect(calibratedBits(640, 3600)).toBe(12);
  expect(calibratedBits(4.64, 1)).toBe(7);
  expect(calibratedBits(4.64, 3600)).toBe(19);
  expect(calibratedBits(1000, 0.001)).toBe(4);
  for (const hashMs of [0.5, 5, 190, 690]) {
    for (const seconds of [20, 60, 3600, 86_400]) {
      const bits = calibratedBits(hashMs, seconds);
      expect(expectedSeconds(2 ** bits, hashMs)).toBeLessThanOrEqual(seconds);
      expect(expectedSeconds(2 ** (bits + 1), hashMs)).toBeGreaterThan(seconds);
    }
  }
});

test("each identity of the last hour makes the next half as dear again, in work and not in bits, and never beyond reach [A05]", () => {
  const works = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((before) => requiredWork(20, before));
  expect(works).toEqual([
    1_048_576, 1_572_864, 2_359_296, 3_538_944, 5_308_416, 7_962_624, 11_943_936, 17_915_904, 26_873_856,
  ]);
  // Rounded up, so that nothing is ever as cheap as the one before.
  expect([0, 1, 2, 3, 4, 5].map((before) => requiredWork(4, before))).toEqual([16, 24, 36, 54, 81, 122]);
  expect(requiredWork(20, 1000)).toBe(requiredWork(20, SOURCE_STEPS_MAX));
  expect(requiredWork(48, 1000)).toBe(WORK_MAX);
});

test("ten times as many kiosks cost one bit more, at the exact power of ten [A06]", () => {
  const bits = (networkSize: number): number => networkBits(ecRust, ecRust.baseBits, networkSize);
  const table = [
    [1000, 17, 23],
    [10_000, 18, 46],
    [100_000, 19, 93],
    [1_000_000, 20, 186],
  ] as const;
  for (const [size, expected, hours] of table) {
    expect(bits(size)).toBe(expected);
    expect(bits(size - 1)).toBe(Math.max(17, expected - 1));
    expect(bits(size + 1)).toBe(expected);
    expect(Math.floor(expectedSeconds(2 ** expected, 640) / 3600)).toBe(hours);
  }
  for (let size = 1, last = 0; size <= NETWORK_SIZE_MAX; size = Math.ceil(size * 1.3)) {
    expect(bits(size)).toBeGreaterThanOrEqual(last);
    expect(bits(size)).toBe(17 + Math.max(0, Math.floor(Math.log10(size / 1000) + 1e-12)));
    last = bits(size);
  }
  expect(bits(0)).toBe(17);
  expect(bits(NETWORK_SIZE_MAX)).toBe(23);
  expect(networkBits(legacyS0, 20, NETWORK_SIZE_MAX)).toBe(20);
});

test("a hash is worth one in so many, and zeros are counted at the profile's end", () => {
  const zerosInFront = new Uint8Array(32).fill(0xff);
  zerosInFront[0] = 0x0f;
  expect(worthOf(zerosInFront, "leading")).toBe(16);
  expect(worthOf(zerosInFront, "trailing")).toBe(1);
  const zerosBehind = new Uint8Array(32).fill(0xff);
  zerosBehind[31] = 0xf0;
  expect(worthOf(zerosBehind, "trailing")).toBe(16);
  expect(worthOf(zerosBehind, "leading")).toBe(1);
  // One in three: 0x5555… is the last that is.
  const third = new Uint8Array(32).fill(0x55);
  expect(worthOf(third, "leading")).toBe(3);
  third[31] = 0x56;
  expect(worthOf(third, "leading")).toBe(2);
  // A sixteenth of the space itself is no more within it.
  expect(worthOf(new Uint8Array(32).fill(0x10, 0, 1), "leading")).toBe(15);
  expect(worthOf(new Uint8Array(32), "leading")).toBe(WORK_MAX);
  for (let zeros = 0; zeros < 40; zeros++) {
    const hash = new Uint8Array(32).fill(0xff);
    for (let bit = 0; bit < zeros; bit++) hash[31 - (bit >> 3)]! &= ~(1 << (bit & 7));
    expect(worthOf(hash, "trailing")).toBe(2 ** zeros);
  }
});

test("a hash is worth a work where the exact quotient says so, at the border too", () => {
  const end = fc.constantFrom("leading" as const, "trailing" as const);
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.nat(48),
      end,
      fc.nat(),
      (hash, bits, zeros, any) => {
        // As many zeros as chance seldom gives, so that works of all sizes lie at the border.
        for (let bit = 0; bit < bits; bit++) {
          const at = zeros === "leading" ? bit >> 3 : 31 - (bit >> 3);
          hash[at]! &= ~(zeros === "leading" ? 0x80 >> (bit & 7) : 1 << (bit & 7));
        }
        const worth = worthOf(hash, zeros);
        for (const work of [1, worth - 1, worth, worth + 1, 2 * worth, any]) {
          if (work >= 1 && work <= WORK_MAX) expect(isWorth(hash, zeros, work)).toBe(worth >= work);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("the bits in a work are those of the greatest power of two that is no more", () => {
  expect([1, 2, 3, 4, 255, 256, 257, 2 ** 40 - 1, 2 ** 40, WORK_MAX].map(bitsOf)).toEqual([
    0, 1, 1, 2, 7, 8, 8, 39, 40, 48,
  ]);
});
