import { describe, expect, it } from "vitest";
import { nextDeadline, queuedAt } from "../../../../hardware/virtual/air/air.ts";
import { independent } from "../../../../hardware/virtual/air/bursts.ts";
import { FREE, Run, radiosOf } from "./measure.ts";
import { ADVERT, ESP, ignored, NRF, of, pairOf } from "./pairs.ts";

describe("a link", () => {
  it("drops the value that a full stack has no room for, and tells nobody but the watcher", () => {
    const run = pairOf(NRF, ESP);
    const link = run.link(0, 1, { intervalMs: 50 });
    for (let value = 0; value < 3; value++) run.feed({ type: "value", node: 0, link, bytes: Uint8Array.of(value) });
    for (let value = 0; value < 6; value++) run.feed({ type: "value", node: 1, link, bytes: Uint8Array.of(value) });
    expect(of(run, "queueDropped").map(({ node, why }) => `${node} ${why}`)).toEqual([
      "0 full",
      "0 full",
      "1 full",
      "1 full",
    ]);
    run.until(run.now + 200);
    const heard = of(run, "value").map(({ node, bytes }) => `${node} ${bytes[0]}`);
    expect(heard.sort()).toEqual(["0 0", "0 1", "0 2", "0 3", "1 0"]);
  });

  it("keeps order, loses nothing and repeats nothing, however much the air loses", () => {
    const run = new Run({ radios: radiosOf(FREE, FREE), bursts: independent(0.4) });
    const link = run.link(0, 1, { intervalMs: 10, supervisionMs: 32_000 });
    const sent = [0, 0];
    run.until(run.now + 20_000, () => {
      for (const node of [0, 1]) {
        if (queuedAt(run.air, node, link) === FREE.stackQueue) continue;
        const value = sent[node]!++;
        run.feed({ type: "value", node, link, bytes: Uint8Array.of(value >> 8, value & 0xff) });
      }
    });
    for (const node of [0, 1]) {
      const heard = of(run, "value").filter((effect) => effect.node === node);
      const numbers = heard.map(({ bytes }) => bytes[0]! * 256 + bytes[1]!);
      expect(numbers).toEqual(numbers.map((_, place) => place));
      expect(numbers.length).toBeGreaterThan(sent[1 - node]! - 2 * FREE.stackQueue);
      expect(numbers.length).toBeGreaterThan(1000);
    }
  });

  it.each([
    ["nrf52", NRF, 500],
    ["esp32", ESP, 2560],
  ] as const)("of a stock %s ends %d ms after the peer fell silent", (_, facts, supervisionMs) => {
    for (const silent of [0, 1]) {
      const run = pairOf(facts, facts);
      run.link(0, 1, {});
      const since = run.now;
      let lostAt = 0;
      run.each.push((effect, atMs) => {
        if (effect.type === "disconnected") lostAt = atMs;
      });
      run.feed({ type: "reset", node: silent });
      run.until(since + 10_000);
      expect(of(run, "disconnected")).toEqual([
        { type: "disconnected", node: 1 - silent, link: 1, reason: "supervision" },
      ]);
      expect(lostAt - since).toBeLessThanOrEqual(supervisionMs + 1);
      expect(lostAt - since).toBeGreaterThan(supervisionMs - facts.intervalMaxMs - 1);
      expect(run.air.links).toEqual([]);
      expect(nextDeadline(run.air)).toBeUndefined();
    }
  });

  it("ends in two ways when ordered: here ordered, there by the other", () => {
    const run = pairOf(NRF, NRF);
    const link = run.link(0, 1, {});
    run.feed({ type: "disconnect", node: 1, link });
    run.feed({ type: "value", node: 1, link, bytes: ADVERT });
    run.until(run.now + 100);
    expect(
      of(run, "disconnected")
        .map(({ node, reason }) => `${node} ${reason}`)
        .sort(),
    ).toEqual(["0 remote", "1 ordered"]);
    expect(of(run, "value")).toEqual([]);
    run.feed({ type: "disconnect", node: 1, link });
    expect(ignored(run)).toEqual(["noLink", "noLink"]);
  });

  it("takes new parameters after six of its old intervals, where a native module asks", () => {
    const run = pairOf(FREE, FREE);
    const link = run.link(0, 1, { intervalMs: 200 });
    const since = run.now;
    let atMs = 0;
    run.each.push((effect, now) => {
      if (effect.type === "interval") atMs = now;
    });
    run.feed({ type: "parameters", node: 0, link, intervalMs: 200, supervisionMs: 400 });
    run.feed({ type: "parameters", node: 0, link, intervalMs: 20, supervisionMs: 4000 });
    expect(ignored(run)).toEqual(["noSuchValue"]);
    run.until(since + 3000);
    expect(of(run, "interval").map(({ node, intervalMs }) => [node, intervalMs])).toEqual([
      [0, 20],
      [1, 20],
    ]);
    expect(atMs - since).toBeGreaterThanOrEqual(1200);
    expect(atMs - since).toBeLessThanOrEqual(1600);
    const stock = new Run({ radios: radiosOf(NRF, NRF).map((radio) => ({ ...radio, natives: {} })) });
    stock.feed({ type: "parameters", node: 0, link: stock.link(0, 1, {}), intervalMs: 50, supervisionMs: 4000 });
    expect(ignored(stock)).toEqual(["noNative"]);
  });

  it("breaks behind a wall of forty decibels and twenty metres, and survives the wall alone", () => {
    const run = new Run({ radios: radiosOf(NRF, NRF), room: { exponent: 2.4, shadowDb: 0, walls: [] } });
    run.link(0, 1, {});
    run.feed({ type: "walls", walls: [{ from: { x: 0.5, y: -1 }, to: { x: 0.5, y: 1 }, lossDb: 40 }] });
    run.until(run.now + 2000);
    expect(of(run, "disconnected")).toEqual([]);
    run.feed({ type: "move", node: 1, to: { x: 20, y: 0 } });
    run.until(run.now + 2000);
    expect(of(run, "disconnected").map(({ reason }) => reason)).toEqual(["supervision", "supervision"]);
  });

  it("loses to a busy Wi-Fi channel what a map without those channels keeps", () => {
    const wifi = [{ firstChannel: 0, lastChannel: 9, duty: 0.9 }];
    const clear = Array.from({ length: 27 }, (_, place) => place + 10);
    const heard = [undefined, clear].map((channels) => {
      const run = new Run({ radios: radiosOf(FREE, FREE), wifi, ...(channels === undefined ? {} : { channels }) });
      const link = run.link(0, 1, { intervalMs: 10, supervisionMs: 4000 });
      const until = run.now + 10_000;
      run.until(until, () => {
        if (queuedAt(run.air, 0, link) === 0 && run.now < until)
          run.feed({ type: "value", node: 0, link, bytes: ADVERT });
      });
      return of(run, "value").length;
    });
    expect(heard[0]! / heard[1]!).toBeGreaterThan(0.6);
    expect(heard[0]! / heard[1]!).toBeLessThan(0.9);
  });

  it("whose events meet those of another on one radio takes turns with it", () => {
    const run = new Run({ radios: radiosOf(FREE, FREE, FREE) });
    const ids = [run.link(0, 1, { intervalMs: 20 }), run.link(1, 2, { intervalMs: 20 })];
    const [first, second] = run.air.links;
    // The radio in the middle is a server at the one and a client at the other: their clocks may drift anywhere.
    second!.nextEventUs = first!.nextEventUs + 500;
    const until = run.now + 10_000;
    run.until(until, () => {
      for (const node of [0, 1]) {
        if (run.now < until && queuedAt(run.air, node, ids[node]!) < 4)
          run.feed({ type: "value", node, link: ids[node]!, bytes: new Uint8Array(244) });
      }
    });
    expect(of(run, "disconnected")).toEqual([]);
    const counts = [1, 2].map((node) => of(run, "value").filter((effect) => effect.node === node).length);
    expect(Math.min(...counts) / Math.max(...counts)).toBeGreaterThan(0.1);
  });

  it("that has too short a slot for both ends' packets lets them take turns", () => {
    const run = new Run({ radios: radiosOf(FREE, { ...FREE, eventMs: 3 }) });
    const link = run.link(0, 1, { intervalMs: 20 });
    const until = run.now + 2000;
    run.until(until, () => {
      for (const node of [0, 1]) {
        if (run.now < until && queuedAt(run.air, node, link) < 4)
          run.feed({ type: "value", node, link, bytes: new Uint8Array(244) });
      }
    });
    for (const node of [0, 1]) {
      const heard = of(run, "value").filter((effect) => effect.node === node).length;
      expect(heard).toBeGreaterThanOrEqual(48);
      expect(heard).toBeLessThanOrEqual(52);
    }
  });

  it("loses a little to strangers' links, which meet it on one channel of 37", () => {
    const alone = busy(1);
    const among = busy(4);
    // Each of three others is on the air all the time: 1 - (1 - 2/37)^3 of all events are hit, and cut short.
    expect(among / alone).toBeGreaterThan(1 - (1 - (1 - 2 / 37) ** 3));
    expect(among / alone).toBeLessThan(0.98);
  });

  function busy(pairs: number): number {
    const run = new Run({ radios: radiosOf(...Array.from({ length: 2 * pairs }, () => FREE)) });
    const ids = Array.from({ length: pairs }, (_, pair) => run.link(2 * pair, 2 * pair + 1, { intervalMs: 20 }));
    const until = run.now + 4000;
    run.until(until, () => {
      ids.forEach((link, pair) => {
        while (run.now < until && queuedAt(run.air, 2 * pair, link) < 8)
          run.feed({ type: "value", node: 2 * pair, link, bytes: new Uint8Array(244) });
      });
    });
    return of(run, "value").length / pairs;
  }

  it("that is idle on clean air costs nothing and is there when needed", () => {
    const run = pairOf(NRF, NRF);
    const link = run.link(0, 1, { intervalMs: 30 });
    expect(nextDeadline(run.air)).toBeUndefined();
    run.until(3_600_000);
    expect(of(run, "disconnected")).toEqual([]);
    const since = run.now;
    let atMs = 0;
    run.each.push((effect, now) => {
      if (effect.type === "value") atMs = now;
    });
    run.feed({ type: "value", node: 1, link, bytes: ADVERT });
    run.until(since + 100);
    expect(atMs).toBeGreaterThan(since);
    expect(atMs - since).toBeLessThan(31);
  });
});
