import { expect, test } from "vitest";
import {
  budgetLine,
  CARD_COST_TIMES,
  CARD_REWRITES_COUNT,
  CARD_SIZE,
  cardBudget,
  FLUSH_COST_SIZE,
} from "../../../host/service/card-budget.ts";

const HOUR_MS = 3_600_000;

test("a day costs what an hour cost, 24 times: bytes, and what each flush costs beside them", () => {
  const journal = { name: "journal", bytes: 9_000_000, flushes: 1_000 };
  const history = { name: "history", bytes: 500_000, flushes: 0 };
  const budget = cardBudget([journal, history], HOUR_MS);
  const wanted = [24 * (9_000_000 + 1_000 * FLUSH_COST_SIZE), 24 * 500_000];
  expect(budget?.parts.map(({ bytesADay }) => bytesADay)).toEqual(wanted);
  expect(budget?.bytesADay).toBe(wanted[0]! + wanted[1]!);
  expect(budget?.years).toBeCloseTo((CARD_SIZE * CARD_REWRITES_COUNT) / CARD_COST_TIMES / budget!.bytesADay / 365, 6);
});

test("what was measured at a device is what it says: a thousand flushes of 900 B are 9.09 MB", () => {
  const budget = cardBudget([{ name: "journal", bytes: 900_000, flushes: 1_000 }], 86_400_000);
  expect(Math.abs((budget?.bytesADay ?? 0) - 9_093_120)).toBeLessThan(9_093_120 / 100);
});

test("it is one line for people, and says when a card goes before the machine does", () => {
  const line = (bytes: number): string => budgetLine(cardBudget([{ name: "journal", bytes, flushes: 0 }], 86_400_000)!);
  expect(line(310_000_000)).toBe(
    "310 MB a day to the card (journal 310 MB): at this pace one of 32 GB lasts some 14 years",
  );
  expect(line(900_000)).toMatch(/^900 KB a day .* lasts more than a hundred years$/);
  expect(line(9_000_000_000)).toMatch(/^9 GB a day .* lasts less than a year; take one made for/);
  const isHard = (bytes: number): boolean => line(bytes).includes("take one made for cameras");
  expect([isHard(310_000_000), isHard(3_000_000_000)]).toEqual([false, true]);
});

test("from a moment nothing is told", () => {
  expect(cardBudget([{ name: "journal", bytes: 1, flushes: 1 }], 9_999)).toBe(undefined);
  expect(cardBudget([{ name: "journal", bytes: 1, flushes: 1 }], Number.NaN)).toBe(undefined);
});
