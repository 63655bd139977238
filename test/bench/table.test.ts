import { expect, test } from "vitest";
import { audit } from "../../host/engine/ledger/audit.ts";
import { betsRow, diceRows } from "./table.ts";
import { evening, play } from "./table-bets.ts";

test("an evening of bets is legal moves alone, and comes to the same chips each time that it is played", () => {
  const of = evening(8, 3);
  expect(of).toMatchObject({ refused: 0, rolls: 8 });
  expect(of.operations).toBeGreaterThan(8 * 24);
  const [first, again] = [play(of), play(of)];
  expect(of.machine.snapshot(first)).toEqual(of.machine.snapshot(again));
  expect([first.dice.lastRoll, audit(first.ledger).ok]).toEqual([8, true]);
  expect(first.ledger.accounts.map(({ free, locked }) => free + locked)).not.toEqual(new Array(8).fill(1_000));
  expect(betsRow(4, 1)).toMatchObject({ metric: "bets", unit: "op/s" });
});

test("the partials of a roll, with what they travel in, are 520 bytes at most among four and 1,040 among eight", () => {
  const rows = new Map(diceRows(1).map((row) => [row.metric, row]));
  expect(rows.get("roll-bytes-dvrf-n4")!.value).toBeLessThanOrEqual(520);
  expect(rows.get("roll-bytes-dvrf-n8")!.value).toBeLessThanOrEqual(1_040);
  const value = (metric: string): number => rows.get(metric)!.value;
  for (const n of ["n4", "n8"]) {
    // With all that was said the settlement is one request more, and commit–reveal is dearer than both together.
    expect(value(`settle-bytes-dvrf-${n}`)).toBeGreaterThan(300);
    expect(value(`roll-bytes-dvrf-${n}`) + value(`settle-bytes-dvrf-${n}`)).toBeLessThan(
      value(`roll-bytes-commit-${n}`),
    );
    expect(value(`settle-bytes-commit-${n}`)).toBeLessThan(value(`roll-bytes-commit-${n}`));
    expect(value(`roll-ms-dvrf-${n}`)).toBeGreaterThan(0);
  }
}, 60_000);
