import { describe, expect, test } from "vitest";
import { HEARTBEAT_EVERY_MS, SUSPECT_AFTER_MS } from "../../../host/mesh/limits.ts";
import { areLinked, distanceTo, unconfirmed } from "../../../host/mesh/link-map.ts";
import { peerName, peerTag } from "../../../host/mesh/peer-name.ts";
import { nameOf, tagOf } from "./letters.ts";
import { LIARS } from "./liars.ts";
import { type Air, CALM, connect, disconnect, runUntil, type World, world } from "./world.ts";

function ring(count: number, seed: number, air: Air = CALM): World {
  const made = world(count, seed, air);
  for (let index = 0; index < count; index++) connect(made, index, (index + 1) % count);
  return made;
}

test("a kiosk is called by its tag, there and back", () => {
  const tag = Uint8Array.of(0, 1, 0x7f, 0x80, 0xff, 0xa5, 10, 200);
  expect(peerName(tag)).toBe("00017f80ffa50ac8");
  expect(peerTag(peerName(tag))).toEqual(tag);
});

describe("heartbeats", () => {
  test("leave every five seconds or a little sooner, and three fit the time of a suspicion [H13]", () => {
    expect([HEARTBEAT_EVERY_MS, SUSPECT_AFTER_MS]).toEqual([5_000, 15_000]);
    const made = ring(4, 1);
    runUntil(made, 3_600_000);
    for (const { told } of made.kiosks) {
      expect(told.beat).toBeGreaterThan(720);
      expect(told.beat).toBeLessThan(780);
    }
  });

  test("tell everyone how the network looks from there [H13]", () => {
    const made = ring(7, 1);
    runUntil(made, 35_000);
    for (const { mesh, index } of made.kiosks) {
      const seen = [...mesh.peers.values()].map(({ view }) => view.map(({ peer }) => peerName(peer)));
      expect(seen).toHaveLength(6);
      for (const view of seen) expect(view.length).toBe(6);
      const next = mesh.peers.get(nameOf((index + 1) % 7));
      expect(next?.links).toEqual([nameOf(index), nameOf((index + 2) % 7)].sort());
    }
  });

  test("who misses three is suspected by everyone after fifteen seconds, and returns with the first word [H13]", () => {
    const made = ring(5, 2);
    runUntil(made, 20_000);
    const gone = made.kiosks[2];
    const [left, right] = [...gone.wires];
    disconnect(made, left);
    disconnect(made, right);
    const last = made.kiosks[0].mesh.peers.get(nameOf(2))?.heardAt ?? 0;
    runUntil(made, last + 13_500);
    for (const { suspicions } of made.kiosks) expect(suspicions).toEqual([]);
    runUntil(made, last + 16_500);
    const suspectedBy = (index: number): number[] => made.kiosks[index].suspicions.map(({ of }) => of).sort();
    for (const index of [0, 1, 3, 4]) expect(suspectedBy(index)).toEqual([2]);
    runUntil(made, last + 21_000);
    expect(suspectedBy(2)).toEqual([0, 1, 3, 4]);
    for (const index of [0, 1, 3, 4]) expect(suspectedBy(index)).toEqual([2]);
    connect(made, 1, 2);
    runUntil(made, last + 28_000);
    for (const { suspicions } of made.kiosks) expect(suspicions.at(-1)?.isSuspected).toBe(false);
    for (const wire of [...gone.wires]) disconnect(made, wire);
    runUntil(made, made.now + 21_000);
    for (const index of [0, 1, 3, 4]) expect(suspectedBy(index)).toEqual([2, 2, 2]);
  });

  test.each([
    ["short", 200, 0],
    ["of a second", 1_000, 0],
    ["of a second, and nobody tells the sender", 1_000, 1],
    ["of four seconds", 4_000, 0.3],
  ])(
    "a tenth of the time lost in bursts, %s, makes fewer than one in a thousand suspect anybody [H13]",
    (_, burstMs, unknownShare) => {
      let suspicions = 0;
      let chances = 0;
      for (let seed = 1; seed <= 3; seed++) {
        for (const count of [4, 7]) {
          const made = ring(count, seed, { ...CALM, lossShare: 0.1, burstMs, unknownShare });
          runUntil(made, 600_000);
          suspicions += made.kiosks.reduce(
            (sum, kiosk) => sum + kiosk.suspicions.filter((each) => each.isSuspected).length,
            0,
          );
          chances += count * (count - 1) * (600 / 5);
        }
      }
      expect(chances).toBeGreaterThan(15_000);
      expect(suspicions / chances).toBeLessThan(0.001);
    },
  );
});

describe("the map", () => {
  test("knows every link and every distance of an honest ring", () => {
    const made = ring(8, 3);
    runUntil(made, 12_000);
    for (const { mesh, index } of made.kiosks) {
      for (let other = 0; other < 8; other++) {
        const apart = Math.min((other - index + 8) % 8, (index - other + 8) % 8);
        expect(distanceTo(mesh, nameOf(other))).toBe(apart);
        for (let third = 0; third < 8; third++) {
          const isNext = (third - other + 8) % 8 === 1 || (other - third + 8) % 8 === 1;
          expect(areLinked(mesh, nameOf(other), nameOf(third))).toBe(isNext);
        }
      }
    }
  });

  test("believes no link that one end alone signs for: nobody invents one between two others, or to an honest kiosk", () => {
    const made = ring(6, 4);
    made.kiosks[0].liar = LIARS.braggart;
    runUntil(made, 20_000);
    const { mesh } = made.kiosks[3];
    for (const other of [2, 3, 4]) expect(areLinked(mesh, nameOf(0), nameOf(other))).toBe(false);
    for (const other of [1, 5]) expect(areLinked(mesh, nameOf(0), nameOf(other))).toBe(true);
    expect(unconfirmed(mesh, nameOf(0))).toEqual([2, 3, 4].map(nameOf));
    expect(unconfirmed(mesh, nameOf(2))).toEqual([]);
    expect(distanceTo(mesh, nameOf(0))).toBe(3);
  });

  test("forgets a link when one of its ends no longer names it, and a kiosk when it is silent", () => {
    const made = ring(4, 5);
    runUntil(made, 12_000);
    const { mesh } = made.kiosks[0];
    expect(areLinked(mesh, nameOf(1), nameOf(2))).toBe(true);
    disconnect(made, made.wires[1]);
    runUntil(made, 18_000);
    expect(areLinked(mesh, nameOf(1), nameOf(2))).toBe(false);
    expect(distanceTo(mesh, nameOf(2))).toBe(2);
    disconnect(made, made.wires[2]);
    runUntil(made, 35_000);
    expect(distanceTo(mesh, nameOf(2))).toBeUndefined();
  });

  test("takes the later of two heartbeats that overtook each other", () => {
    const made = ring(3, 6);
    runUntil(made, 12_000);
    const peer = made.kiosks[0].mesh.peers.get(nameOf(1));
    expect(peer?.time).toBeGreaterThan(5_000);
    expect(tagOf(1)).toEqual(peerTag(nameOf(1)));
  });
});
