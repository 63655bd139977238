import { describe, expect, it } from "vitest";
import type { Board } from "../../../hardware/boards/board.ts";
import { boards } from "../../../hardware/boards/boards.ts";
import { chance, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import type { LinkGeneration } from "../../../protocol/core/units.ts";
import { match, onSaid } from "../../exchange/match.ts";
import { Table } from "./table.ts";

/** Two kiosks, one radio each: the first waits, the second looks for it, dials, and the first keeps the link. */
function linked(pair: readonly [Board, Board], errorRate = 0, seed = 1) {
  const placed = pair.map((board, i) => ({ board, position: { x: i, y: 0 } }));
  const table = new Table(pair, { seed, errorRate, boards: placed });
  const matches = [match(0), match(1)];
  const links: (LinkGeneration | undefined)[] = [undefined, undefined];
  table.on = (host, effect) => {
    onSaid(matches[host], effect, (order) => table.order(host, order));
    links[host] = matches[host].link;
  };
  for (const host of [0, 1]) table.plug(host);
  const up = table.run(30_000, () => links.every((link) => link !== undefined));
  return { table, links, up };
}

/** Packets of a class arrive whole, once and in order, and each that is sent has arrived. */
function exchange({ table, links }: ReturnType<typeof linked>, count: number, sizeMax: number): void {
  const random = chance(5);
  const given: Uint8Array[][] = [[], []];
  const settled = (host: number) => table.of(host, "settled");
  for (let id = 0; id < count; id++) {
    for (const host of [0, 1]) {
      table.run(60_000, () => table.sessions[host].sends.length < 4);
      const packet = drawBytes(random, 1 + drawBelow(random, sizeMax));
      given[host].push(packet);
      table.tell(host, { type: "send", id, link: links[host] as LinkGeneration, class: 1, packet });
    }
  }
  expect(table.run(120_000, () => settled(0).length === count && settled(1).length === count)).toBe(true);
  for (const host of [0, 1]) {
    expect(new Set(settled(host).map(({ id }) => id)).size).toBe(count);
    expect(settled(host).map(({ outcome }) => outcome.type)).toEqual(Array(count).fill("sent"));
    expect(table.of(1 - host, "arrived").map(({ packet }) => packet)).toEqual(given[host]);
  }
}

describe("two kiosks over two virtual boards", () => {
  it("find each other, link by order alone, and exchange packets whole, once and in order", () => {
    for (const pair of [
      [boards.nrf52, boards.nrf52],
      [boards.esp32, boards.nrf52],
    ] as const) {
      const both = linked(pair);
      expect(both.up).toBe(true);
      exchange(both, 40, 600);
      expect(both.table.world.boards.map((board) => board.uart.overflowed)).toEqual([0, 0]);
      expect(both.table.world.boards.map((board) => board.tasksDropped)).toEqual([0, 0]);
    }
  });

  it("the same over cables that spoil a byte in a thousand", () => {
    const both = linked([boards.nrf52, boards.nrf52], 1e-3);
    expect(both.up).toBe(true);
    exchange(both, 40, 600);
    expect(both.table.sessions[0].link.counters.damaged).toBeGreaterThan(0);
  });

  it("a brown-out takes the links along: each packet under way is settled by name, and both kiosks hear of it", () => {
    const both = linked([boards.nrf52, boards.nrf52]);
    const { table, links } = both;
    for (let id = 0; id < 4; id++) {
      for (const host of [0, 1]) {
        const packet = new Uint8Array(1000).fill(id);
        table.tell(host, { type: "send", id, link: links[host] as LinkGeneration, class: 1, packet });
      }
    }
    table.run(100);
    table.happen({ type: "brownOut", board: 1 });
    table.run(10_000);
    for (const host of [0, 1]) {
      expect(
        table
          .of(host, "settled")
          .map(({ id }) => id)
          .sort(),
      ).toEqual([0, 1, 2, 3]);
      const sent = table.of(host, "settled").filter(({ outcome }) => outcome.type === "sent").length;
      expect(table.of(1 - host, "arrived").length).toBeGreaterThanOrEqual(sent);
    }
    expect(table.of(1, "up").map(({ rebooted }) => rebooted)).toEqual([true, true]);
    const down = table.of(0, "news").filter(({ report }) => report.type === "linkDown");
    expect(down).toHaveLength(1);
  });

  it("the same seed gives the same life, to the last byte", () => {
    const life = () => {
      const both = linked([boards.nrf52, boards.esp32], 1e-3, 9);
      exchange(both, 5, 400);
      return { heard: both.table.heard, now: both.table.now };
    };
    expect(life()).toEqual(life());
  });
});
