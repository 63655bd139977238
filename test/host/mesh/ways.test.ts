import { describe, expect, test } from "vitest";
import type { Series } from "../../../host/mesh/events.ts";
import { HopPacket, ROUTED_SIZE_MAX } from "../../../host/mesh/hop-packet.ts";
import { waysTo } from "../../../host/mesh/ways.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { chance, drawBelow, drawBytes } from "../../../protocol/core/chance.ts";
import { ENVELOPE_SIZE_MAX } from "../../../protocol/core/limits.ts";
import { millis } from "../../../protocol/core/units.ts";
import { kioskOf, nameOf, tagOf } from "./letters.ts";
import { connect, disconnect, feed, runUntil, type World, world } from "./world.ts";

function meshOf(count: number, pairs: readonly (readonly [number, number])[]): World {
  const made = world(count, 1);
  for (const [left, right] of pairs) connect(made, left, right);
  runUntil(made, 12_000);
  return made;
}

/** Three ways from 0 to 5, of one, two and two relays. */
const THREE_WAYS = [
  [0, 1],
  [1, 5],
  [0, 2],
  [2, 3],
  [3, 5],
  [0, 4],
  [4, 6],
  [6, 5],
] as const;

const sendTo = (made: World, from: number, to: number, packet: Uint8Array, series?: Series): void =>
  feed(made, made.kiosks[from], { type: "sendTo", at: millis(made.now), to: nameOf(to), packet, series });
const ways = (made: World, from: number, to: number): number[][] =>
  waysTo(made.kiosks[from].mesh, nameOf(to)).map((way) => way.map(kioskOf));

describe("a way", () => {
  test("is the shortest first, then those that share no relay with it", () => {
    const made = meshOf(7, THREE_WAYS);
    const found = ways(made, 0, 5);
    expect(found[0]).toEqual([0, 1, 5]);
    expect(found.slice(1).sort()).toEqual([
      [0, 2, 3, 5],
      [0, 4, 6, 5],
    ]);
    expect(ways(made, 0, 1)[0]).toEqual([0, 1]);
  });

  test("carries what is for one to that one, and to nobody else", () => {
    const made = meshOf(7, THREE_WAYS);
    const packet = new Uint8Array(2_000).fill(7);
    sendTo(made, 0, 5, packet);
    runUntil(made, 13_000);
    expect(made.kiosks.map(({ arrived }) => arrived.length)).toEqual([0, 0, 0, 0, 0, 1, 0]);
    expect(made.kiosks[5].arrived[0]).toEqual(packet);
  });

  test("carries of the answers to one that wait for their link the newest of each kind, and all that stand for themselves", () => {
    const made = meshOf(7, THREE_WAYS);
    for (let i = 0; i < 20; i++) {
      sendTo(made, 0, 1, Uint8Array.of(0, i), { name: "ballot", place: i });
      sendTo(made, 0, 1, Uint8Array.of(1, i), { name: "reply", place: i });
      sendTo(made, 0, 5, Uint8Array.of(0, i), { name: "ballot", place: i });
      sendTo(made, 0, 1, Uint8Array.of(2, i));
    }
    runUntil(made, 14_000);
    const arrived = (kiosk: number, kind: number): number[] =>
      made.kiosks[kiosk].arrived.filter(([first]) => first === kind).map(([, each]) => each);
    for (const [kiosk, kind] of [
      [1, 0],
      [1, 1],
      [5, 0],
    ] as const) {
      expect(arrived(kiosk, kind).length).toBeLessThan(6);
      expect(arrived(kiosk, kind).at(-1)).toBe(19);
    }
    expect(arrived(1, 2)).toEqual([...Array(20).keys()]);
  });

  test("that brings no answer gives way to the next", () => {
    const made = meshOf(7, THREE_WAYS);
    made.kiosks[1].liar = { onSend: () => [] };
    for (let i = 0; i < 3; i++) {
      sendTo(made, 0, 5, Uint8Array.of(i, 1));
      runUntil(made, made.now + 500);
      if (made.kiosks[5].arrived.length === 0) {
        feed(made, made.kiosks[0], { type: "unanswered", at: millis(made.now), to: nameOf(5) });
      }
    }
    expect(made.kiosks[5].arrived.map(([first]) => first)).toEqual([1, 2]);
  });

  test("that is broken is told back, and the next is taken", () => {
    const made = meshOf(7, THREE_WAYS);
    const wire = made.wires[1];
    disconnect(made, wire);
    sendTo(made, 0, 5, Uint8Array.of(1));
    runUntil(made, 12_400);
    expect(made.kiosks[0].told.wayBroken).toBe(1);
    sendTo(made, 0, 5, Uint8Array.of(2));
    runUntil(made, 12_800);
    expect(made.kiosks[5].arrived.map(([first]) => first)).toEqual([2]);
  });

  test("goes round whoever is suspected, and there is none to who is not on the map", () => {
    const made = meshOf(7, THREE_WAYS);
    for (const wire of [...made.kiosks[1].wires]) disconnect(made, wire);
    runUntil(made, 40_000);
    expect(ways(made, 0, 5).every((way) => !way.includes(1))).toBe(true);
    expect(ways(made, 0, 1)).toEqual([]);
    sendTo(made, 0, 1, Uint8Array.of(1));
    expect(made.kiosks[0].told.noWay).toBe(1);
  });

  test("takes the longest envelope that leaves it room, and no longer one", () => {
    const made = meshOf(3, [
      [0, 1],
      [1, 2],
    ]);
    sendTo(made, 0, 2, new Uint8Array(ROUTED_SIZE_MAX));
    sendTo(made, 0, 2, new Uint8Array(ROUTED_SIZE_MAX + 1));
    runUntil(made, 13_000);
    expect(made.kiosks[2].arrived).toHaveLength(1);
    expect(made.kiosks[0].told.noWay).toBe(1);
    expect(HopPacket.sizeMax).toBeLessThanOrEqual(ENVELOPE_SIZE_MAX);
  });
});

