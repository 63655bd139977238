import { serialize } from "node:v8";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode } from "../../../protocol/bytes/codec.ts";
import {
  AIR_QUEUE_LENGTH_MAX,
  BUDGET_DEBT_MAX,
  LINK_BYTES_MAX,
  PACKET_KEPT_SIZE,
  RADIO_BYTES_MAX,
  RADIO_LINKS_MAX,
  REASSEMBLY_SHARE_MIN,
  REASSEMBLY_SIZE_MAX,
} from "../../../protocol/core/limits.ts";
import { CRITICAL, HIGH, LOW, NORMAL, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { linkGeneration, millis } from "../../../protocol/core/units.ts";
import type { OutboxEffect, OutboxEvent } from "../../../protocol/packet/events.ts";
import { Fragment } from "../../../protocol/packet/fragment.ts";
import { nextDeadline, type Outbox, outbox, step } from "../../../protocol/packet/outbox.ts";
import { keptSize } from "../../../protocol/packet/sender.ts";
import { POWER_RULES, type PowerState } from "../../../protocol/power/rules.ts";
import { Air, GENERATION, numbered } from "./air.ts";

const STATES: readonly PowerState[] = ["active", "powerSaver", "lowPower", "sleep"];

function linked(count = 1, stackQueue = 8): Outbox {
  const box = outbox(millis(0));
  for (let i = 1; i <= count; i++) {
    step(box, { type: "up", at: millis(0), generation: linkGeneration(i), mtu: 247, stackQueue, intervalMs: 20 }, []);
  }
  return box;
}

function submit(box: Outbox, packetClass: PacketClass, size: number, token: number, at = 0, link = 1): OutboxEffect[] {
  const effects: OutboxEffect[] = [];
  const generation = linkGeneration(link);
  step(
    box,
    { type: "submit", at: millis(at), generation, class: packetClass, bytes: numbered(token, size), token },
    effects,
  );
  return effects;
}

describe("what a power state lets pass", () => {
  test("Active and PowerSaver all, LowPower all but Low, Sleep only Critical [J01] [J02] [J03] [J04]", () => {
    const passed = STATES.map((state) => {
      const box = linked();
      step(box, { type: "power", at: millis(0), state }, []);
      return ([CRITICAL, HIGH, NORMAL, LOW] as const).map((packetClass) => {
        const [first] = submit(box, packetClass, 20, packetClass).filter((effect) => effect.type === "refused");
        return first?.type === "refused" ? first.why : "accepted";
      });
    });
    expect(passed).toEqual([
      ["accepted", "accepted", "accepted", "accepted"],
      ["accepted", "accepted", "accepted", "accepted"],
      ["accepted", "accepted", "accepted", "power"],
      ["accepted", "asleep", "asleep", "asleep"],
    ]);
  });

  test("what waits and may no longer pass is dropped, what was begun is finished [J03] [J04]", () => {
    const air = new Air({ stackQueue: 1 });
    air.submit(0, HIGH, numbered(0, 500), 0);
    for (const packetClass of [HIGH, NORMAL, LOW, CRITICAL] as const) {
      air.submit(0, packetClass, numbered(packetClass + 1, 500), packetClass + 1);
    }
    air.feed(0, { type: "power", state: "lowPower" });
    expect([...air.ends[0].outcomes]).toEqual([[LOW + 1, [{ type: "dropped", why: "power" }]]]);
    air.feed(0, { type: "power", state: "sleep" });
    air.run(10_000);
    const outcome = (token: number) => air.ends[0].outcomes.get(token)?.[0];
    expect(outcome(0)).toEqual({ type: "sent" });
    expect(outcome(CRITICAL + 1)).toEqual({ type: "sent" });
    expect(outcome(NORMAL + 1)).toEqual({ type: "dropped", why: "power" });
    expect(outcome(LOW + 1)).toEqual({ type: "dropped", why: "power" });
  });

  test("fragments are no longer than the state allows [J01] [J02] [J03] [J04]", () => {
    for (const [state, sizeMax] of [
      ["active", 244],
      ["powerSaver", 200],
      ["lowPower", 150],
      ["sleep", 100],
    ] as const) {
      const air = new Air();
      air.feed(0, { type: "power", state });
      air.submit(0, CRITICAL, numbered(0, 2000), 0);
      air.run(20_000);
      air.submit(0, CRITICAL, numbered(1, sizeMax - 5), 1);
      air.submit(0, CRITICAL, numbered(2, sizeMax - 4), 2);
      air.run(40_000);
      expect(Math.max(...air.ends[0].transmitted.map(({ bytes }) => bytes.length))).toBe(sizeMax);
      expect(air.ends[0].transmitted.filter(({ bytes }) => bytes[0] === 1).length).toBe(1);
      expect(air.ends[1].deliveries.length).toBe(3);
    }
  });

  test("one flush an interval of the state, and a vote leaves at once in every state [I07] [J01] [J02] [J03] [J04]", () => {
    for (const state of STATES) {
      const { intervalMs } = POWER_RULES[state];
      const air = new Air({ stackQueue: 8, delayMs: 1 });
      air.feed(0, { type: "power", state });
      if (state !== "sleep") {
        for (let token = 100; token < 110; token++) air.submit(0, NORMAL, numbered(token, 150), token);
        air.run(20 * intervalMs);
        const flushes = new Set(air.ends[0].transmitted.filter(({ bytes }) => bytes[0] <= 2).map(({ at }) => at));
        const times = [...flushes];
        for (let i = 1; i < times.length; i++) expect(times[i] - times[i - 1]).toBeGreaterThanOrEqual(intervalMs);
      }
      const later = 20 * intervalMs + 7;
      air.run(later);
      air.submit(0, CRITICAL, numbered(1, 80), 1);
      expect(air.ends[0].transmitted[air.ends[0].transmitted.length - 1].at).toBe(later);
    }
  });
});

describe("bounds", () => {
  test("a queue takes so many packets, a link so many bytes, and a flood of others never refuses a vote", () => {
    const box = linked(1, 1);
    const why = (effects: OutboxEffect[]) =>
      effects.flatMap((effect) => (effect.type === "refused" ? [effect.why] : []));
    let token = 0;
    // One is begun and leaves its queue.
    for (let i = 0; i < AIR_QUEUE_LENGTH_MAX + 1; i++) expect(why(submit(box, LOW, 10, token++))).toEqual([]);
    expect(why(submit(box, LOW, 10, token++))).toEqual(["full"]);
    while (why(submit(box, NORMAL, 1024, token++)).length === 0);
    expect(box.flows[0].sender.bytes).toBeLessThanOrEqual(LINK_BYTES_MAX);
    expect(why(submit(box, HIGH, 4096, token++))).toEqual(["full"]);
    expect(why(submit(box, CRITICAL, 4096, token++))).toEqual([]);
    expect(why(submit(box, CRITICAL, 0, token++))).toEqual(["size"]);
    expect(why(submit(box, CRITICAL, 4097, token++))).toEqual(["size"]);
  });

  test("all links of a radio share its memory", () => {
    const box = linked(RADIO_LINKS_MAX + 1);
    expect(box.flows.length).toBe(RADIO_LINKS_MAX);
    for (let token = 0; token < 100; token++) submit(box, HIGH, 1000, token, 0, 1 + (token % RADIO_LINKS_MAX));
    const kept = box.flows.reduce((sum, link) => sum + keptSize(link.sender), 0);
    expect(kept).toBeLessThanOrEqual(RADIO_BYTES_MAX - 4096);
    expect(kept).toBeGreaterThan(RADIO_BYTES_MAX - 4096 - 2 * 1320);
  });

  test("of a thousand packets of a byte, a radio keeps no more than of long ones", () => {
    const box = linked(RADIO_LINKS_MAX);
    for (let token = 0; token < 1000; token++) submit(box, HIGH, 1, token, 0, 1 + (token % RADIO_LINKS_MAX));
    const count = box.flows.reduce((sum, link) => sum + link.sender.begun.length + link.sender.waiting[HIGH].length, 0);
    expect(count).toBeGreaterThan(20);
    expect(count * PACKET_KEPT_SIZE).toBeLessThan(RADIO_BYTES_MAX);
  });

  test("links share the room for what is put together, and each has its part for sure", () => {
    const room = (links: number) => outbox(millis(0), "active", 1000, links).reassemblySizeMax;
    expect(room(1)).toBe(REASSEMBLY_SIZE_MAX);
    expect(room(2)).toBe(REASSEMBLY_SIZE_MAX / 2);
    expect(room(RADIO_LINKS_MAX)).toBe(REASSEMBLY_SHARE_MIN);
    const box = outbox(millis(0), "active", 1000, 2);
    step(box, { type: "up", at: millis(0), generation: GENERATION, mtu: 247, stackQueue: 4, intervalMs: 20 }, []);
    expect(box.flows[0].receiver.reassembler.sizeMax).toBe(room(2));
  });

  test("among equals, links take turns [I07]", () => {
    const box = linked(3, 1);
    const order: number[] = [];
    const expected = [0, 0, 0, 0];
    const acknowledge = (effects: OutboxEffect[], at: number): void => {
      for (const effect of effects) {
        if (effect.type !== "transmit" || effect.bytes[0] !== 1) continue;
        order.push(effect.generation);
        expected[effect.generation] += 1;
        const bytes = encode(Fragment, { type: "ack", expected: expected[effect.generation], seen: 0 });
        step(box, { type: "received", at: millis(at), generation: effect.generation, bytes }, []);
      }
    };
    for (let i = 0; i < 4; i++) {
      for (let link = 1; link <= 3; link++) acknowledge(submit(box, NORMAL, 50, link * 10 + i, 0, link), 0);
    }
    for (let at = 5; at <= 80; at += 5) {
      const effects: OutboxEffect[] = [];
      step(box, { type: "tick", at: millis(at) }, effects);
      acknowledge(effects, at);
    }
    expect(order).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
  });
});

describe("the budget", () => {
  /** The most bytes that left in any span of so many milliseconds. */
  function most(sent: readonly { at: number; bytes: Uint8Array }[], spanMs: number): number {
    let best = 0;
    for (let from = 0; from < sent.length; from++) {
      let sum = 0;
      for (let i = from; i < sent.length && sent[i].at < sent[from].at + spanMs; i++) sum += sent[i].bytes.length;
      best = Math.max(best, sum);
    }
    return best;
  }

  function saturate(packetClass: PacketClass, bytesPerSecond: number): Air {
    const air = new Air({ stackQueue: 8, intervalMs: 7.5, delayMs: 1, takeMs: 0, bytesPerSecond });
    let token = 0;
    const fill = (): void => {
      while (air.ends[0].outbox.flows[0].sender.waiting[packetClass].length < 10) {
        air.submit(0, packetClass, numbered(token++, 235), token);
      }
      if (air.now < 10_000) air.at(air.now + 5, fill);
    };
    fill();
    air.run(10_000);
    return air;
  }

  test("no span carries more than the bandwidth times its length and one interval's burst [I04]", () => {
    for (const bytesPerSecond of [5_000, 20_000, 50_000]) {
      const { transmitted } = saturate(NORMAL, bytesPerSecond).ends[0];
      const burst = Math.max(244, (bytesPerSecond * 20) / 1000) + 244;
      for (const spanMs of [20, 50, 100, 200, 1000, 5000]) {
        expect(most(transmitted, spanMs)).toBeLessThanOrEqual((bytesPerSecond * spanMs) / 1000 + burst);
      }
      const total = transmitted.reduce((sum, { bytes }) => sum + bytes.length, 0);
      expect(total).toBeGreaterThan(bytesPerSecond * 10 * 0.8);
    }
  });

  test("votes borrow, but no more than they may [I04]", () => {
    const { transmitted } = saturate(CRITICAL, 5_000).ends[0];
    expect(most(transmitted, 1000)).toBeGreaterThan(5_000 + 2_000);
    expect(most(transmitted, 5000)).toBeLessThanOrEqual(25_000 + BUDGET_DEBT_MAX + 2 * 244);
    const air = new Air({ stackQueue: 8, bytesPerSecond: 2_000, delayMs: 1 });
    for (let token = 0; token < 10; token++) air.submit(0, HIGH, numbered(token, 235), token);
    air.run(300);
    air.submit(0, CRITICAL, numbered(77, 235), 77);
    expect(air.ends[0].transmitted[air.ends[0].transmitted.length - 1].at).toBe(300);
  });
});

describe("whatever happens", () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
  const u8 = fc.integer({ min: 0, max: 255 });
  const near = fc.integer({ min: 0, max: 12 });
  const header = { sequence: near, expected: fc.oneof(near, u8), seen: u8 };
  const size = fc.constantFrom(0, 1, 13, 100, 237);
  const payload = size.map((length) => new Uint8Array(length).fill(length));
  const packet = fc.record({ class: fc.integer({ min: 0, max: 3 }), order: fc.integer({ min: 0, max: 31 }) });
  const fragment: fc.Arbitrary<Fragment> = fc.oneof(
    fc.record({ type: fc.constant("whole" as const), ...header, packet, payload }),
    fc.record({
      type: fc.constant("part" as const),
      ...header,
      packet: fc.record({
        last: fc.integer({ min: 0, max: 1 }),
        class: fc.integer({ min: 0, max: 3 }),
        order: fc.integer({ min: 0, max: 3 }),
      }),
      index: fc.oneof(near, fc.integer({ min: 0, max: 315 })),
      payload,
    }),
    fc.record({ type: fc.constant("ack" as const), expected: near, seen: u8 }),
    fc.record({ type: fc.constant("ask" as const), expected: near, seen: u8 }),
    fc.record({ type: fc.constant("cancel" as const), ...header, packet }),
  );
  const wire = fc.oneof(
    { weight: 5, arbitrary: fragment.map((one) => encode(Fragment, one)) },
    { weight: 1, arbitrary: bytes },
  );
  const generation = fc.integer({ min: 1, max: 3 }).map(linkGeneration);
  const event = fc.oneof(
    fc.record({
      type: fc.constant("up" as const),
      generation,
      mtu: fc.integer({ min: 0, max: 600 }),
      stackQueue: fc.integer({ min: 0, max: 30 }),
      intervalMs: fc.constantFrom(7.5, 20, 200),
    }),
    fc.record({ type: fc.constant("down" as const), generation }),
    fc.record({ type: fc.constant("mtu" as const), generation, mtu: fc.integer({ min: 0, max: 600 }) }),
    fc.record({ type: fc.constant("interval" as const), generation, intervalMs: fc.constantFrom(7.5, 20, 200) }),
    fc.record({
      type: fc.constant("submit" as const),
      generation,
      class: fc.constantFrom<PacketClass>(0, 1, 2, 3),
      bytes: fc.integer({ min: 0, max: 5000 }).map((length) => new Uint8Array(length)),
    }),
    { weight: 8, arbitrary: fc.record({ type: fc.constant("received" as const), generation, bytes: wire }) },
    fc.record({ type: fc.constant("taken" as const), token: fc.integer({ min: 0, max: 20 }) }),
    fc.record({ type: fc.constant("power" as const), state: fc.constantFrom(...STATES) }),
    fc.record({ type: fc.constant("tick" as const) }),
  );

  test("every event in every state acts or is counted, deadlines lie ahead, every packet ends once", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 400 })), { maxLength: 120 }), (script) => {
        const box = outbox(millis(0));
        const open = new Set<number>();
        let token = 0;
        let at = 0;
        const feed = (one: OutboxEvent): void => {
          const effects: OutboxEffect[] = [];
          step(box, one, effects);
          for (const effect of effects) {
            if (effect.type === "settled") expect(open.delete(effect.token)).toBe(true);
            if (effect.type === "refused") expect(open.delete(effect.token)).toBe(true);
            if (effect.type === "transmit") expect(effect.bytes.length).toBeLessThanOrEqual(244);
          }
          const deadline = nextDeadline(box);
          if (deadline !== undefined) expect(deadline).toBeGreaterThan(box.now);
          for (const link of box.flows) {
            expect(link.receiver.reassembler.size).toBeLessThanOrEqual(REASSEMBLY_SIZE_MAX);
            expect(link.receiver.early.length + link.receiver.untaken.length).toBeLessThanOrEqual(8);
            expect(link.sender.bytes).toBeLessThanOrEqual(LINK_BYTES_MAX);
          }
        };
        for (const [one, afterMs] of script) {
          at += afterMs;
          for (let due = nextDeadline(box); due !== undefined && due < at; due = nextDeadline(box)) {
            feed({ type: "tick", at: due });
          }
          if (one.type === "submit") open.add(token);
          feed({ ...one, ...(one.type === "submit" ? { token: token++ } : {}), at: millis(at) } as OutboxEvent);
        }
        for (let i = 1; i <= 3; i++) feed({ type: "down", generation: linkGeneration(i), at: millis(at) });
        expect(open.size).toBe(0);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("a flood of fragments from a neighbour grows the state to its bound and no further [I02]", () => {
    const flood = fc.sample(wire, { seed: 3, numRuns: 20_000 });
    const box = linked(1, 4);
    let sizeMax = 0;
    for (let i = 0; i < flood.length; i++) {
      const effects: OutboxEffect[] = [];
      if (i % 300 === 299) {
        // It may well have stopped its own link for good.
        step(box, { type: "down", at: millis(i), generation: GENERATION }, effects);
        step(
          box,
          { type: "up", at: millis(i), generation: GENERATION, mtu: 247, stackQueue: 4, intervalMs: 20 },
          effects,
        );
      }
      // Near to what would be right, so that much of it gets past the window and the order.
      const bytes = flood[i];
      const { window, orders } = box.flows[0].receiver;
      if (bytes.length > 4 && (bytes[0] & 3) !== 3 && i % 3 > 0) {
        bytes[1] = window.expected + (bytes[1] % 10);
        const packetClass = (bytes[4] >> 5) & 3;
        bytes[4] = (bytes[4] & 0xe0) | ((orders[packetClass] + (i % 7 === 0 ? 1 : 0)) & 31);
      }
      step(box, { type: "received", at: millis(i), generation: GENERATION, bytes }, effects);
      if (i % 100 === 0) sizeMax = Math.max(sizeMax, serialize(box).length);
      // The host takes some of what is delivered, so that the window moves and new things come in.
      if (i % 50 === 0)
        for (const { token } of [...box.flows[0].receiver.untaken]) {
          step(box, { type: "taken", at: millis(i), token }, effects);
        }
    }
    expect(box.counters.delivered).toBeGreaterThan(20);
    expect(box.counters.contradictory + box.counters.outsideWindow + box.counters.outOfOrder).toBeGreaterThan(1_000);
    expect(box.counters.malformed).toBeGreaterThan(100);
    expect(sizeMax).toBeLessThan(REASSEMBLY_SIZE_MAX + 8_192);
  });
});
