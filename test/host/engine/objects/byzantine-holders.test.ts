import { describe, expect, test } from "vitest";
import { ASK_TIMEOUT_MS } from "../../../../host/engine/objects/limits.ts";
import { chunkOf, objectTree, pathOf } from "../../../../host/engine/objects/tree.ts";
import { chance, draw, drawBelow } from "../../../../protocol/core/chance.ts";
import { honest, isSame, type Manner, PORTS, Rig, type RigOptions, type Said, silent, someBytes } from "./rig.ts";

const SIZE = 40_000;
const BYTES = someBytes(SIZE);
const TREE = objectTree(PORTS, BYTES);
const OTHER = someBytes(SIZE, 99);
const OTHER_TREE = objectTree(PORTS, OTHER);

type SaidChunk = Extract<Said, { type: "chunk" }>;
const onChunks =
  (change: (said: SaidChunk) => Partial<SaidChunk>): Manner =>
  (said) => [{ said: said.type === "chunk" ? { ...said, ...change(said) } : said }];

/** Lies that show in the chunk itself. */
const LIES: { readonly [name: string]: Manner } = {
  "a wrong chunk": onChunks(({ bytes }) => ({ bytes: bytes.map((byte) => byte ^ 0x10) })),
  "the right chunk of another index": onChunks(({ index }) => {
    const other = index === 0 ? 1 : index - 1;
    return { path: pathOf(TREE, other), bytes: chunkOf(BYTES, other) };
  }),
  "the right chunk under another index": onChunks(({ index }) => ({ index: index === 0 ? 1 : index - 1 })),
  "an index beyond the end": onChunks(() => ({ index: 255 })),
  "a chunk cut short": onChunks(({ bytes }) => ({ bytes: bytes.subarray(0, bytes.length - 1) })),
  "an empty chunk": onChunks(() => ({ bytes: new Uint8Array(0) })),
  "a chunk too long": onChunks(({ bytes }) => ({ bytes: new Uint8Array([...bytes, 0]) })),
  "a path too short": onChunks(({ path }) => ({ path: path.slice(0, -1) })),
  "a path too long": onChunks(({ path }) => ({ path: [...path, new Uint8Array(32)] })),
  "a path upside down": onChunks(({ path }) => ({ path: [...path].reverse() })),
  "another object's chunk under this name": onChunks(({ index }) => ({
    path: pathOf(OTHER_TREE, index),
    bytes: chunkOf(OTHER, index),
  })),
};

/** What nobody can be blamed for. */
const EVASIONS: { readonly [name: string]: Manner } = {
  silence: silent,
  "another object's chunks under their own name": onChunks(({ index }) => ({
    object: OTHER_TREE.name,
    path: pathOf(OTHER_TREE, index),
    bytes: chunkOf(OTHER, index),
  })),
  "a drip just within patience": (said) => [{ said, afterMs: ASK_TIMEOUT_MS - 50 }],
  "one chunk quickly and then a drip": (said, order) => [{ said, afterMs: order < 4 ? 0 : 7900 }],
  "always busy": (said) => [{ said: { type: "refuse", object: said.object, reason: "busy" } }],
  "busy after the first chunks": (said, order) => [
    { said: order < 6 ? said : { type: "refuse", object: said.object, reason: "busy" } },
  ],
  "it knows nothing": (said) => [{ said: { type: "refuse", object: said.object, reason: "unknown" } }],
  "the first chunk alone": (said) => (said.type === "chunk" && said.index === 0 ? [{ said }] : []),
};

const STOCK: RigOptions = { linkBytesPerSecond: 3_900, delayMinMs: 20, delayMaxMs: 60 };
/** Nine kiosks are asked, of ten. */
const among = (bad: Manner, badCount: number, count: number): Manner[] => [
  ...new Array<Manner>(badCount).fill(bad),
  ...new Array<Manner>(count - badCount).fill(honest),
];

function fetchFrom(manners: readonly Manner[], options: RigOptions = {}): { rig: Rig; ms: number } {
  const rig = new Rig({ ...options, manners });
  rig.want(rig.give(BYTES));
  expect(rig.run(600_000, () => rig.fetched() !== undefined)).toBe(true);
  expect(isSame(rig.fetched(), BYTES)).toBe(true);
  return { rig, ms: rig.now };
}

