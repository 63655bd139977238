import { describe, expect, test } from "vitest";
import { PEER_CONNECTIONS_MAX } from "../../../host/mesh/limits.ts";
import { digestOf, nameOf } from "./letters.ts";
import { LIARS } from "./liars.ts";
import { bring, chain, hearers, letter, refusedBy, whole } from "./shapes.ts";
import { at, CALM, connect, runUntil, say, world } from "./world.ts";

describe("a liar", () => {
  test("with a forged number or a forged body hides nothing: the honest message comes through [O06]", () => {
    const made = chain(3);
    runUntil(made, 300);
    const honest = letter(0, 77);
    const forged = honest.slice();
    forged[40] ^= 1;
    bring(made, 0, 1, forged);
    expect(refusedBy(made.kiosks[1], 0)).toEqual({ "bad signature": 1 });
    bring(made, 0, 1, honest);
    runUntil(made, 1_000);
    expect(hearers(made, "0/77")).toEqual([1, 2]);
    expect(digestOf(forged)).not.toEqual(digestOf(honest));
  });

  test("who says that nobody may follow does not end a message early, once the map knows the way [O06]", () => {
    // 0 – 1 – 2 – 3, and the liar 4 between 0 and 1, faster than their link.
    const made = world(5, 1, {
      ...CALM,
      delayMs: (_, { ends }) => (ends.includes(4) ? 1 : 50),
    });
    for (const [left, right] of [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 4],
      [4, 1],
    ])
      connect(made, left, right);
    made.kiosks[4].liar = LIARS.shortener;
    runUntil(made, 16_000);
    const key = say(made, 0);
    runUntil(made, 18_000);
    expect(hearers(made, key)).toEqual([0, 1, 2, 3, 4]);
    // It came by the liar first.
    expect(made.kiosks[1].heard.get(key)).toBeLessThan(16_050);
  });

  test("who says it to one alone does not keep it from the others", () => {
    const made = whole(4);
    made.kiosks[0].liar = LIARS.whisperer;
    runUntil(made, 16_000);
    const key = say(made, 0);
    runUntil(made, 18_000);
    expect(hearers(made, key)).toEqual([0, 1, 2, 3]);
  });

  test("who says everything twice, or hands back what was told it, is counted and heard once", () => {
    const made = chain(2);
    runUntil(made, 300);
    const packet = letter(0, 5);
    for (let i = 0; i < 4; i++) bring(made, 0, 1, packet);
    expect(refusedBy(made.kiosks[1], 0)).toEqual({ "said twice": 3 });
    const key = say(made, 1);
    runUntil(made, 12_000);
    const own = [...made.kiosks[0].mesh.held.values()].find(({ origin }) => origin === nameOf(1));
    expect(made.kiosks[0].heard.has(key)).toBe(true);
    bring(made, 0, 1, (own as { packet: Uint8Array }).packet);
    expect(refusedBy(made.kiosks[1], 0)).toEqual({ "said twice": 3, echoed: 1 });
    expect(made.wrongs).toEqual([]);
  });

  test("who brings three broken packets is out, on all its links, and nobody else is [H11]", () => {
    const made = whole(3);
    connect(made, 0, 1);
    runUntil(made, 300);
    for (let i = 0; i < 3; i++) bring(made, 1, 0, Uint8Array.of(0x41, 1, 200, i));
    runUntil(made, 400);
    expect(made.kiosks[0].wires.map(({ ends }) => ends)).toEqual([[0, 2]]);
    expect(refusedBy(made.kiosks[0], 1)).toEqual({ "layout broken": 3 });
    connect(made, 0, 1);
    runUntil(made, 500);
    expect(made.kiosks[0].mesh.links.size).toBe(1);
  });

  test("who opens more links than a radio of each of its boards is turned away by name [H11]", () => {
    const made = world(2, 1);
    for (let i = 0; i <= PEER_CONNECTIONS_MAX; i++) connect(made, 0, 1);
    runUntil(made, 300);
    expect(made.kiosks[0].told.close).toBe(1);
    expect(made.kiosks[0].mesh.links.size).toBe(PEER_CONNECTIONS_MAX);
  });

  test("who asks for what nobody offered gets nothing, and who offers without end is answered seldom", () => {
    const made = chain(2);
    made.kiosks[0].liar = LIARS.haggler;
    runUntil(made, 300);
    for (let i = 0; i < 100; i++) {
      at(made, 300 + i * 50, () => {
        say(made, 1);
      });
    }
    runUntil(made, 8_000);
    const refused = refusedBy(made.kiosks[1], 0);
    expect(refused["wants what nobody offered"]).toBeGreaterThan(10);
    expect(refused["offers too often"]).toBeGreaterThan(10);
  });
});
