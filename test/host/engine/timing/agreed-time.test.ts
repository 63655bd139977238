import { describe, expect, test } from "vitest";
import { faultsMax } from "../../../../host/engine/consensus/quorum.ts";
import { AGREED_TIME_TOLERANCE_MS } from "../../../../host/engine/timing/limits.ts";
import { type Chance, chance, drawBelow } from "../../../../protocol/core/chance.ts";
import {
  honestOf,
  type Lies,
  play,
  setWall,
  start,
  type TimeTable,
  TRUE_START,
  timeTable,
  YEAR_MS,
} from "./time-table.ts";

const TOLERANCE = AGREED_TIME_TOLERANCE_MS;
const SILENT: Lies = { proposes: "nothing", helps: false, claims: "none" };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK = 7 * 24 * HOUR;
/** Shows 1970. */
const NO_CLOCK = -TRUE_START;
const SIZES = [4, 7, 10] as const;

/** `faults` liars, and the rest with these clocks in turn. */
function seats(memberCount: number, skewsMs: readonly number[]): (number | "liar")[] {
  const all: (number | "liar")[] = [];
  for (let i = 0; i < memberCount; i++) {
    all.push(i < faultsMax(memberCount) ? "liar" : skewsMs[i % skewsMs.length]);
  }
  return all;
}

/** How far its last batch was from the true time. */
const offMs = (table: TimeTable): number => table.last - table.decidedAt;

describe.each(SIZES)("a table of %i", (memberCount) => {
  const faults = faultsMax(memberCount);

  test("whose honest clocks are alike has the right time, whatever f others propose and claim", () => {
    for (const proposes of ["nothing", "future", "past", "anything"] as const) {
      for (const claims of ["none", "future", "past", "what splits"] as const) {
        const table = timeTable(seats(memberCount, [-2_000, 0, 1_500]), TRUE_START - WEEK, chance(memberCount), {
          proposes,
          helps: false,
          claims,
        });
        play(table, 20 * MINUTE);
        // Half a minute a liar, and what passes until the next honest one has its turn.
        expect([proposes, claims, Math.abs(offMs(table)) < (faults + 1) * TOLERANCE + 10_000]).toEqual([
          proposes,
          claims,
          true,
        ]);
        expect(table.failedMost).toBeLessThanOrEqual(faults + 1);
      }
    }
  });

  test("that lost power whole, and boots in 1970 up to half an hour after one another, goes on where it stood", () => {
    for (const claims of ["none", "what splits"] as const) {
      const table = timeTable(seats(memberCount, [NO_CLOCK]), TRUE_START, chance(7), { ...SILENT, claims });
      for (const kiosk of honestOf(table)) {
        table.now += drawBelow(table.chance, 30 * MINUTE);
        start(table, kiosk);
      }
      play(table, 10 * MINUTE);
      expect(table.decided).toBeGreaterThan(100);
      expect(table.failedMost).toBeLessThanOrEqual(faults + 2);
      const went = table.last - TRUE_START;
      expect(went).toBeGreaterThan(5 * MINUTE);
      expect(went).toBeLessThanOrEqual(table.now - TRUE_START);
    }
  });

  test("is never carried farther than half a minute ahead of its fastest clock by f liars, in two hours of trying", () => {
    for (const clocks of [[0, -1], [NO_CLOCK], [NO_CLOCK, 0], [-31_000, 0, -1]]) {
      const table = timeTable(seats(memberCount, clocks), TRUE_START - MINUTE, chance(1), {
        proposes: "future",
        helps: true,
        claims: "future",
      });
      let most = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < 12; i++) {
        play(table, 10 * MINUTE);
        most = Math.max(most, offMs(table) - table.fastestMs);
      }
      expect(most).toBeLessThanOrEqual(TOLERANCE);
    }
  });

  test("whose kiosks all find the right time one after another comes to have it", () => {
    const table = timeTable(seats(memberCount, [NO_CLOCK]), TRUE_START - YEAR_MS, chance(5), {
      proposes: "anything",
      helps: false,
      claims: "what splits",
    });
    for (const kiosk of honestOf(table)) {
      play(table, 3 * MINUTE);
      setWall(table, kiosk, drawBelow(table.chance, 2_000));
    }
    play(table, 30 * MINUTE);
    expect(Math.abs(offMs(table))).toBeLessThan((faults + 1) * TOLERANCE + 10_000);
  });
});

