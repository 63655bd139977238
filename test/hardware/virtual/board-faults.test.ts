import { describe, expect, it } from "vitest";
import { boards } from "../../../hardware/boards/boards.ts";
import type { Firmware } from "../../../hardware/virtual/board.ts";
import { PROTOCOL_MAJOR, PROTOCOL_MINOR } from "../../../protocol/core/version.ts";
import { Pair } from "./pair.ts";
import { Table } from "./table.ts";

const STOCK: Partial<Firmware> = { tasksMax: 10, polls: false };
const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Both hosts have a link again, and what they are given arrives. */
function recovers(pair: Pair): void {
  expect(pair.link()).toBe(true);
  expect(pair.exchange(0)).toBe(true);
  const { sent } = pair.totals;
  expect(pair.exchange(10)).toBe(true);
  expect(pair.totals.sent).toBe(sent + 20);
}

/** In the middle of traffic: of each host some packets are under way. */
function busy(pair: Pair): void {
  expect(pair.link()).toBe(true);
  expect(pair.exchange(5)).toBe(true);
  for (const host of [0, 1]) for (let i = 0; i < 6; i++) pair.give(host);
  pair.table.run(120);
}

describe("a board's program stands still", () => {
  it("for 7 or 23 ms at each collection of garbage, in which a host that keeps its credits loses nothing", () => {
    const pair = new Pair([boards.esp32, boards.nrf52]);
    expect(pair.link()).toBe(true);
    expect(pair.exchange(60)).toBe(true);
    for (const board of pair.table.world.boards) {
      expect(board.collections).toBeGreaterThan(3);
      expect(board.uart.overflowed).toBe(0);
    }
    expect(pair.totals.sent).toBe(120);
  });

  it("and its UART keeps what it has room for; the rest is lost, and said again", () => {
    const pair = new Pair([boards.nrf52, boards.nrf52]);
    busy(pair);
    const board = pair.table.world.boards[1];
    pair.table.happen({ type: "pause", board: 1, ms: 100 });
    // Somebody else's bytes, beyond all credit.
    pair.table.happen({ type: "write", board: 1, bytes: new Uint8Array(1000) });
    pair.table.run(200);
    expect(board.uart.overflowed).toBeGreaterThan(500);
    recovers(pair);
    expect(pair.totals.unknown + pair.totals.dropped).toBe(0);
  });

  it("while a full task queue loses the call of its UART: a stock program is deaf for good, ours looks by itself", () => {
    for (const [firmware, isDeaf, isFull] of [
      [STOCK, true, true],
      [{ tasksMax: 10 }, false, true],
      [{}, false, false],
    ] as const) {
      const table = new Table(new Array(5).fill(boards.nrf52), {
        boards: [0, 1, 2, 3, 4].map((x) => ({ board: boards.nrf52, position: { x, y: 0 }, firmware })),
      });
      for (let host = 0; host < 5; host++) table.plug(host);
      table.run(2000);
      const advert = { version: 1, flags: 0, kiosk: new Uint8Array(4), component: new Uint8Array(4) };
      for (let host = 1; host < 5; host++) {
        table.order(host, { type: "start", role: "server", name: "waits" });
        table.order(host, { type: "advertise", on: true, intervalMs: 100, advert });
      }
      table.order(0, { type: "start", role: "client", name: "looks" });
      table.order(0, { type: "scan", on: true, intervalMs: 30, windowMs: 30 });
      table.run(2000);
      expect(table.sessions[0].up).toBe(true);
      // Adverts fill the queue; then the host's heartbeat comes.
      table.happen({ type: "pause", board: 0, ms: 2000 });
      table.run(20_000);
      const board = table.world.boards[0];
      expect([board.tasksDropped > 0, board.uart.uncalled]).toEqual([isFull, isFull]);
      expect(table.of(0, "down").length > 0).toBe(isDeaf);
      expect(table.sessions[0].up).toBe(!isDeaf);
      // Power helps it, nothing else.
      table.happen({ type: "brownOut", board: 0 });
      expect(
        table.run(10_000, () =>
          table
            .of(0, "up")
            .slice(1)
            .some(({ rebooted }) => rebooted),
        ),
      ).toBe(true);
    }
  });
});

describe("a spark on the receive pin", () => {
  it("deafens an nRF52 until its program's next turn, and an ESP32 not at all; either way nothing is lost for good", () => {
    for (const [board, isDeaf] of [
      [boards.nrf52, true],
      [boards.esp32, false],
    ] as const) {
      const pair = new Pair([boards.nrf52, board]);
      busy(pair);
      const { uart } = pair.table.world.boards[1];
      for (let i = 0; i < 40; i++) {
        pair.table.happen({ type: "spark", board: 1 });
        pair.give(1);
        pair.table.run(250);
      }
      expect(uart.overflowed > 0).toBe(isDeaf);
      recovers(pair);
      expect(pair.totals.unknown).toBe(0);
    }
  });
});

