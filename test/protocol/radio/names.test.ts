import { expect, test } from "vitest";
import { COUNTER_NAMES } from "../../../protocol/radio/counter-names.ts";
import { FAULT_CODES } from "../../../protocol/radio/fault-code.ts";

test("each value of a counters report has a name of its own", () => {
  expect(new Set(COUNTER_NAMES).size).toBe(COUNTER_NAMES.length);
  for (const name of COUNTER_NAMES) expect(name).toMatch(/^(?:[a-z]+\.)?[a-zA-Z]+$/);
});

test("each fault has a code of its own, and none is nothing", () => {
  const codes = Object.values(FAULT_CODES);
  expect(new Set(codes).size).toBe(codes.length);
  for (const code of codes) expect(code).toBeGreaterThan(0);
});