describe("a table of 4", () => {
  test("with one kiosk in 1970 and nobody dishonest has the right time, and that kiosk is as good a primary", () => {
    const table = timeTable([0, NO_CLOCK, 300, -900], TRUE_START - WEEK, chance(2));
    play(table, 10 * MINUTE);
    expect(table.failedViews).toBeLessThanOrEqual(1);
    expect(Math.abs(offMs(table))).toBeLessThan(7_000);
  });

  test("with one clock twelve years ahead goes by the other three", () => {
    const table = timeTable([0, 12 * YEAR_MS, 300, -900], TRUE_START - WEEK, chance(2));
    play(table, 30 * MINUTE);
    expect(Math.abs(offMs(table))).toBeLessThan(7_000);
    expect(table.failedViews).toBeLessThan(10);
  });

  test("with one clock that jumps back and forth by hours loses neither time nor views", () => {
    const table = timeTable([0, 0, 300, -900], TRUE_START, chance(2));
    const [restless] = honestOf(table);
    for (let i = 0; i < 40; i++) {
      play(table, MINUTE);
      setWall(table, restless, (drawBelow(table.chance, 3) - 1) * 5 * HOUR);
    }
    expect(Math.abs(offMs(table))).toBeLessThan(2 * TOLERANCE);
    expect(table.failedViews).toBeLessThan(10);
  });
});

describe("any table", () => {
  test("with any clocks, restarts, clocks set, and any f liars, goes on, and never into the future", () => {
    const worst = { failed: 0, aheadMs: Number.NEGATIVE_INFINITY };
    for (let seed = 0; seed < 150; seed++) {
      const from = chance(seed);
      const table = anyTable(from);
      const faults = table.kiosks.length - honestOf(table).length;
      for (let round = 0; round < 4; round++) {
        const before = table.decided;
        play(table, 4 * MINUTE);
        expect([seed, table.decided > before]).toEqual([seed, true]);
        worst.aheadMs = Math.max(worst.aheadMs, offMs(table) - table.fastestMs);
        disturb(table, from);
      }
      worst.failed = Math.max(worst.failed, table.failedMost - faults);
    }
    expect(worst.aheadMs).toBeLessThanOrEqual(TOLERANCE);
    // Not all of it for nothing: the liars do get that far.
    expect(worst.aheadMs).toBeGreaterThan(TOLERANCE - 100);
    expect(worst.failed).toBeLessThanOrEqual(2);
  });
});

function anyTable(from: Chance): TimeTable {
  const memberCount = 4 + drawBelow(from, 7);
  const last = TRUE_START - [0, 10 * MINUTE, WEEK, YEAR_MS, -10_000][drawBelow(from, 5)];
  const kiosks: (number | "liar")[] = [];
  for (let i = 0; i < memberCount; i++) kiosks.push(i < faultsMax(memberCount) ? "liar" : anySkew(from));
  for (let i = memberCount - 1; i > 0; i--) {
    const other = drawBelow(from, i + 1);
    [kiosks[i], kiosks[other]] = [kiosks[other], kiosks[i]];
  }
  return timeTable(kiosks, last, from, {
    proposes: (["nothing", "future", "past", "anything"] as const)[drawBelow(from, 4)],
    helps: drawBelow(from, 4) === 0,
    claims: (["none", "future", "past", "what splits"] as const)[drawBelow(from, 4)],
  });
}

function anySkew(from: Chance): number {
  const skews = [
    drawBelow(from, 4_000) - 2_000,
    drawBelow(from, 90_000) - 45_000,
    -drawBelow(from, HOUR),
    drawBelow(from, 10 * MINUTE),
    NO_CLOCK,
    12 * YEAR_MS,
  ];
  return skews[drawBelow(from, skews.length)];
}

function disturb(table: TimeTable, from: Chance): void {
  const honest = honestOf(table);
  const one = honest[drawBelow(from, honest.length)];
  const what = drawBelow(from, 6);
  if (what < 2) start(table, one);
  else if (what < 4) setWall(table, one, anySkew(from));
  else if (what === 4) for (const kiosk of honest) start(table, kiosk);
}
