import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import { Pair } from "./pair.ts";

/** Between the two radios, which stand a metre apart. */
const WALL = { from: { x: 0.5, y: -5 }, to: { x: 0.5, y: 5 }, lossDb: 70 };
const FAR = { x: 3000, y: 0 };

describe("two radios that no longer hear each other", () => {
  const ways: [string, (pair: Pair, isApart: boolean) => void][] = [
    ["behind a wall", ({ table }, isApart) => table.happen({ type: "walls", walls: isApart ? [WALL] : [] })],
    [
      "carried out of reach",
      ({ table }, isApart) => table.happen({ type: "move", board: 1, to: isApart ? FAR : { x: 1, y: 0 } }),
    ],
  ];
  for (const [name, apart] of ways) {
    it(`${name}, lose their link by supervision, settle every packet, and find each other again`, () => {
      const pair = new Pair([boards.nrf52, boards.esp32]);
      expect(pair.link()).toBe(true);
      expect(pair.exchange(5)).toBe(true);
      for (const host of [0, 1]) for (let i = 0; i < 6; i++) pair.give(host);
      pair.table.run(100);
      apart(pair, true);
      pair.table.run(15_000);
      expect(pair.links).toEqual([undefined, undefined]);
      expect([pair.underway(0), pair.underway(1)]).toEqual([0, 0]);
      expect(pair.totals.unknown).toBeGreaterThan(0);
      // The wires are whole: both sessions stand.
      expect(pair.downs).toEqual([]);
      apart(pair, false);
      expect(pair.link()).toBe(true);
      const { sent } = pair.totals;
      expect(pair.exchange(10)).toBe(true);
      expect(pair.totals.sent).toBe(sent + 20);
    });
  }

  it("from the beginning never meet", () => {
    const pair = new Pair([
      { board: boards.nrf52, position: { x: 0, y: 0 } },
      { board: boards.nrf52, position: FAR },
    ]);
    expect(pair.link(30_000)).toBe(false);
    pair.table.happen({ type: "move", board: 0, to: { x: 2999, y: 0 } });
    expect(pair.link()).toBe(true);
  });

  it("over a poor way are slower, and lose nothing", () => {
    const pair = new Pair([boards.nrf52, boards.nrf52], {
      bursts: { goodMs: 400, badMs: 60, lossGood: 0.05, lossBad: 0.9 },
    });
    expect(pair.link()).toBe(true);
    expect(pair.exchange(40)).toBe(true);
    const { sent, dropped, unknown } = pair.totals;
    expect(sent).toBeGreaterThan(60);
    expect(sent + dropped + unknown).toBe(80);
  });
});
