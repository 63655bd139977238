import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import type { WireFaults } from "../../../hardware/virtual/events.ts";
import type { Noise } from "../../../hardware/virtual/noise.ts";
import { Pair } from "./pair.ts";
import { Table } from "./table.ts";

const noiseOf = (pair: Pair): Noise => pair.table.world.boards[1].down.noise as Noise;

/** Frames that either end of the second cable could not read. */
function spoilt(pair: Pair): number {
  const ends = [pair.table.sessions[1].link, pair.table.world.boards[1].modem?.serial];
  return ends.reduce((sum, end) => sum + (end?.counters.damaged ?? 0) + (end?.counters.misframed ?? 0), 0);
}

describe("a cable", () => {
  const kinds: [string, WireFaults, ((pair: Pair) => number) | undefined][] = [
    ["flips bytes", { flip: 1e-3 }, (pair) => noiseOf(pair).flipped],
    ["drops bytes", { drop: 1e-3 }, (pair) => noiseOf(pair).lost],
    ["makes bytes up", { insert: 1e-3 }, (pair) => noiseOf(pair).inserted],
    ["says bytes twice", { duplicate: 1e-3 }, (pair) => noiseOf(pair).duplicated],
    ["stalls for 80 ms", { stall: 1e-3, stallMs: 80 }, (pair) => noiseOf(pair).stalled],
    ["splits what it brings into single bytes", { split: 0.5 }, undefined],
    ["brings late and together what came apart", { merge: 0.1 }, undefined],
    [
      "does all of it",
      { flip: 2e-4, drop: 2e-4, insert: 2e-4, duplicate: 2e-4, stall: 1e-4, stallMs: 40, split: 0.2 },
      undefined,
    ],
  ];
  for (const [name, faults, counter] of kinds) {
    it(`that ${name} costs time and no packet, and a good one is as good as before [I11]`, () => {
      const pair = new Pair([boards.esp32, boards.nrf52]);
      expect(pair.link()).toBe(true);
      for (const board of [0, 1]) pair.table.happen({ type: "faults", board, faults });
      expect(pair.exchange(60)).toBe(true);
      expect(pair.totals).toEqual({ given: 120, arrived: 120, sent: 120, dropped: 0, unknown: 0 });
      if (counter !== undefined) expect(counter(pair)).toBeGreaterThan(3);
      for (const board of [0, 1]) pair.table.happen({ type: "faults", board, faults: {} });
      pair.table.run(1000);
      const before = spoilt(pair);
      expect(pair.exchange(20)).toBe(true);
      expect(spoilt(pair)).toBe(before);
    });
  }

  it("brings its pieces as it was told to", () => {
    const sizesUnder = (faults: WireFaults) => {
      const table = new Table([boards.nrf52]);
      table.plug(0);
      table.run(2000);
      table.happen({ type: "faults", board: 0, faults });
      const sizes: number[] = [];
      table.watch = (_, bytes) => sizes.push(bytes.length);
      for (let i = 0; i < 50; i++) {
        table.order(0, { type: "echo", bytes: new Uint8Array(200) });
        table.run(100);
      }
      return { smallest: Math.min(...sizes), pieces: sizes.length };
    };
    const whole = sizesUnder({});
    const split = sizesUnder({ split: 1 });
    expect(whole.smallest).toBeGreaterThan(3);
    expect(split.smallest).toBe(1);
    expect(split.pieces).toBeGreaterThan(10 * whole.pieces);
  });

  it("that is pulled out takes along what was in it; the host sees its port close, and a new session comes when it is back", () => {
    const pair = new Pair([boards.nrf52, boards.nrf52]);
    expect(pair.link()).toBe(true);
    for (const host of [0, 1]) for (let i = 0; i < 4; i++) pair.give(host);
    pair.table.run(50);
    pair.table.happen({ type: "cable", board: 1, plugged: false });
    // Its own packets are settled at once; the neighbour's, when the radio over there misses its host and drops the link.
    expect(pair.underway(1)).toBe(0);
    expect(pair.downs).toEqual(["unplugged"]);
    const { bytesIn } = pair.table.sessions[1].link.counters;
    pair.table.run(10_000);
    expect(pair.table.sessions[1].link.counters.bytesIn).toBe(bytesIn);
    expect(pair.underway(0)).toBe(0);
    expect(pair.totals.unknown).toBeGreaterThan(0);
    pair.table.happen({ type: "cable", board: 1, plugged: true });
    expect(pair.link()).toBe(true);
    const { sent } = pair.totals;
    expect(pair.exchange(10)).toBe(true);
    expect(pair.totals.sent).toBe(sent + 20);
  });
});

describe("rates", () => {
  const rated = (hostBaud: number | undefined) => {
    const table = new Table([boards.nrf52], {
      boards: [{ board: boards.nrf52, position: { x: 0, y: 0 }, ...(hostBaud === undefined ? {} : { hostBaud }) }],
    });
    table.plug(0);
    return table;
  };

  it("that differ make garbage of all that is said, until the host's is right", () => {
    const table = rated(115_200);
    table.run(10_000);
    const { counters } = table.sessions[0].link;
    expect(table.sessions[0].up).toBe(false);
    expect([counters.bytesIn > 0, counters.framesIn]).toEqual([true, 0]);
    table.happen({ type: "rate", board: 0, baud: 230_400 });
    expect(table.run(10_000, () => table.sessions[0].up)).toBe(true);
  });

  it("within three per cent of each other do not matter", () => {
    const table = rated(230_400 * 1.021);
    expect(table.run(3000, () => table.sessions[0].up)).toBe(true);
  });

  it("change by order at both ends: the session begins anew at the new one", () => {
    const table = rated(230_400);
    table.run(3000);
    table.order(0, { type: "baud", baud: 1_000_000 });
    table.run(20);
    table.happen({ type: "rate", board: 0, baud: 1_000_000 });
    table.run(3000);
    expect(table.sessions[0].up).toBe(true);
    expect(table.of(0, "up").length).toBe(2);
    expect(table.world.boards[0].up.byteMs).toBe(0.01);
    // A new life begins at the board's first rate, whatever the host's.
    table.happen({ type: "brownOut", board: 0 });
    table.run(10_000);
    expect(table.sessions[0].up).toBe(false);
    table.happen({ type: "rate", board: 0, baud: 230_400 });
    expect(table.run(10_000, () => table.sessions[0].up)).toBe(true);
  });

  it("at which nobody follows are left again by the board", () => {
    const table = rated(230_400);
    table.run(3000);
    table.order(0, { type: "baud", baud: 1_000_000 });
    table.run(2000);
    expect(table.world.boards[0].baud).toBe(1_000_000);
    table.run(10_000);
    expect(table.world.boards[0].baud).toBe(230_400);
    expect(table.sessions[0].up).toBe(true);
  });

  it("do not exist at the end of a socket, which hears the board at any", () => {
    const table = rated(undefined);
    table.run(3000);
    table.order(0, { type: "baud", baud: 1_000_000 });
    table.run(3000);
    expect([table.world.boards[0].baud, table.sessions[0].up]).toEqual([1_000_000, true]);
  });
});
