import { expect, test } from "vitest";
import { partOf } from "../../../../host/mesh/topology/part.ts";
import { kioskOf, nameOf } from "../letters.ts";
import { connect, disconnect, runUntil, type World, world } from "../world.ts";

function made(count: number, pairs: readonly (readonly [number, number])[]): World {
  const of = world(count, 1);
  for (const [left, right] of pairs) connect(of, left, right);
  runUntil(of, 12_000);
  return of;
}

const members = [0, 1, 2, 3, 4].map(nameOf);

test("a part is called by its lowest kiosk, and is whole when all members are in it", () => {
  const of = made(5, [
    [4, 1],
    [1, 3],
    [0, 2],
  ]);
  const part = (kiosk: number) => partOf(of.kiosks[kiosk].mesh, members);
  for (const kiosk of [1, 3, 4])
    expect(part(kiosk)).toEqual({ name: nameOf(1), isWhole: false, opens: undefined, isFragile: false, loose: [] });
  for (const kiosk of [0, 2]) expect(part(kiosk).name).toBe(nameOf(0));
  connect(of, 2, 3);
  runUntil(of, 24_000);
  for (const kiosk of [0, 1, 2, 3, 4])
    expect(part(kiosk)).toEqual({ name: nameOf(0), isWhole: true, opens: undefined, isFragile: true, loose: [] });
  // Where the loss of one kiosk still parts it, the links of a circle may go, and of a ring that bears it none need.
  connect(of, 1, 2);
  runUntil(of, 36_000);
  const loose = [0, 1, 2, 3, 4].map((kiosk) => part(kiosk).loose.map(kioskOf).sort());
  expect(loose).toEqual([[], [2, 3], [1, 3], [1, 2], []]);
  connect(of, 0, 4);
  runUntil(of, 48_000);
  for (const kiosk of [0, 1, 2, 3, 4]) expect(part(kiosk)).toMatchObject({ isFragile: false, loose: [] });
});

test("a ring without everyone is opened at one link, which all of its kiosks name; a ring of everyone is not", () => {
  const of = made(5, [
    [0, 3],
    [3, 1],
    [1, 2],
    [2, 0],
  ]);
  for (const kiosk of [0, 1, 2, 3]) {
    expect(partOf(of.kiosks[kiosk].mesh, members).opens).toEqual([nameOf(3), nameOf(1)]);
    expect(partOf(of.kiosks[kiosk].mesh, members.slice(0, 4)).opens).toBeUndefined();
  }
  // One of its links may go for whoever is kept out.
  expect(partOf(of.kiosks[3].mesh, members).loose.map(kioskOf).sort()).toEqual([0, 1]);
  disconnect(of, of.wires[0]);
  runUntil(of, 18_000);
  expect(partOf(of.kiosks[0].mesh, members)).toMatchObject({ opens: undefined, loose: [] });
});