describe.each(Object.keys(LIES))("a holder that sends %s", (name) => {
  test("is blamed and left, and the object comes from the others [D06]", () => {
    const { rig, ms } = fetchFrom(among(LIES[name], 1, 3), STOCK);
    expect(rig.blamed()).toEqual([1]);
    expect(rig.asked.filter(({ to }) => to === 1)).toHaveLength(1);
    expect(ms).toBeLessThan(1.35 * fetchFrom(among(honest, 0, 3), STOCK).ms);
  });

  test("three of nine, asked first, cost a chunk each [D06]", () => {
    const { rig, ms } = fetchFrom(among(LIES[name], 3, 9), STOCK);
    expect([...rig.blamed()].sort()).toEqual([1, 2, 3]);
    expect(ms).toBeLessThan(1.5 * fetchFrom(among(honest, 0, 9), STOCK).ms);
  });
});

describe.each(Object.keys(EVASIONS))("a holder of which comes %s", (name) => {
  test("is never blamed, and holds nothing up: one of three, and three of nine asked first", () => {
    const usual = fetchFrom(among(honest, 0, 3), STOCK).ms;
    for (const [bad, count] of [
      [1, 3],
      [3, 9],
    ]) {
      const { rig, ms } = fetchFrom(among(EVASIONS[name], bad, count), STOCK);
      expect(rig.blamed()).toEqual([]);
      // Until somebody has proved itself, two at a time are waited for.
      const times = ms / usual;
      expect([name, bad, times < (bad === 1 ? 1.3 : 1.8) ? "in time" : times]).toEqual([name, bad, "in time"]);
    }
  });
});

test("a holder that says everything three times costs the link's time and nothing else", () => {
  const thrice: Manner = (said) => [{ said }, { said }, { said, afterMs: 3 }];
  const { rig, ms } = fetchFrom(among(thrice, 1, 3), STOCK);
  expect(rig.blamed()).toEqual([]);
  expect(rig.ignored().every((why) => why === "duplicate" || why === "unknown object")).toBe(true);
  expect(ms).toBeLessThan(3 * fetchFrom(among(honest, 0, 3), STOCK).ms);
});

test("when only liars have it, the fetch ends and says so", () => {
  const rig = new Rig({ manners: among(LIES["a wrong chunk"], 3, 3) });
  rig.want(rig.give(BYTES));
  rig.run(60_000);
  expect([...rig.blamed()].sort()).toEqual([1, 2, 3]);
  expect(rig.effects.some((effect) => effect.type === "stalled" && effect.why === "nobody has it")).toBe(true);
  expect(rig.now).toBe(60_000);
});

test("one that serves well and is then busy without end does not keep slower ones out", () => {
  const slow: Manner = (said) => [{ said, afterMs: 1_500 }];
  const rig = new Rig({ manners: [EVASIONS["busy after the first chunks"], slow] });
  rig.want(rig.give(BYTES));
  expect(rig.run(60_000, () => rig.fetched() !== undefined)).toBe(true);
});

test("over a network that loses, doubles and overtakes, with a menu of holders drawn by lot, it comes whole", () => {
  const all = [...Object.values(LIES), ...Object.values(EVASIONS)];
  for (let seed = 1; seed <= 150; seed++) {
    const from = chance(seed);
    const faults = drawBelow(from, 4);
    const manners: Manner[] = new Array(3 * faults || 3).fill(honest);
    const bad: number[] = [];
    for (let i = 0; i < faults; i++) {
      const place = drawBelow(from, manners.length);
      manners[place] = all[drawBelow(from, all.length)];
      bad.push(place + 1);
    }
    const options = {
      ...{ seed, manners, loss: 0.25 * draw(from), doubled: 0.2 * draw(from), delayMinMs: 1 + drawBelow(from, 50) },
      ...{ delayMaxMs: 60 + drawBelow(from, 600), linkBytesPerSecond: 4_000 + drawBelow(from, 100_000) },
      serveBytesPerSecond: 4_000 + drawBelow(from, 100_000),
    };
    const rig = new Rig(options);
    rig.want(rig.give(BYTES));
    const isDone = rig.run(300_000, () => {
      // What was given up is wanted again, as its owner would.
      const stalled = rig.state.fetches.find(({ isStalled }) => isStalled);
      if (stalled !== undefined) rig.want(stalled.name);
      return rig.fetched() !== undefined;
    });
    expect([seed, isDone, isSame(rig.fetched(), BYTES)]).toEqual([seed, true, true]);
    for (const peer of rig.blamed()) expect(bad).toContain(peer);
  }
});