describe("a board's life", () => {
  it("begins with the banner of an ESP32, which the hosts' links pass over", () => {
    const table = new Table([boards.esp32]);
    table.plug(0);
    expect(table.run(3000, () => table.sessions[0].up)).toBe(true);
    const { damaged, misframed } = table.sessions[0].link.counters;
    expect(damaged + misframed).toBeGreaterThan(0);
  });

  it("says what ended the one before: an ESP32 knows a brown-out, an nRF52 cannot tell it from being plugged in", () => {
    for (const [board, brownOut] of [
      [boards.esp32, "brownOut"],
      [boards.nrf52, "powerOn"],
    ] as const) {
      const table = new Table([board]);
      table.plug(0);
      for (const event of [
        { type: "brownOut", board: 0 } as const,
        { type: "reset", board: 0, into: "normal" } as const,
        { type: "power", board: 0, on: false } as const,
        { type: "power", board: 0, on: true } as const,
      ]) {
        table.run(5000);
        table.happen(event);
      }
      table.run(5000);
      const resets = table.of(0, "up").filter(({ rebooted }) => rebooted);
      expect(resets.map(({ hello }) => hello.reset)).toEqual(["powerOn", brownOut, "pin", "powerOn"]);
    }
  });

  it("without power: the neighbour's link ends by supervision, all is settled, and with power it goes on", () => {
    const pair = new Pair([boards.nrf52, boards.esp32]);
    busy(pair);
    pair.table.happen({ type: "power", board: 1, on: false });
    pair.table.run(20_000);
    expect([pair.underway(0), pair.underway(1)]).toEqual([0, 0]);
    expect(pair.links).toEqual([undefined, undefined]);
    expect(pair.table.sessions.map(({ up }) => up)).toEqual([true, false]);
    const news = pair.table.of(0, "news").map(({ report }) => report);
    expect(news.filter(({ type }) => type === "linkDown")).toMatchObject([{ reason: "supervision" }]);
    pair.table.happen({ type: "power", board: 1, on: true });
    recovers(pair);
  });

  it("stuck in its bootloader: an ESP32's says so, nothing else is heard, and a reset ends it", () => {
    const pair = new Pair([boards.nrf52, boards.esp32]);
    busy(pair);
    const said: number[] = [];
    pair.table.happen({ type: "reset", board: 1, into: "bootloader" });
    pair.table.watch = (board, bytes) => board === 1 && said.push(...bytes);
    pair.table.run(20_000);
    expect(text(Uint8Array.from(said))).toContain("waiting for download");
    expect(pair.table.sessions[1].up).toBe(false);
    expect([pair.underway(0), pair.underway(1)]).toEqual([0, 0]);
    pair.table.happen({ type: "reset", board: 1, into: "normal" });
    recovers(pair);
  });

  it("with a firmware of another major version no session opens, with another minor one it does", () => {
    for (const [version, isFit] of [
      [{ major: PROTOCOL_MAJOR + 1 }, false],
      [{ minor: PROTOCOL_MINOR + 1 }, true],
    ] as const) {
      const table = new Table([boards.nrf52], {
        boards: [{ board: boards.nrf52, position: { x: 0, y: 0 }, firmware: version }],
      });
      table.plug(0);
      table.run(5000);
      expect(table.sessions[0].up).toBe(isFit);
      expect(table.of(0, "down").map(({ why }) => why)).toEqual(isFit ? [] : ["other version"]);
    }
  });

  it("babbles, or falls silent: the session ends, every packet is settled, and afterwards all goes on", () => {
    for (const voice of ["babble", "silence"] as const) {
      const pair = new Pair([boards.nrf52, boards.nrf52]);
      busy(pair);
      const before = pair.table.sessions[1].link.counters.bytesIn;
      pair.table.happen({ type: "voice", board: 1, voice });
      pair.table.run(10_000);
      expect(pair.table.sessions[1].link.counters.bytesIn - before > 100_000).toBe(voice === "babble");
      expect(pair.table.sessions[1].up).toBe(false);
      expect(pair.downs).toContain("silent");
      expect([pair.underway(0), pair.underway(1)]).toEqual([0, 0]);
      pair.table.happen({ type: "voice", board: 1, voice: "program" });
      recovers(pair);
    }
  });
});
