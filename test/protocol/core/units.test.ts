import { expect, test } from "vitest";
import { CLASS_NAMES, CRITICAL, HIGH, LOW, NORMAL } from "../../../protocol/core/packet-class.ts";
import * as units from "../../../protocol/core/units.ts";

test("a unit is its number, and only the compiler tells units apart", () => {
  const made = Object.values(units);
  expect(made.length).toBeGreaterThan(5);
  for (const unit of made) expect(unit(7)).toBe(7);
});

test("of two classes the lower is the more urgent, and each has its name", () => {
  expect([CRITICAL, HIGH, NORMAL, LOW].map((each) => CLASS_NAMES[each])).toEqual(["critical", "high", "normal", "low"]);
  expect(CRITICAL < HIGH && HIGH < NORMAL && NORMAL < LOW).toBe(true);
});
