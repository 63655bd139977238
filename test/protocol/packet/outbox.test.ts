import { describe, expect, test } from "vitest";
import { encode } from "../../../protocol/bytes/codec.ts";
import {
  AIR_QUEUE_LENGTH_MAX,
  LINK_BYTES_MAX,
  PACKET_KEPT_SIZE,
  RADIO_BYTES_MAX,
  RADIO_LINKS_MAX,
  REASSEMBLY_SHARE_MIN,
  REASSEMBLY_SIZE_MAX,
} from "../../../protocol/core/limits.ts";
import { CRITICAL, HIGH, LOW, NORMAL, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { linkGeneration, millis } from "../../../protocol/core/units.ts";
import type { OutboxEffect } from "../../../protocol/packet/events.ts";
import { Fragment } from "../../../protocol/packet/fragment.ts";
import { type Outbox, outbox, step } from "../../../protocol/packet/outbox.ts";
import { keptSize } from "../../../protocol/packet/sender.ts";
import { POWER_RULES } from "../../../protocol/power/rules.ts";
import { Air, GENERATION, numbered } from "./air.ts";
import { linked, STATES } from "./linked.ts";

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
