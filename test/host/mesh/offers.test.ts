import { describe, expect, test } from "vitest";
import type { MeshEffect, MeshEvent } from "../../../host/mesh/events.ts";
import { HopPacket } from "../../../host/mesh/hop-packet.ts";
import { KEPT_MS, OFFER_LENGTH_MAX } from "../../../host/mesh/limits.ts";
import { step } from "../../../host/mesh/mesh.ts";
import { mesh } from "../../../host/mesh/state.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { CRITICAL, HIGH, NORMAL } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import { digestOf, type Letter, nameOf, ports, seal } from "./letters.ts";
import { at, CALM, connect, disconnect, runUntil, say, type World, world } from "./world.ts";

const MINUTE = 60_000;

function away(ms: number, count: number): { readonly made: World; readonly keys: readonly string[] } {
  const made = world(4, 1);
  for (const [left, right] of [
    [0, 1],
    [1, 2],
    [2, 3],
  ])
    connect(made, left, right);
  runUntil(made, 12_000);
  disconnect(made, made.wires[2]);
  const keys: string[] = [];
  for (let i = 0; i < count; i++) {
    at(made, 12_100 + (i * 1000) / 10, () => keys.push(say(made, i % 3, ([CRITICAL, HIGH, NORMAL] as const)[i % 3])));
  }
  runUntil(made, 12_000 + ms);
  return { made, keys };
}

describe("who was away", () => {
  test("for five minutes is given what was said meanwhile, from whomever it finds again [I14]", () => {
    for (const by of [2, 0]) {
      const { made, keys } = away(5 * MINUTE, 200);
      connect(made, by, 3);
      runUntil(made, 12_000 + 5 * MINUTE + 15_000);
      const { heard } = made.kiosks[3];
      expect(keys.filter((key) => heard.has(key))).toHaveLength(200);
      expect(made.wrongs).toEqual([]);
      expect(made.repeated).toBe(0);
    }
  });

  test("for longer is given what is kept, and nothing older is kept [I14]", () => {
    const { made, keys } = away(10 * MINUTE, 10);
    connect(made, 2, 3);
    runUntil(made, 11 * MINUTE);
    expect(keys.filter((key) => made.kiosks[3].heard.has(key))).toEqual([]);
    expect(KEPT_MS).toBeGreaterThan(5 * MINUTE);
    for (const { mesh } of made.kiosks) expect(mesh.held.size).toBeLessThan(20);
  });

  test("gets more than one offer names, in several [I14]", () => {
    const { made, keys } = away(MINUTE, 3 * OFFER_LENGTH_MAX);
    connect(made, 2, 3);
    runUntil(made, 12_000 + MINUTE + 20_000);
    expect(keys.filter((key) => made.kiosks[3].heard.has(key))).toHaveLength(3 * OFFER_LENGTH_MAX);
  });
});

describe("what the air loses", () => {
  test("is made good on the same link, and crosses it once", () => {
    for (const unknownShare of [0, 0.5, 1]) {
      const made = world(2, 3, { ...CALM, lossShare: 0.3, burstMs: 300, unknownShare });
      connect(made, 0, 1);
      runUntil(made, 6_000);
      const keys = [...Array(40).keys()].map(() => say(made, 0));
      runUntil(made, 40_000);
      expect(keys.filter((key) => made.kiosks[1].heard.has(key))).toHaveLength(40);
      expect(made.repeated).toBe(0);
      expect(made.wrongs).toEqual([]);
    }
  });

  test("with a link that breaks, comes with the next link", () => {
    const made = world(2, 3);
    const wire = connect(made, 0, 1);
    runUntil(made, 6_000);
    const keys = [...Array(20).keys()].map(() => say(made, 0));
    disconnect(made, wire);
    connect(made, 0, 1);
    runUntil(made, 12_000);
    expect(keys.filter((key) => made.kiosks[1].heard.has(key))).toHaveLength(20);
  });
});

test("two who have the same offer each other nothing more", () => {
  const made = world(3, 1);
  for (const [left, right] of [
    [0, 1],
    [1, 2],
    [2, 0],
  ])
    connect(made, left, right);
  runUntil(made, 12_000);
  for (let i = 0; i < 10; i++) say(made, i % 3);
  runUntil(made, 20_000);
  for (const { mesh } of made.kiosks) {
    for (const each of mesh.neighbours.values()) {
      const lacking = [...each.lacks].filter((id) => mesh.held.get(id)?.packetClass === CRITICAL);
      expect(lacking).toEqual([]);
    }
  }
});

describe("an answer", () => {
  /** Two kiosks, of which the second is played by the test. */
  function asked() {
    const state = mesh(nameOf(0), millis(0), 1);
    const effects: MeshEffect<Letter>[] = [];
    const feed = (event: MeshEvent): void => step(state, event, ports, effects);
    feed({ type: "linkUp", at: millis(0), link: 1, peer: nameOf(1), isStranger: false });
    const say = (at: number, number: number): void => {
      const packet = seal({ origin: 0, number, packetClass: CRITICAL, body: new Uint8Array(20) });
      feed({ type: "say", at: millis(at), packet, digest: digestOf(packet), packetClass: CRITICAL });
    };
    /** Packets of that tag so far; each was lost, as far as anybody knows. */
    const sent = (tag: number): Uint8Array[] =>
      effects.flatMap((effect) => (effect.type === "send" && effect.packet[0] === tag ? [effect.packet] : []));
    const lose = (at: number): void => {
      for (const token of [...state.underWay.keys()]) {
        feed({ type: "settled", at: millis(at), token, outcome: "unknown" });
      }
    };
    const answer = (at: number, number: number, ids: readonly Uint8Array[]): void =>
      feed({ type: "received", at: millis(at), link: 1, packet: encode(HopPacket, { type: "want", number, ids }) });
    return { state, feed, say, sent, lose, answer };
  }

  test("that comes late answers no other offer", () => {
    const { state, feed, say, sent, lose, answer } = asked();
    say(10, 1);
    lose(20);
    feed({ type: "tick", at: millis(1_000) });
    lose(1_010);
    expect(sent(0x41)).toHaveLength(1);
    say(1_020, 2);
    lose(1_030);
    feed({ type: "tick", at: millis(6_000) });
    lose(6_010);
    expect(sent(0x41)).toHaveLength(2);
    // The first offer's: of the second message it says nothing.
    answer(6_020, 1, []);
    const neighbour = state.neighbours.get(nameOf(1));
    expect(neighbour?.refused).toEqual({ "silent to offers": 1, "wants what nobody offered": 1 });
    expect(neighbour?.lacks.size).toBe(2);
    answer(6_030, 2, []);
    expect(neighbour?.lacks.size).toBe(0);
  });

  test("is waited for: one offer is under way at a time", () => {
    const { feed, say, sent, lose } = asked();
    for (let at = 10; at < 4_000; at += 100) {
      say(at, at);
      lose(at + 10);
      feed({ type: "tick", at: millis(at + 50) });
    }
    expect(sent(0x41)).toHaveLength(1);
  });

  test("that never comes makes offers seldom", () => {
    const { feed, say, sent, lose } = asked();
    for (let at = 10; at < 120_000; at += 500) {
      say(at, at);
      lose(at + 10);
      feed({ type: "tick", at: millis(at + 50) });
    }
    expect(sent(0x41).length).toBeGreaterThan(4);
    expect(sent(0x41).length).toBeLessThan(9);
  });
});
