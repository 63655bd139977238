import { serialize } from "node:v8";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode } from "../../../protocol/bytes/codec.ts";
import { LINK_BYTES_MAX, REASSEMBLY_SIZE_MAX } from "../../../protocol/core/limits.ts";
import type { PacketClass } from "../../../protocol/core/packet-class.ts";
import { linkGeneration, millis } from "../../../protocol/core/units.ts";
import type { OutboxEffect, OutboxEvent } from "../../../protocol/packet/events.ts";
import { Fragment } from "../../../protocol/packet/fragment.ts";
import { nextDeadline, outbox, step } from "../../../protocol/packet/outbox.ts";
import { GENERATION } from "./air.ts";
import { linked, STATES } from "./linked.ts";

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
