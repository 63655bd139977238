import { describe, expect, test } from "vitest";
import { faultsMax, quorum } from "../../../../host/engine/consensus/quorum.ts";
import { countOf, sideOf } from "../../../../host/engine/recovery/side.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { millis } from "../../../../protocol/core/units.ts";
import { Table } from "./rig.ts";

const range = (count: number, first = 0): number[] => new Array(count).fill(0).map((_, at) => first + at);
/** Heard to the last, then cut: silence, views of those who do not name us, and the time between two views. */
const SETTLED_MS = 60_000;

describe("only a side with a quorum goes on", () => {
  test.each([
    [8, 5, []],
    [8, 4, []],
    [8, 6, range(6)],
    [7, 4, []],
    [7, 5, range(5)],
    [4, 2, []],
    [4, 3, range(3)],
    [5, 3, []],
    [2, 1, []],
    [3, 2, range(2)],
  ])("of %i, cut after the first %i: those who go on are %j [Q03]", (n, first, goOn) => {
    const table = new Table(n);
    table.run(30_000);
    expect(table.goingOn()).toEqual(range(n));
    table.split([range(first), range(n - first, first)]);
    table.run(30_000 + SETTLED_MS);
    expect(table.goingOn()).toEqual(goOn);
    table.run(30_000 + 120_000);
    const readOnly = table.kiosks.filter(({ mode }) => mode === "readOnly").length;
    expect([table.goingOn(), readOnly]).toEqual([goOn, n - goOn.length]);
  });

  test("over random splits of four to ten into two to four sides: never two that go on, and one where one has a quorum [Q03] [Q06]", () => {
    const from = chance(3);
    for (let n = 4; n <= 10; n++) {
      for (let round = 0; round < 5; round++) {
        const sides = 2 + drawBelow(from, 3);
        const groups: number[][] = range(sides).map(() => []);
        for (const each of range(n)) groups[drawBelow(from, sides)].push(each);
        const table = new Table(n, (kiosk) => kiosk * 700 + round * 311);
        table.run(20_000 + drawBelow(from, 10_000));
        table.split(groups);
        table.run(table.now + SETTLED_MS);
        const most = groups.find((group) => group.length >= quorum(n)) ?? [];
        expect(table.goingOn()).toEqual(most);
        expect(table.kiosks.every(({ members }) => members.length === n)).toBe(true);
      }
    }
  });

  test("with f liars that hear both sides and tell each that they hear all: never two sides [Q03]", () => {
    const from = chance(4);
    for (let n = 4; n <= 10; n++) {
      for (let round = 0; round < 4; round++) {
        const table = new Table(n);
        table.liars = range(faultsMax(n), drawBelow(from, n - faultsMax(n) + 1));
        const honest = range(n).filter((each) => !table.liars.includes(each));
        const left = honest.filter(() => drawBelow(from, 2) === 0);
        const right = honest.filter((each) => !left.includes(each));
        table.run(20_000);
        table.split([left, right]);
        table.run(20_000 + SETTLED_MS);
        const on = table.goingOn();
        expect(on.some((each) => left.includes(each)) && on.some((each) => right.includes(each))).toBe(false);
      }
    }
  });

  test("with links of one direction, bridges and gaps: any two that go on share more members than may be faulty [Q03]", () => {
    const from = chance(5);
    let on = 0;
    for (let n = 4; n <= 10; n++) {
      for (let round = 0; round < 4; round++) {
        const table = new Table(n);
        table.run(20_000);
        for (const row of table.hears) for (const each of range(n)) row[each] = drawBelow(from, 4) > 0;
        table.run(20_000 + 2 * SETTLED_MS);
        const going = table.goingOn();
        on += going.length;
        for (const one of going) {
          for (const other of going) {
            const shared = sideOf(table.kiosks[one]) & sideOf(table.kiosks[other]);
            expect(countOf(shared)).toBeGreaterThan(faultsMax(n));
          }
        }
      }
    }
    expect(on).toBeGreaterThan(0);
  });

  test("two who hear each other one way only are not on each other's side 50 s after it began [Q02]", () => {
    const table = new Table(4);
    table.run(30_000);
    // 0 does not hear 1 any more; 1 hears 0.
    table.hears[1][0] = false;
    table.run(30_000 + 50_000);
    expect(sideOf(table.kiosks[0])).toBe(0b1101);
    expect(sideOf(table.kiosks[1])).toBe(0b1110);
    expect(table.goingOn()).toEqual([0, 1, 2, 3]);
  });
});

test.each([4, 7, 10])(
  "of %i with a tenth of all messages lost, for half an hour: everyone goes on, nearly always",
  (n) => {
    const table = new Table(n, (kiosk) => kiosk * 431);
    table.lossPercent = 10;
    table.run(60_000);
    let [on, all] = [0, 0];
    while (table.now < 1_860_000) {
      table.run(table.now + 1_000);
      on += table.goingOn().length;
      all += n;
    }
    expect(on / all).toBeGreaterThan(0.995);
  },
);

test("those who are cut off say so at each check and at each rung, and do not keep each other talking", () => {
  const table = new Table(10);
  // Each at its own times.
  table.kiosks.forEach((kiosk, each) => {
    kiosk.checkAt = millis(kiosk.checkAt - each * 950);
  });
  table.run(30_000);
  table.split([range(5), range(5, 5)]);
  const before = table.said;
  table.run(30_000 + 120_000);
  // Twelve checks, five rungs and attempts, and some words to who is heard again.
  expect((table.said - before) / 10).toBeLessThan(24);
});

describe("after it heals", () => {
  test("everyone rejoins, catches up and is whole: in seconds, by itself, without anybody removed [Q11] [Q06]", () => {
    const from = chance(6);
    const took: number[] = [];
    for (let n = 4; n <= 10; n++) {
      const table = new Table(n, (kiosk) => kiosk * 900);
      table.run(30_000);
      const cut = range(n).filter((each) => each >= quorum(n));
      table.split([range(quorum(n)), cut]);
      table.run(30_000 + 200_000 + drawBelow(from, 200_000));
      expect(table.goingOn()).toEqual(range(quorum(n)));
      expect(table.executed[0]).toBeGreaterThan(table.executed[n - 1] + 100);
      const healed = table.now;
      table.heal();
      table.run(healed + 30_000);
      expect(table.goingOn()).toEqual(range(n));
      for (const each of table.rejoined.filter(({ at }) => at > healed)) took.push(each.at - healed);
      expect(Math.max(...table.executed) - Math.min(...table.executed)).toBeLessThanOrEqual(1);
      for (const { members, step } of table.kiosks) expect([members.length, step]).toEqual([n, "whole"]);
    }
    expect(Math.max(...took)).toBeLessThan(15_000);
  });

  test("what one says is answered at once: who is back knows within half a second of the first word where the others stand [Q11]", () => {
    const table = new Table(4);
    table.run(30_000);
    table.split([range(3), [3]]);
    table.run(130_000);
    table.heal();
    const seen: number[] = [];
    while (table.kiosks[3].step !== "whole") {
      table.run(table.now + 50);
      if (seen.length === 0 && table.kiosks[3].step === "catchingUp") seen.push(table.now);
      expect(table.now).toBeLessThan(160_000);
    }
    const [heard] = seen;
    // What it lacks is played as one second of the consensus' own.
    expect(table.now - heard).toBeLessThanOrEqual(1_500);
    expect(
      table.kiosks[3].members.filter(({ executedAt }) => executedAt >= heard && executedAt <= heard + 500).length,
    ).toBeGreaterThan(0);
  });
});
