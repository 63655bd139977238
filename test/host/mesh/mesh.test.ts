import { describe, expect, test } from "vitest";
import type { MeshEffect, MeshEvent } from "../../../host/mesh/events.ts";
import { HopPacket } from "../../../host/mesh/hop-packet.ts";
import { nextDeadline, step } from "../../../host/mesh/mesh.ts";
import { type Mesh, mesh } from "../../../host/mesh/state.ts";
import { encode } from "../../../protocol/bytes/codec.ts";
import { type Chance, chance, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { LOW, type PacketClass } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import { digestOf, heartbeat, type Letter, nameOf, ports, seal, tagOf } from "./letters.ts";

const PEERS = 6;

function anyPacket(chances: Chance): Uint8Array {
  const kind = drawBelow(chances, 8);
  const ids = [...Array(drawBelow(chances, 5))].map(() => drawBytes(chances, 16));
  const way = [...Array(2 + drawBelow(chances, 3))].map(() => tagOf(drawBelow(chances, PEERS)));
  const number = drawBelow(chances, 3);
  if (kind === 0) return drawBytes(chances, drawBelow(chances, 40));
  if (kind === 1) return encode(HopPacket, { type: "have", number, ids });
  if (kind === 2) return encode(HopPacket, { type: "want", number, ids });
  if (kind === 3)
    return encode(HopPacket, { type: "routed", at: drawBelow(chances, 4), way, envelope: drawBytes(chances, 9) });
  if (kind === 4)
    return encode(HopPacket, { type: "broken", at: drawBelow(chances, 4), turn: drawBelow(chances, 3), way });
  const origin = drawBelow(chances, PEERS);
  const letterNumber = drawBelow(chances, 40);
  if (kind === 5) {
    const peers = [0, 1, 2, 3, 4, 5]
      .filter(() => drawBelow(chances, 2) === 0)
      .map((peer) => ({ peer: tagOf(peer), ageSeconds: 1, signal: drawBelow(chances, 2) === 0 ? -60 : undefined }));
    return seal({
      origin,
      number: letterNumber,
      packetClass: LOW,
      body: heartbeat(drawBelow(chances, 100_000), peers),
    });
  }
  const packetClass = drawBelow(chances, 4) as PacketClass;
  return seal(
    { origin, number: letterNumber, packetClass, body: drawBytes(chances, 20) },
    drawBelow(chances, 5) === 0,
    drawBelow(chances, 9),
  );
}

function anyEvent(chances: Chance, of: Mesh, unused: number): MeshEvent {
  const at = millis(of.now + [0, 1, 20, 300, 5_000, 40_000][drawBelow(chances, 6)]);
  const link = 1 + drawBelow(chances, unused);
  const peer = nameOf(1 + drawBelow(chances, PEERS - 1));
  switch (drawBelow(chances, 11)) {
    case 0:
      return { type: "linkUp", at, link: unused, peer, isStranger: drawBelow(chances, 4) === 0 };
    case 1:
      return { type: "linkDown", at, link };
    case 2:
      return { type: "tick", at };
    case 3: {
      const outcome = (["sent", "dropped", "unknown"] as const)[drawBelow(chances, 3)];
      return { type: "settled", at, token: drawBelow(chances, of.nextToken + 2), outcome };
    }
    case 4: {
      const packet = seal({ origin: 0, number: of.nextToken, packetClass: LOW, body: drawBytes(chances, 9) });
      return { type: "say", at, packet, digest: digestOf(packet), packetClass: LOW };
    }
    case 5:
      return { type: "sendTo", at, to: peer, packet: drawBytes(chances, 30) };
    case 6:
      return drawBelow(chances, 2) === 0
        ? { type: "unanswered", at, to: peer }
        : { type: "members", at, peers: [0, 1, 2, 3, 4].filter(() => drawBelow(chances, 3) > 0).map(nameOf) };
    default:
      return { type: "received", at, link, packet: anyPacket(chances) };
  }
}

/** What always holds of a mesh. */
function check(of: Mesh): void {
  const links = [...of.neighbours.values()].flatMap((each) => each.links);
  expect(links.sort()).toEqual([...of.links.keys()].sort());
  expect([...of.admission.links.keys()].map(Number).sort()).toEqual(links);
  let size = 0;
  for (const { packet, has, going } of of.held.values()) {
    size += packet.length;
    expect(new Set(has).size).toBe(has.length);
    expect(new Set(going).size).toBe(going.length);
  }
  expect(of.heldSize).toBe(size);
  for (const { peer, underWayCount, links: own, line } of of.neighbours.values()) {
    expect([...of.underWay.values()].filter((each) => each.peer === peer)).toHaveLength(underWayCount);
    if (own.length === 0) expect([underWayCount, line.items.length]).toEqual([0, 0]);
  }
  expect(of.peers.size).toBeLessThanOrEqual(PEERS + 16);
}

describe("the machine", () => {
  test("takes every event in every state, and a snapshot goes on as the original would", () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      const chances = chance(seed);
      let of = mesh(nameOf(0), millis(0), seed);
      let unused = 1;
      for (let i = 0; i < 250; i++) {
        const event = anyEvent(chances, of, unused);
        if (event.type === "linkUp") unused += 1;
        const copy = structuredClone(of);
        const effects: MeshEffect<Letter>[] = [];
        const again: MeshEffect<Letter>[] = [];
        step(of, structuredClone(event), ports, effects);
        step(copy, event, ports, again);
        expect(again).toEqual(effects);
        if (i % 25 === 0) {
          expect(copy).toEqual(of);
          check(of);
        }
        for (const { type } of effects) seen.add(type);
        expect(nextDeadline(of)).toBeGreaterThanOrEqual(0);
        of = copy;
      }
      check(of);
    }
    expect([...seen].sort()).toEqual(["beat", "close", "deliver", "noWay", "returned", "send", "suspected"]);
  });

  test("comes to rest: a tick at its deadline moves the deadline on", () => {
    const chances = chance(99);
    const of = mesh(nameOf(0), millis(0), 1);
    let unused = 1;
    for (let i = 0; i < 500; i++) {
      const event = anyEvent(chances, of, unused);
      if (event.type === "linkUp") unused += 1;
      step(of, event, ports, []);
      let ticks = 0;
      for (let due = nextDeadline(of); due <= of.now; due = nextDeadline(of)) {
        step(of, { type: "tick", at: of.now }, ports, []);
        ticks += 1;
        expect(ticks).toBeLessThan(4);
      }
    }
  });

  test("time that runs back, and a link's name used twice, are our mistakes", () => {
    const of = mesh(nameOf(0), millis(10), 1);
    step(of, { type: "linkUp", at: millis(10), link: 1, peer: nameOf(1), isStranger: false }, ports, []);
    expect(() => step(of, { type: "tick", at: millis(9) }, ports, [])).toThrow("time runs forward");
    const again = { type: "linkUp", at: millis(10), link: 1, peer: nameOf(2), isStranger: false } as const;
    expect(() => step(of, again, ports, [])).toThrow("a link's name is used once");
  });
});
