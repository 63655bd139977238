import { expect, test } from "vitest";
import { chance, drawBelow } from "../../../protocol/core/chance.ts";
import { CRITICAL, HIGH } from "../../../protocol/core/packet-class.ts";
import { at, connect, copies, runUntil, STOCK, say, type World, world } from "./world.ts";

const CUBE = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((here) =>
  [1, 2, 4].filter((bit) => (here & bit) === 0).map((bit) => [here, here | bit]),
);
const LADDER = [
  [0, 1],
  [0, 2],
  [1, 3],
  [2, 3],
  [2, 4],
  [3, 5],
  [4, 5],
  [4, 6],
  [5, 7],
  [6, 7],
  [1, 2],
  [0, 4],
  [3, 7],
];

/** The longest that any of some messages took to the last kiosk. */
function slowest(made: World, from: number, everyMs: number, count: number, size?: number): number {
  const said: { key: string; at: number }[] = [];
  for (let i = 0; i < count; i++) {
    at(made, from + i * everyMs, () => {
      const origin = (i * 5) % made.kiosks.length;
      said.push({ key: say(made, origin, i % 2 === 0 ? CRITICAL : HIGH, size), at: made.now });
    });
  }
  runUntil(made, from + count * everyMs + 5_000);
  expect(made.repeated).toBe(0);
  return Math.max(
    ...said.map(
      ({ key, at }) => Math.max(...made.kiosks.map(({ heard }) => heard.get(key) ?? Number.POSITIVE_INFINITY)) - at,
    ),
  );
}

test("eight kiosks three links apart hear each other within 500 ms at an interval of 20 ms, while all of them speak [T02]", () => {
  for (const links of [CUBE, LADDER]) {
    const made = world(8, 1, STOCK);
    for (const [left, right] of links) connect(made, left, right);
    expect(slowest(made, 12_000, 100, 150)).toBeLessThan(500);
  }
});

test.each([8, 50, 100])(
  "a proposal reaches all of %i kiosks in about as many rounds as that number has bits [O07]",
  (count) => {
    const made = world(count, 1, STOCK);
    const chances = chance(count);
    for (let index = 0; index < count; index++) connect(made, index, (index + 1) % count);
    for (let i = 0; i < count; i++) {
      const left = drawBelow(chances, count);
      const right = drawBelow(chances, count);
      const isFree = (index: number): boolean => made.kiosks[index].wires.length < 6;
      if (left !== right && isFree(left) && isFree(right)) connect(made, left, right);
    }
    const roundMs = 20 + 2 * 8 + 20;
    const ms = slowest(made, 6_000, 400, 6, 200);
    expect(ms).toBeLessThan(500);
    expect(ms).toBeLessThan((Math.ceil(Math.log2(count)) + 2) * roundMs);
    for (const key of made.said.keys()) {
      if (copies(made, key) > 0) expect(copies(made, key)).toBeLessThanOrEqual(2 * made.wires.length);
    }
  },
);
