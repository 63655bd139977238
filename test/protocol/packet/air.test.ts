import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { CRITICAL, HIGH, NORMAL } from "../../../protocol/core/packet-class.ts";
import type { OutboxEvent } from "../../../protocol/packet/events.ts";
import { step } from "../../../protocol/packet/outbox.ts";
import { Air, type AirOptions, numbered, numberOf } from "./air.ts";

interface Sent {
  readonly class: PacketClass;
  readonly size: number;
}

/** What must hold of one direction once everything is settled. */
function check(air: Air, from: number, sent: readonly Sent[]): { sentCount: number; failedCount: number } {
  const { outcomes, refused } = air.ends[from];
  const { deliveries } = air.ends[1 - from];
  const times = new Array<number>(sent.length).fill(0);
  const latest = [-1, -1, -1, -1];
  for (const delivery of deliveries) {
    const number = numberOf(delivery.bytes);
    expect(delivery.class).toBe(sent[number].class);
    expect(Buffer.compare(delivery.bytes, numbered(number, sent[number].size))).toBe(0);
    expect(number).toBeGreaterThan(latest[delivery.class]);
    latest[delivery.class] = number;
    times[number] += 1;
  }
  let sentCount = 0;
  let failedCount = 0;
  for (let number = 0; number < sent.length; number++) {
    const outcome = outcomes.get(number) ?? [];
    if (refused.has(number)) {
      expect(outcome).toEqual([]);
      expect(times[number]).toBe(0);
      continue;
    }
    expect(outcome.length).toBe(1);
    expect(times[number]).toBeLessThanOrEqual(1);
    if (outcome[0].type === "sent") {
      expect(times[number]).toBe(1);
      sentCount += 1;
    } else {
      // What is called dropped never comes; of what is unknown nobody can say.
      if (outcome[0].type === "dropped") expect(times[number]).toBe(0);
      failedCount += 1;
    }
  }
  return { sentCount, failedCount };
}

