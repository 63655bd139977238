import { expect, test } from "vitest";
import { measured } from "./kiosk.ts";

test("kiosks in processes of their own agree, and one is looked at from within", async () => {
  const { busy, calm } = await measured(200, 400);
  expect(busy.operations).toBeGreaterThanOrEqual(200);
  expect(busy.residentBytes).toBeGreaterThan(10_000_000);
  // Each operation is a signed request in a batch, with what was voted for it.
  expect(busy.writtenBytes / busy.operations).toBeGreaterThan(100);
  expect(calm.letters).toBeGreaterThan(0);
  expect(calm.core).toBeGreaterThan(0);
}, 60_000);
