import { expect, test } from "vitest";
import { blockFor, type Counters, counters, reserve, take } from "../../../host/node/counters.ts";
import { COUNTERS_RESERVED_COUNT } from "../../../host/node/limits.ts";

const NEVER_SET = 1000;
const TODAY = 1_790_000_000_000;

/** As the loop does it; answers the block that was written, if any. */
function use(of: Counters, count: number): { readonly below: number | undefined; readonly numbers: number[] } {
  const below = blockFor(of, count);
  if (below !== undefined) reserve(of, below);
  return { below, numbers: Array.from({ length: count }, () => take(of)) };
}

test("no number is used before a block that holds it was set aside", () => {
  const of = counters(0, NEVER_SET);
  expect(() => take(of)).toThrow("set aside");
  const { below, numbers } = use(of, 3);
  expect(numbers).toEqual([1, 2, 3]);
  expect(below).toBeGreaterThan(3);
});

test("a block serves thousands, and the next one begins where it ends", () => {
  const of = counters(0, NEVER_SET);
  let blocks = 0;
  const seen = new Set<number>();
  for (let turn = 0; turn < 2 * COUNTERS_RESERVED_COUNT; turn++) {
    const { below, numbers } = use(of, 2);
    if (below !== undefined) blocks += 1;
    for (const number of numbers) seen.add(number);
  }
  expect(seen.size).toBe(4 * COUNTERS_RESERVED_COUNT);
  expect(blocks).toBeLessThan(6);
});

test("a start begins behind the last block, whether it was used up or not", () => {
  const before = counters(0, NEVER_SET);
  const { below } = use(before, 1);
  expect(use(counters(below ?? 0, NEVER_SET), 1).numbers[0]).toBe(below);
});

test("a start from an old memory begins at the date, beyond all that was used since", () => {
  const [first] = use(counters(5000, TODAY), 1).numbers;
  expect(first).toBe(TODAY);
  // Not at a date that no clock shows honestly, and never behind a block.
  expect(use(counters(5000, NEVER_SET), 1).numbers[0]).toBe(5000);
  expect(use(counters(5000, 2 ** 42), 1).numbers[0]).toBe(5000);
  expect(use(counters(TODAY + 9, TODAY), 1).numbers[0]).toBe(TODAY + 9);
});