describe("a relay", () => {
  function refusals(packet: HopPacket): { readonly [why: string]: number } {
    const made = meshOf(4, [
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    const wire = made.kiosks[1].wires[0];
    const bytes = encode(HopPacket, packet);
    feed(made, made.kiosks[1], { type: "received", at: millis(made.now), link: wire.name, packet: bytes });
    runUntil(made, 12_500);
    for (const { arrived } of made.kiosks) expect(arrived).toEqual([]);
    return made.kiosks[1].mesh.neighbours.get(nameOf(0))?.refused ?? {};
  }

  const envelope = new Uint8Array(20);

  test.each<[string, HopPacket]>([
    ["in which it has another place", { type: "routed", at: 2, way: [0, 1, 2].map(tagOf), envelope }],
    ["that came by somebody else", { type: "routed", at: 1, way: [3, 1, 2].map(tagOf), envelope }],
    ["that goes round in circles", { type: "routed", at: 1, way: [0, 1, 2, 1, 2].map(tagOf), envelope }],
    ["that ends before it", { type: "routed", at: 3, way: [0, 1].map(tagOf), envelope }],
    ["that is none", { type: "routed", at: 1, way: [], envelope }],
    ["said to be broken where it is not", { type: "broken", at: 0, turn: 1, way: [0, 1, 2].map(tagOf) }],
    ["said to be broken by who is not on it", { type: "broken", at: 2, turn: 0, way: [1, 2, 3].map(tagOf) }],
  ])("charges its neighbour for a way %s", (_, packet) => {
    expect(refusals(packet)).toEqual({ "not our way": 1 });
  });

  test("does not believe that a way is broken which it does not take", () => {
    const packet: HopPacket = { type: "broken", at: 1, turn: 0, way: [1, 0, 3].map(tagOf) };
    expect(refusals(packet)).toEqual({ "a way that is not taken": 1 });
  });
});

test("what neighbours say has one encoding, and noise is refused without a throw", () => {
  const chances = chance(1);
  let refused = 0;
  for (let i = 0; i < 20_000; i++) {
    const bytes = drawBytes(chances, drawBelow(chances, 60));
    if (bytes.length > 0) bytes[0] = 0x41 + drawBelow(chances, 4);
    const decoded = decode(HopPacket, bytes);
    if (decoded.ok) expect(encode(HopPacket, decoded.value)).toEqual(bytes);
    else refused += 1;
  }
  expect(refused).toBeGreaterThan(1_000);
});
