import { describe, expect, test } from "vitest";
import { CRITICAL, HIGH, LOW, NORMAL } from "../../../protocol/core/packet-class.ts";
import { Air, numbered, numberOf } from "./air.ts";

describe("priority", () => {
  test("a vote overtakes a transfer between two of its fragments [H04] [I07]", () => {
    for (const stackQueue of [1, 8]) {
      const air = new Air({ stackQueue });
      air.submit(0, LOW, numbered(0, 4096), 0);
      air.submit(0, NORMAL, numbered(1, 4096), 1);
      air.submit(0, HIGH, numbered(2, 1000), 2);
      air.run(50);
      air.submit(0, CRITICAL, numbered(3, 110), 3);
      air.run(60_000);
      const order = air.ends[1].deliveries.map(({ bytes }) => numberOf(bytes));
      expect(order.indexOf(3)).toBeLessThan(order.indexOf(1));
      expect(order.indexOf(3)).toBeLessThan(order.indexOf(0));
      expect(order.indexOf(2)).toBeLessThan(order.indexOf(1));
      expect(order.indexOf(1)).toBeLessThan(order.indexOf(0));
      expect(air.ends[1].deliveries[order.indexOf(3)].at).toBeLessThan(150);
    }
  });

  test("under saturation by votes a heartbeat passes every 15 s, and no vote waits long for it [H04] [I07]", () => {
    for (const options of [{ stackQueue: 1 }, { stackQueue: 8 }, { stackQueue: 2, loss: 0.05 }]) {
      const air = new Air(options);
      const votes: number[] = [];
      let number = 0;
      const vote = (): void => {
        // As many as are taken: the queue is never empty.
        while (air.ends[0].outbox.flows[0].sender.waiting[CRITICAL].length < 4) {
          votes[number] = air.now;
          air.submit(0, CRITICAL, numbered(number, 110), number);
          number += 1;
        }
        if (air.now < 120_000) air.at(air.now + 10, vote);
      };
      let heartbeat = 40_000;
      const beat = (): void => {
        air.submit(0, LOW, numbered(heartbeat, 60), heartbeat);
        heartbeat += 1;
        if (air.now < 120_000) air.at(air.now + 5_000, beat);
      };
      vote();
      beat();
      air.run(130_000);
      const { deliveries } = air.ends[1];
      const heard = deliveries.filter((one) => one.class === LOW).map(({ at }) => at);
      expect(heard.length).toBeGreaterThan(8);
      for (let i = 1; i < heard.length; i++) expect(heard[i] - heard[i - 1]).toBeLessThanOrEqual(15_000);
      expect(heard[0]).toBeLessThanOrEqual(15_000);
      const waits = deliveries
        .filter((one) => one.class === CRITICAL)
        .map((one) => one.at - votes[numberOf(one.bytes)]);
      expect(waits.length).toBeGreaterThan(1000);
      waits.sort((a, b) => a - b);
      // Four votes wait in the queue at any time; each round trip carries a window of them.
      const bound = options.stackQueue === 1 ? 400 : 250;
      expect(waits[waits.length >> 1]).toBeLessThan(bound);
      if (options.loss === undefined) expect(waits[waits.length - 1]).toBeLessThan(2 * bound);
    }
  });

  test("a heartbeat in two parts gets through the same saturation, one part at a time [H04]", () => {
    const air = new Air({ stackQueue: 2 });
    let number = 0;
    const vote = (): void => {
      while (air.ends[0].outbox.flows[0].sender.waiting[CRITICAL].length < 4) {
        air.submit(0, CRITICAL, numbered(number, 110), number++);
      }
      if (air.now < 20_000) air.at(air.now + 10, vote);
    };
    vote();
    air.submit(0, LOW, numbered(40_000, 300), 40_000);
    air.run(20_000);
    expect(air.ends[0].outcomes.get(40_000)).toEqual([{ type: "sent" }]);
    const { at } = air.ends[1].deliveries.filter((one) => one.class === LOW)[0];
    expect(at).toBeGreaterThan(10_000);
    expect(at).toBeLessThan(15_000);
  });

  test("on a link so slow that every class starves, seven fragments in eight are still votes [H04]", () => {
    const air = new Air({ stackQueue: 1, intervalMs: 500, delayMs: 100 });
    let number = 0;
    const fill = (): void => {
      for (const packetClass of [CRITICAL, HIGH, NORMAL, LOW] as const) {
        while (air.ends[0].outbox.flows[0].sender.waiting[packetClass].length < 3) {
          air.submit(0, packetClass, numbered(number++, 200), number);
        }
      }
      if (air.now < 120_000) air.at(air.now + 100, fill);
    };
    fill();
    air.run(120_000);
    const { deliveries } = air.ends[1];
    const others = deliveries.flatMap((one, index) => (one.class === CRITICAL ? [] : [index]));
    expect(others.length).toBeGreaterThan(10);
    for (let i = 1; i < others.length; i++) expect(others[i] - others[i - 1]).toBeGreaterThanOrEqual(8);
  });

  test("one rescue in eight fragments at most, however many classes starve [H04]", () => {
    const air = new Air({ stackQueue: 8 });
    let number = 0;
    const fill = (): void => {
      for (const packetClass of [CRITICAL, HIGH, NORMAL, LOW] as const) {
        while (air.ends[0].outbox.flows[0].sender.waiting[packetClass].length < 4) {
          air.submit(0, packetClass, numbered(number++, 200), number);
        }
      }
      if (air.now < 60_000) air.at(air.now + 10, fill);
    };
    fill();
    air.run(60_000);
    const { rescued, transmitted } = air.ends[0].outbox.counters;
    expect(rescued).toBeGreaterThan(20);
    expect(rescued * 8).toBeLessThanOrEqual(transmitted);
    const classes = air.ends[1].deliveries.map((one) => one.class);
    for (const packetClass of [HIGH, NORMAL, LOW]) {
      const times = air.ends[1].deliveries.filter((one) => one.class === packetClass).map(({ at }) => at);
      for (let i = 1; i < times.length; i++) expect(times[i] - times[i - 1]).toBeLessThan(15_000);
    }
    expect(classes.filter((packetClass) => packetClass === CRITICAL).length / classes.length).toBeGreaterThan(0.85);
  });
});