describe("two flows over the air", () => {
  test("every accepted packet is delivered once and in the order of its class, or reported as dropped or unknown", () => {
    const options = fc.record({
      seed: fc.integer({ min: 1, max: 1e6 }),
      loss: fc.constantFrom(0, 0.05, 0.2, 0.5),
      doubled: fc.constantFrom(0, 0.2),
      delayMs: fc.integer({ min: 1, max: 60 }),
      jitterMs: fc.constantFrom(0, 5, 80),
      mtu: fc.constantFrom(23, 24, 64, 131, 185, 247),
      stackQueue: fc.integer({ min: 1, max: 8 }),
      intervalMs: fc.constantFrom(7.5, 20, 50),
      takeMs: fc.constantFrom(0, 3, 200),
    });
    const packet = fc.record({
      class: fc.constantFrom<PacketClass>(0, 1, 2, 3),
      size: fc.oneof(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 2, max: 4096 })),
      at: fc.integer({ min: 0, max: 3000 }),
    });
    fc.assert(
      fc.property(
        options,
        fc.array(packet, { maxLength: 24 }),
        fc.array(packet, { maxLength: 12 }),
        (how, there, back) => {
          const air = new Air(how);
          const sides = [there, back].map((list) => [...list].sort((a, b) => a.at - b.at));
          sides.forEach((list, side) => {
            list.forEach((one, number) => {
              air.at(one.at, () => air.submit(side, one.class, numbered(number, one.size), number));
            });
          });
          air.run(400_000);
          check(air, 0, sides[0]);
          check(air, 1, sides[1]);
          // Nothing is left behind on either side.
          for (const end of air.ends) {
            const [link] = end.outbox.flows;
            expect(link.receiver.reassembler.size).toBe(0);
            expect(link.sender.bytes).toBe(0);
            expect(link.sender.window.flights).toEqual([]);
          }
        },
      ),
      { seed: 1, numRuns: 150 },
    );
  });

  /** Sixteen packets of 4096 B, two at a time; what is dropped is submitted again. */
  function transfer(options: AirOptions): { air: Air; elapsedMs: number } {
    const air = new Air(options);
    const todo = [...new Array(16).keys()];
    const open = new Map<number, number>();
    let token = 0;
    let elapsedMs = 0;
    const feed = (): void => {
      for (const [one, number] of open) {
        const outcome = air.ends[0].outcomes.get(one);
        if (outcome === undefined) continue;
        open.delete(one);
        if (outcome[0].type !== "sent") todo.push(number);
      }
      while (open.size < 2 && todo.length > 0) {
        const number = todo.shift() as number;
        open.set(token, number);
        air.submit(0, HIGH, numbered(number, 4096), token);
        token += 1;
      }
      if (open.size === 0) elapsedMs = air.now;
      else air.at(air.now + 10, feed);
    };
    feed();
    air.run(300_000);
    const arrived = new Set(air.ends[1].deliveries.map(({ bytes }) => numberOf(bytes)));
    expect(arrived.size).toBe(16);
    return { air, elapsedMs };
  }

  test("64 KiB cross an air that loses one fragment in ten [I02]", () => {
    for (const stackQueue of [1, 4, 8]) {
      const { air, elapsedMs } = transfer({ loss: 0.1, stackQueue });
      expect(air.ends[0].outbox.counters.repeated).toBeGreaterThan(10);
      expect(elapsedMs).toBeLessThan(120_000);
    }
  });

  test("short packets in two fragments follow each other before the first has arrived, and a few at most", () => {
    const pieces = (bytes: Uint8Array) => bytes[0] === 2;
    for (const [size, most] of [
      [400, 3],
      [1000, 1],
    ] as const) {
      const air = new Air({ delayMs: 40 });
      for (let number = 0; number < 8; number++) air.submit(0, HIGH, numbered(number, size), number);
      let ahead = 0;
      for (let at = 0; at < 20_000; at += 5) {
        air.run(at);
        const { flights } = air.ends[0].outbox.flows[0].sender.window;
        const open = new Set(flights.filter(({ arrived }) => !arrived).map(({ packet }) => packet.token));
        ahead = Math.max(ahead, open.size);
      }
      expect(air.ends[0].transmitted.some(({ bytes }) => pieces(bytes))).toBe(true);
      expect(ahead, `${size} B`).toBe(most);
      expect(air.ends[1].deliveries.map(({ bytes }) => numberOf(bytes))).toEqual([...Array(8).keys()]);
    }
  });

  test("a fragment is tried four times with doubling waits, then its packet ends and the link goes on [I06]", () => {
    const air = new Air({ delayMs: 5 });
    air.dead = true;
    air.submit(0, HIGH, numbered(0, 50), 0);
    air.run(4_000);
    expect(air.ends[0].outcomes.get(0)).toEqual([{ type: "unknown" }]);
    const whole = air.ends[0].transmitted.filter(({ bytes }) => bytes[0] === 1).map(({ at }) => at);
    expect(whole.length).toBe(4);
    const waits = whole.slice(1).map((at, i) => at - whole[i]);
    for (let i = 0; i < waits.length; i++) expect(waits[i]).toBeGreaterThanOrEqual(100 * 2 ** i);
    for (let i = 1; i < waits.length; i++) expect(waits[i]).toBeGreaterThan(waits[i - 1]);
    air.dead = false;
    air.submit(0, HIGH, numbered(1, 50), 1);
    air.run(10_000);
    expect(air.ends[0].outcomes.get(1)).toEqual([{ type: "sent" }]);
    expect(air.ends[1].deliveries.map(({ bytes }) => numberOf(bytes))).toEqual([1]);
  });

  test("a packet ends after five seconds in which nothing more of it arrived anywhere [I06]", () => {
    const air = new Air({ takeMs: 60_000, delayMs: 5 });
    air.submit(0, HIGH, numbered(0, 100), 0);
    air.run(5_000);
    expect(air.ends[0].outcomes.size).toBe(0);
    air.run(5_100);
    expect(air.ends[0].outcomes.get(0)).toEqual([{ type: "unknown" }]);
    // The neighbour is asked now and then, so that the link goes on once its host does.
    air.submit(0, HIGH, numbered(1, 100), 1);
    air.run(70_000);
    expect(air.ends[1].deliveries.length).toBe(2);
    expect(air.ends[0].outbox.flows[0].sender.window.flights.length).toBe(0);
    expect(air.ends[0].transmitted.length).toBeLessThan(70);
  });

  test("nothing waits for ever for a silent neighbour, which is reported once", () => {
    const air = new Air();
    air.dead = true;
    for (let number = 0; number < 8; number++) air.submit(0, NORMAL, numbered(number, 900), number);
    air.run(35_000);
    expect(air.ends[0].outcomes.size).toBe(8);
    expect(air.ends[0].unresponsive).toBe(1);
    expect(air.ends[0].outbox.flows[0].sender.bytes).toBe(0);
  });

  test("a packet is sent when the neighbour's host has it, not before", () => {
    const air = new Air({ takeMs: 1_500, delayMs: 5 });
    air.submit(0, CRITICAL, numbered(0, 100), 0);
    air.run(1_400);
    expect(air.ends[1].deliveries.length).toBe(1);
    expect(air.ends[0].outcomes.size).toBe(0);
    // That it arrived is known: nothing is repeated meanwhile.
    expect(air.ends[0].outbox.counters.repeated).toBe(0);
    air.run(1_600);
    expect(air.ends[0].outcomes.get(0)).toEqual([{ type: "sent" }]);
  });

  test("a lost link settles everything: begun packets as unknown, the others as dropped", () => {
    const air = new Air({ stackQueue: 1 });
    for (let number = 0; number < 6; number++) air.submit(0, NORMAL, numbered(number, 1000), number);
    air.run(5);
    air.feed(0, { type: "down", generation: 1 as never });
    expect(air.ends[0].outcomes.get(0)).toEqual([{ type: "unknown" }]);
    for (let number = 1; number < 6; number++) {
      expect(air.ends[0].outcomes.get(number)).toEqual([{ type: "dropped", why: "link lost" }]);
    }
    air.submit(0, NORMAL, numbered(7, 10), 7);
    expect(air.ends[0].refused.get(7)).toBe("no such link");
  });

  test("the window opens by one for each clean round and halves on loss", () => {
    const air = new Air({ stackQueue: 8 });
    for (let number = 0; number < 3; number++) air.submit(0, HIGH, numbered(number, 4096), number);
    const { window } = air.ends[0].outbox.flows[0].sender;
    expect(window.size).toBe(1);
    air.run(1_500);
    expect(window.size).toBe(8);
    air.dead = true;
    air.submit(0, HIGH, numbered(3, 4000), 3);
    air.run(1_900);
    expect(window.size).toBeLessThanOrEqual(4);
  });

  test("a stack that queues one value is given one in nearly every interval, and acknowledges with them", () => {
    const intervalMs = 50;
    const air = new Air({ stackQueue: 1, intervalMs, delayMs: 40 });
    for (let number = 0; number < 16; number++) {
      for (const side of [0, 1]) air.submit(side, HIGH, numbered(number, 100), number);
    }
    air.run(5_000);
    for (const { deliveries, transmitted } of air.ends) {
      expect(deliveries).toHaveLength(16);
      expect(deliveries[15].at).toBeLessThan(20 * intervalMs);
      // Only what comes last has nothing to ride on.
      expect(transmitted.length).toBeLessThan(16 + 4);
    }
  });
});

test("the state is all there is: a copy of it goes on as the original does", () => {
  const air = new Air({ loss: 0.2, seed: 3 });
  for (let number = 0; number < 8; number++) {
    air.submit(0, (number % 4) as PacketClass, numbered(number, 700), number);
    air.submit(1, (number % 4) as PacketClass, numbered(number, 700), number);
  }
  air.run(150);
  const copies = air.ends.map((end) => structuredClone(end.outbox));
  const heard: OutboxEvent[][] = [[], []];
  air.listener = (side, event) => heard[side].push(event);
  air.run(30_000);
  for (const side of [0, 1]) {
    for (const event of heard[side]) step(copies[side], event, []);
    expect(heard[side].length).toBeGreaterThan(10);
    expect(copies[side]).toEqual(air.ends[side].outbox);
  }
});
