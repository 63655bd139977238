import { describe, expect, test } from "vitest";
import { CRITICAL, HIGH, LOW, NORMAL } from "../../../protocol/core/packet-class.ts";
import { nameOf, seal, signAgain } from "./letters.ts";
import { LIARS } from "./liars.ts";
import { bring, chain, hearers, letter, refusedBy, ring, whole } from "./shapes.ts";
import { at, connect, copies, disconnect, runUntil, say, transmit, type World, world } from "./world.ts";

/** With a mark in its head, signed. */
const marked = (packet: Uint8Array, at: number): Uint8Array => {
  const copy = packet.slice();
  copy[at] = 1;
  return signAgain(copy);
};

describe("a message", () => {
  test("reaches everyone once, and crosses each link at most once in each direction [O06]", () => {
    for (const made of [ring(4), ring(10), whole(7), chain(9)]) {
      runUntil(made, 11_000);
      const keys = made.kiosks.map(({ index }) => say(made, index, ([CRITICAL, HIGH, NORMAL] as const)[index % 3]));
      runUntil(made, 20_000);
      for (const key of keys) expect(hearers(made, key)).toHaveLength(made.kiosks.length);
      expect(made.wrongs).toEqual([]);
      expect(made.repeated).toBe(0);
    }
  });

  test("goes eight relays far and no further [O06]", () => {
    const made = chain(12);
    runUntil(made, 11_000);
    const key = say(made, 0);
    runUntil(made, 40_000);
    expect(hearers(made, key)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("of a stranger goes three relays far, whatever the stranger says [O06]", () => {
    const made = chain(8);
    runUntil(made, 11_000);
    const packet = seal({ origin: 200, number: 1, packetClass: HIGH, body: new Uint8Array(30) }, true, 8);
    bring(made, 0, 1, packet);
    runUntil(made, 20_000);
    expect(hearers(made, "200/1")).toEqual([1, 2, 3, 4]);
  });

  test("between kiosks that are all linked goes to each once, and not over each link [O06]", () => {
    const made = whole(8);
    runUntil(made, 11_000);
    const key = say(made, 3);
    runUntil(made, 14_000);
    expect(hearers(made, key)).toHaveLength(8);
    expect(copies(made, key)).toBe(7);
  });

  test("comes to a kiosk from two of those that are nearer to its signer, and the others offer it", () => {
    const made = world(6, 1);
    for (const between of [1, 2, 3, 4]) {
      connect(made, 0, between);
      connect(made, between, 5);
    }
    runUntil(made, 12_000);
    const key = say(made, 0);
    runUntil(made, 12_200);
    expect(hearers(made, key)).toHaveLength(6);
    expect(copies(made, key)).toBe(4 + 2);
    runUntil(made, 16_000);
    expect(copies(made, key)).toBe(4 + 2);
    // Those two keep it to themselves.
    for (const between of [1, 2]) made.kiosks[between].liar = LIARS.mute;
    const withheld = say(made, 0);
    runUntil(made, 16_200);
    expect(hearers(made, withheld)).toHaveLength(5);
    runUntil(made, 18_000);
    expect(hearers(made, withheld)).toHaveLength(6);
  });

  test("does not go to a neighbour that brought it meanwhile: the wait of chance is for that", () => {
    const made = world(4, 1);
    for (const other of [1, 2, 3]) connect(made, 0, other);
    runUntil(made, 300);
    const packet = letter(9, 1);
    const sent = (to: number): number => {
      const wire = made.kiosks[0].wires.find(({ ends }) => ends.includes(to));
      return [...(wire?.ways[0].carried.keys() ?? [])].length;
    };
    bring(made, 1, 0, packet);
    bring(made, 2, 0, packet);
    runUntil(made, 400);
    expect([sent(1), sent(2), sent(3)]).toEqual([0, 0, 1]);
  });

  test("goes over one of two links between a pair", () => {
    const made = world(2, 1);
    const wires = [connect(made, 0, 1), connect(made, 0, 1)];
    runUntil(made, 300);
    const key = say(made, 0);
    runUntil(made, 5_000);
    expect(hearers(made, key)).toEqual([0, 1]);
    expect(wires.map(({ ways }) => ways[0].carried.size > 0)).toEqual([true, false]);
    disconnect(made, wires[0]);
    const later = say(made, 0);
    runUntil(made, 8_000);
    expect(hearers(made, later)).toEqual([0, 1]);
  });
});

describe("what is said again, or cannot be verified here", () => {
  function rush(mark: number): World {
    const made = chain(3);
    runUntil(made, 300);
    for (let i = 0; i < 40; i++) {
      const packet = letter(200, i);
      // What letters have there is signed; only how it is judged matters.
      bring(made, 0, 1, marked(packet, mark));
    }
    runUntil(made, 3_000);
    return made;
  }

  test("under another number goes on so often and no more: the number is not signed", () => {
    const made = rush(8);
    expect(made.kiosks[1].heard.size).toBe(10);
    expect(made.kiosks[2].heard.size).toBe(10);
    expect(refusedBy(made.kiosks[1], 0)).toEqual({ "repeats too often": 30 });
  });

  test("by nobody here reaches this kiosk, and goes on so often and no more", () => {
    const made = rush(9);
    expect(made.kiosks[1].heard.size).toBe(40);
    expect(made.kiosks[2].heard.size).toBe(20);
    expect(refusedBy(made.kiosks[1], 0)).toEqual({ "more than may go on unverified": 20 });
  });
});

describe("a flood", () => {
  /** As many signed messages as a link takes, each another, from kiosk 0 of a ring to all its neighbours. */
  function flood(made: World, ms: number): void {
    const liar = made.kiosks[0];
    liar.liar = { onSend: (_world, _me, wire, packet) => [[wire, packet]] };
    for (let i = 0; i * 10 < ms; i++) {
      at(made, made.now + i * 10, () => {
        for (const wire of liar.wires) transmit(made, liar, wire, letter(0, 100_000 + i * 8 + wire.name));
      });
    }
  }

  test("of signed messages makes honest votes later by little, and nobody silent [H11]", () => {
    const delays = [false, true].map((isFlooded) => {
      const made = ring(6);
      connect(made, 1, 4);
      runUntil(made, 12_000);
      if (isFlooded) flood(made, 12_000);
      const said: { key: string; at: number }[] = [];
      for (let i = 0; i < 60; i++) {
        at(made, 14_000 + i * 80, () => {
          said.push({ key: say(made, 1 + (i % 5)), at: made.now });
        });
      }
      runUntil(made, 30_000);
      const honest = made.kiosks.slice(1);
      for (const { key } of said) expect(honest.filter(({ heard }) => heard.has(key))).toHaveLength(5);
      for (const { suspicions } of honest) expect(suspicions).toEqual([]);
      expect(made.repeated).toBe(0);
      if (isFlooded) expect(refusedBy(made.kiosks[1], 0)["too fast"]).toBeGreaterThan(200);
      for (const { mesh } of honest) expect(mesh.neighbours.get(nameOf(2))?.refused["too fast"]).toBeUndefined();
      const late = said.flatMap(({ key, at }) => honest.map(({ heard }) => (heard.get(key) ?? 0) - at));
      return late.reduce((sum, ms) => sum + ms, 0) / late.length;
    });
    expect(delays[1]).toBeLessThan(2 * delays[0]);
  });

  test("fills nothing beyond its bound, and forgets itself before it forgets others [H11]", () => {
    const made = ring(3);
    runUntil(made, 12_000);
    const key = say(made, 1);
    flood(made, 60_000);
    let heldMax = 0;
    for (let i = 0; i < 60; i++) {
      at(made, 13_000 + i * 1000, () => {
        const { mesh } = made.kiosks[1];
        heldMax = Math.max(heldMax, mesh.held.size);
        for (const { line } of mesh.neighbours.values()) expect(line.items.length).toBeLessThanOrEqual(4 * 64);
        expect(mesh.underWay.size).toBeLessThanOrEqual(12);
      });
    }
    runUntil(made, 73_000);
    expect(heldMax).toBeGreaterThan(1_700);
    expect(heldMax).toBeLessThanOrEqual(2_048);
    const { mesh } = made.kiosks[1];
    expect(
      [...mesh.held.values()].filter(({ origin, packetClass }) => origin === nameOf(1) && packetClass !== LOW),
    ).toHaveLength(1);
    expect(made.kiosks[2].heard.has(key)).toBe(true);
    expect(mesh.dues.length + mesh.byBytes.size).toBeLessThan(3_000);
  });
});
