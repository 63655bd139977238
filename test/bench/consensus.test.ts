import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { CASES, measured } from "./consensus.ts";
import { TUNED } from "./consensus-load.ts";
import { neededMs } from "./consensus-needed.ts";
import { during, household, leave } from "./consensus-process.ts";

test("a sequence needs a signature of each replica and operation, and at each replica the votes of a quorum but its own and each operation", () => {
  const signs = { signMs: 3, signs: 3, verifyMs: 0, verifies: 1 };
  const verifies = { signMs: 0, signs: 1, verifyMs: 20, verifies: 10 };
  const cases = [
    ...[
      [4, 1, 5, 12],
      [4, 50, 54, 208],
      [5, 1, 6, 20],
    ],
    ...[
      [7, 1, 8, 35],
      [7, 50, 57, 378],
    ],
    ...[
      [10, 1, 11, 70],
      [10, 50, 60, 560],
    ],
  ] as const;
  for (const [n, length, signed, verified] of cases) {
    expect(neededMs(signs, n, length)).toBe(signed);
    expect(neededMs(verifies, n, length)).toBe(2 * verified);
  }
});

test("kiosks in one process decide with real signatures and journals, and leave nothing behind", async () => {
  const of = await household({
    memberCount: 4,
    options: { ...TUNED, batchLengthMax: 1 },
    signedSize: 200,
    underWay: 8,
  });
  while (of.executed < 30) await during(of, 10);
  // Sent once by its kiosk, and verified by the others.
  expect(of.cost.signs).toBeGreaterThanOrEqual(30);
  expect(of.cost.verifies).toBeGreaterThanOrEqual(90);
  for (const { tally, refused } of of.nodes) {
    expect(tally.flushes).toBeGreaterThan(0);
    expect(refused).toEqual({});
  }
  expect(existsSync(of.folder)).toBe(true);
  await leave(of);
  expect(existsSync(of.folder)).toBe(false);
});

test("each case is measured against the signatures that it needs", async () => {
  expect(CASES.map(({ name }) => name)).toEqual(
    [4, 7, 10].flatMap((n) => [`n${n}-batch1`, `n${n}-batch50`, `n${n}-plain`]),
  );
  const { perSecond, limit, signatureShare, flushes } = await measured(CASES[0]!, { warmUpMs: 200, ms: 300 });
  expect(perSecond).toBeGreaterThan(0);
  expect(limit).toBeGreaterThan(0);
  expect(signatureShare).toBeGreaterThan(0);
  expect(signatureShare).toBeLessThan(1);
  expect(flushes).toBeGreaterThan(0);
});
