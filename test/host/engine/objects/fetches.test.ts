import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import type { FetchEffect } from "../../../../host/engine/objects/fetch-events.ts";
import { fetches } from "../../../../host/engine/objects/fetch-state.ts";
import { nextDeadline, step } from "../../../../host/engine/objects/fetches.ts";
import {
  ASK_CHUNKS_MAX,
  ASK_TIMEOUT_MS,
  FETCH_TIMEOUT_MS,
  OBJECT_FETCHES_MAX,
  PEER_STALE_MS,
  RETRY_MAX_MS,
  RETRY_MIN_MS,
} from "../../../../host/engine/objects/limits.ts";
import { chunkOf, objectName, objectTree, pathOf } from "../../../../host/engine/objects/tree.ts";
import { memberIndex } from "../../../../protocol/core/units.ts";
import type { ObjectName } from "../../../../protocol/message/fields.ts";
import { at, counted, honest, isSame, type Manner, PORTS, Rig, silent, someBytes } from "./rig.ts";

const ONE = memberIndex(1);
const TWO = memberIndex(2);
const THREE = memberIndex(3);

/** A chunk as an honest holder says it. */
function chunk(bytes: Uint8Array, index: number) {
  const tree = objectTree(PORTS, bytes);
  return { type: "chunk", object: tree.name, index, path: pathOf(tree, index), bytes: chunkOf(bytes, index) } as const;
}

const sends = (effects: readonly FetchEffect[]) =>
  effects.flatMap((effect) =>
    effect.type === "send" ? [[effect.to, effect.step.index, effect.step.count] as number[]] : [],
  );

/** Members that never answer by themselves. */
const mute = (count = 3): Rig => new Rig({ manners: new Array(count).fill(silent) });

describe("one object", () => {
  test.each([0, 1, 2047, 2048, 2049, 4096, 10_241, 65_536, 524_287, 524_288])(
    "of %i bytes arrives as it is, from several members",
    (size) => {
      const rig = new Rig({ linkBytesPerSecond: 100_000 });
      const bytes = someBytes(size);
      rig.want(rig.give(bytes));
      expect(rig.run(60_000, () => rig.fetched() !== undefined)).toBe(true);
      expect(isSame(rig.fetched(), bytes)).toBe(true);
      expect(rig.state.fetches).toEqual([]);
      expect(nextDeadline(rig.state)).toBeUndefined();
      const asked = rig.asked.reduce((sum, { count }) => sum + count, 0);
      expect(asked).toBe(Math.max(1, Math.ceil(size / 2048)));
    },
  );

  test("is asked for in windows that grow with what comes, of two members at a time", () => {
    const rig = mute();
    const bytes = someBytes(20 * 2048);
    const name = objectName(PORTS, bytes);
    expect(sends(rig.feed({ type: "want", subject: "snapshot", name, holders: [ONE, TWO, THREE] }))).toEqual([
      [1, 0, 1],
      [2, 1, 1],
    ]);
    expect(sends(rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, 0) }))).toEqual([[1, 2, 2]]);
    expect(sends(rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, 2) }))).toEqual([[1, 4, 2]]);
    expect(sends(rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, 3) }))).toEqual([[1, 6, 2]]);
    expect(rig.state.fetches[0].owedCount).toEqual([0, ASK_CHUNKS_MAX, 1, 0]);
  });

  test("is asked of another after a time-out, and of the silent one when its time has come", () => {
    const rig = mute(1);
    const name = objectName(PORTS, someBytes(100));
    rig.want(name);
    const times: number[] = [];
    rig.run(100_000, () => rig.state.fetches[0]?.isStalled ?? false);
    for (const { at } of rig.asked) times.push(at);
    // 2 s of patience and 100 ms, 4 s and 200 ms, 8 s and 400 ms, 8 s and 800 ms.
    expect(times).toEqual([0, 2100, 6300, 14_700, 23_500]);

    const other = mute(3);
    other.want(name);
    expect(other.asked).toHaveLength(1);
    other.run(ASK_TIMEOUT_MS);
    expect(other.asked.map(({ to }) => to)).toEqual([1, 2]);
  });

  test("waits 100 ms before a busy member is asked again, twice as long each time, and never above 5 s [D11]", () => {
    const rig = mute(1);
    const bytes = someBytes(100);
    const name = objectName(PORTS, bytes);
    rig.want(name);
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      const before = rig.now;
      rig.feed({ type: "refuse", from: ONE, refuse: { type: "refuse", object: name, reason: "busy" } });
      const count = rig.asked.length;
      rig.run(RETRY_MAX_MS, () => rig.asked.length > count);
      waits.push(rig.now - before);
    }
    expect(waits).toEqual([RETRY_MIN_MS, 200, 400, 800, 1600, 3200, RETRY_MAX_MS, RETRY_MAX_MS, RETRY_MAX_MS]);
    expect([RETRY_MIN_MS, RETRY_MAX_MS]).toEqual([100, 5000]);
  });

  test("the wait decays with what comes, step by step", () => {
    const rig = mute(1);
    const bytes = someBytes(20 * 2048);
    const name = objectName(PORTS, bytes);
    rig.want(name);
    const busy = () =>
      rig.feed({ type: "refuse", from: ONE, refuse: { type: "refuse", object: name, reason: "busy" } });
    const again = (): number => {
      const before = rig.now;
      const count = rig.asked.length;
      rig.run(RETRY_MAX_MS, () => rig.asked.length > count);
      return rig.now - before;
    };
    busy();
    expect(again()).toBe(100);
    busy();
    expect(again()).toBe(200);
    rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, 0) });
    busy();
    expect(again()).toBe(200);
    for (const index of [1, 2]) rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, index) });
    busy();
    expect(again()).toBeLessThanOrEqual(200);
  });

  test("a refusal sends us to another at once, and a refuser is not asked again before it offers", () => {
    for (const reason of ["unknown", "collected", "notAllowed"] as const) {
      const rig = mute(2);
      const name = objectName(PORTS, someBytes(100));
      rig.want(name);
      const refuse = { type: "refuse", object: name, reason } as const;
      expect(sends(rig.feed({ type: "refuse", from: ONE, refuse }))).toEqual([[2, 0, 1]]);
      const effects = rig.feed({ type: "refuse", from: TWO, refuse });
      expect(effects).toEqual([{ type: "stalled", name, why: "nobody has it" }]);
      expect(rig.run(60_000, () => rig.asked.length > 2)).toBe(false);
      expect(sends(rig.feed({ type: "offered", from: ONE, name }))).toEqual([[1, 0, 1]]);
    }
  });

  test("a member that was not heard for 60 s is not asked, and is when it is heard [D11]", () => {
    expect(PEER_STALE_MS).toBe(60_000);
    const name = objectName(PORTS, someBytes(100));
    for (const [ms, count] of [
      [PEER_STALE_MS - 1, 1],
      [PEER_STALE_MS, 0],
    ]) {
      const rig = mute(1);
      rig.isAlive = false;
      rig.now = ms;
      rig.want(name);
      expect(rig.asked).toHaveLength(count);
      if (count === 0) expect(sends(rig.feed({ type: "heard", from: ONE }))).toEqual([[1, 0, 1]]);
    }
  });

  test("who has been quiet for a while is tried last", () => {
    const rig = mute(3);
    rig.isAlive = false;
    rig.now = 30_000;
    rig.feed({ type: "heard", from: THREE });
    rig.want(objectName(PORTS, someBytes(100)));
    expect(rig.asked.map(({ to }) => to)).toEqual([3]);
  });

  test("without a new chunk for 30 s it stalls, and not while one comes now and then [D11]", () => {
    expect(FETCH_TIMEOUT_MS).toBe(30_000);
    const rig = mute(3);
    const bytes = someBytes(4 * 2048);
    rig.want(objectName(PORTS, bytes));
    const stalled = () => rig.effects.some((effect) => effect.type === "stalled");
    expect(rig.run(29_000, stalled)).toBe(false);
    rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, 0) });
    expect(rig.run(29_999, stalled)).toBe(false);
    expect(rig.run(1, stalled)).toBe(true);
    expect(rig.effects.at(-1)).toMatchObject({ type: "stalled", why: "no progress" });
    // Nothing moves any more.
    expect(nextDeadline(rig.state)).toBeUndefined();
  });

  test("what is here when it stalls is not asked for again", () => {
    for (const how of ["want", "offered", "chunk"] as const) {
      const rig = mute(3);
      const bytes = someBytes(6 * 2048);
      const name = objectName(PORTS, bytes);
      rig.want(name);
      for (const index of [0, 2, 5]) rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, index) });
      rig.run(200_000);
      expect(rig.state.fetches[0].isStalled).toBe(true);
      const before = rig.asked.length;
      if (how === "want") rig.want(name, [TWO]);
      else if (how === "offered") rig.feed({ type: "offered", from: TWO, name });
      else rig.feed({ type: "chunk", from: TWO, chunk: chunk(bytes, 4) });
      expect(rig.asked.length).toBeGreaterThan(before);
      for (const index of [1, 3, 4]) rig.feed({ type: "chunk", from: TWO, chunk: chunk(bytes, index) });
      expect(isSame(rig.fetched(), bytes)).toBe(true);
      for (const { index, count } of rig.asked.slice(before)) {
        for (let each = index; each < index + count; each++) expect([1, 3, 4]).toContain(each);
      }
    }
  });

  test("a snapshot of the state goes on as the state itself does, at any moment", () => {
    const bytes = someBytes(30_000);
    const rig = new Rig({ loss: 0.2, doubled: 0.1, delayMaxMs: 90, seed: 5 });
    rig.want(rig.give(bytes));
    for (let i = 0; i < 40 && rig.fetched() === undefined; i++) {
      rig.run(25);
      const copy = structuredClone(rig.state);
      const [ours, theirs]: FetchEffect[][] = [[], []];
      const tick = { type: "tick", at: at(rig.now) } as const;
      step(copy, tick, PORTS, theirs);
      step(rig.state, tick, PORTS, ours);
      expect(theirs).toEqual(ours);
      expect(isDeepStrictEqual(copy, rig.state)).toBe(true);
    }
  });

  test("a chunk that comes late is kept, and a second one ignored", () => {
    const rig = mute(2);
    const bytes = someBytes(3 * 2048);
    rig.want(objectName(PORTS, bytes));
    rig.run(ASK_TIMEOUT_MS);
    for (const index of [0, 1]) rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, index) });
    expect(rig.state.fetches[0].missingCount).toBe(1);
    rig.feed({ type: "chunk", from: TWO, chunk: chunk(bytes, 0) });
    expect(rig.ignored()).toEqual(["duplicate"]);
    rig.feed({ type: "chunk", from: TWO, chunk: chunk(bytes, 2) });
    expect(isSame(rig.fetched(), bytes)).toBe(true);
    expect(rig.blamed()).toEqual([]);
  });

  test("a chunk is asked for again as soon as three came that were asked for later, and not after two", () => {
    const rig = mute(1);
    const bytes = someBytes(20 * 2048);
    rig.want(objectName(PORTS, bytes));
    const bring = (index: number) => sends(rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, index) }));
    expect([bring(0), bring(1), bring(2)]).toEqual([[[1, 1, 2]], [[1, 3, 2]], [[1, 5, 2]]]);
    // The third is lost: one overtakes it, and two, and three.
    expect(bring(4)).toEqual([]);
    expect(bring(5)).toEqual([[1, 7, 2]]);
    expect(bring(6)).toEqual([[1, 3, 1]]);
  });

  test.each([1500, 1000, 700, 500])(
    "a link of %i B/s, slower than the first guess, is learnt from what comes late",
    (rate) => {
      const rig = new Rig({ linkBytesPerSecond: rate, delayMinMs: 20, delayMaxMs: 60 });
      rig.want(rig.give(someBytes(65_536)));
      expect(rig.run(400_000, () => rig.fetched() !== undefined)).toBe(true);
      const asked = rig.asked.reduce((sum, { count }) => sum + count, 0);
      expect(asked / 32).toBeLessThan(1.25);
    },
  );

  test("a member that was silent and then brings what it was given up for has proved itself", () => {
    const rig = mute(3);
    const bytes = someBytes(3 * 2048);
    rig.want(objectName(PORTS, bytes), [ONE]);
    rig.run(ASK_TIMEOUT_MS);
    rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, 0) });
    rig.feed({ type: "forget", name: objectName(PORTS, bytes) });
    rig.run(1000);
    const before = rig.asked.length;
    rig.want(objectName(PORTS, someBytes(99)));
    expect(rig.asked.slice(before).map(({ to }) => to)).toEqual([1]);
  });

  test("after a silence a member is asked for one chunk again", () => {
    const rig = mute(1);
    const bytes = someBytes(20 * 2048);
    rig.want(objectName(PORTS, bytes));
    for (const index of [0, 1, 2]) rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, index) });
    const before = rig.asked.length;
    rig.run(20_000, () => rig.asked.length > before);
    expect(rig.asked.slice(before).map(({ count }) => count)).toEqual([1]);
  });

  test("what was not asked for cannot be refused", () => {
    const rig = mute(2);
    const name = objectName(PORTS, someBytes(100));
    rig.want(name);
    for (const reason of ["busy", "unknown"] as const) {
      const refuse = { type: "refuse", object: name, reason } as const;
      expect(rig.feed({ type: "refuse", from: TWO, refuse })).toEqual([{ type: "ignored", why: "not asked" }]);
    }
    rig.run(ASK_TIMEOUT_MS);
    expect(rig.asked.map(({ to }) => to)).toEqual([1, 2]);
  });

  test("the name may have been read from a buffer that is used again", () => {
    const rig = mute(1);
    const bytes = someBytes(100);
    const name = structuredClone(objectName(PORTS, bytes));
    rig.want(name);
    name.digest.fill(0);
    rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, 0) });
    expect(isSame(rig.fetched(), bytes)).toBe(true);
  });

  test("the bytes that were sent may be used again by whoever brought them", () => {
    const rig = mute(1);
    const bytes = someBytes(3000);
    rig.want(objectName(PORTS, bytes));
    for (const index of [0, 1]) {
      const sent = structuredClone(chunk(bytes, index));
      rig.feed({ type: "chunk", from: ONE, chunk: sent });
      sent.bytes.fill(0xee);
    }
    expect(isSame(rig.fetched(), bytes)).toBe(true);
  });
});

describe("who is asked", () => {
  /** As if it had been tried before. */
  function known(rig: Rig, each: number, paceMs: number, silentMs = 0): void {
    Object.assign(rig.state.peers[each], { paceMs, silentMs, window: 4 });
  }
  const wanting = (rig: Rig): number[] => {
    rig.want(objectName(PORTS, someBytes(8 * 2048)));
    return rig.asked.map(({ to }) => to);
  };

  test("the quickest that has proved itself first, and beside it somebody untried", () => {
    const rig = mute(4);
    known(rig, 1, 900);
    known(rig, 3, 600);
    known(rig, 4, 700);
    expect(wanting(rig)).toEqual([3, 2]);
  });

  test("where all are known, the two quickest", () => {
    const rig = mute(3);
    for (const [each, pace] of [900, 600, 700].entries()) known(rig, each + 1, pace);
    expect(wanting(rig)).toEqual([2, 3]);
  });

  test("who was silent comes after who is slow", () => {
    const rig = mute(3);
    known(rig, 1, 100, 700);
    known(rig, 2, 1500);
    known(rig, 3, 600);
    expect(wanting(rig)).toEqual([3, 2]);
  });

  test("nobody that is four times as slow as the best, while the best is there", () => {
    const rig = mute(2);
    known(rig, 1, 2500);
    known(rig, 2, 600);
    expect(wanting(rig)).toEqual([2]);
    const other = mute(2);
    known(other, 1, 2500);
    known(other, 2, 600);
    other.state.peers[2].retryAt = at(100);
    expect(wanting(other)).toEqual([1]);
  });

  test("of those who are busy each once, before one is asked again", () => {
    const busy: Manner = (said) => [{ said: { type: "refuse", object: said.object, reason: "busy" } }];
    const rig = new Rig({ manners: [busy, busy, busy, honest], delayMinMs: 40, delayMaxMs: 40 });
    rig.want(rig.give(someBytes(100)));
    expect(rig.run(1000, () => rig.fetched() !== undefined)).toBe(true);
    expect(rig.asked.map(({ to }) => to)).toEqual([1, 2, 3, 4]);
  });

  test("the quickest brings most of it, once all were tried", () => {
    const slow: Manner = (said) => [{ said, afterMs: 700 }];
    const rig = new Rig({ manners: [slow, slow, honest], linkBytesPerSecond: 20_000 });
    rig.want(rig.give(someBytes(40 * 2048)));
    expect(rig.run(60_000, () => rig.fetched() !== undefined)).toBe(true);
    const broughtBy = [0, 0, 0, 0];
    for (const { to, count } of rig.asked) broughtBy[to] += count;
    expect(broughtBy[3]).toBeGreaterThan(broughtBy[1] + broughtBy[2]);
  });

  test("a silent one gains no time by being asked for more", () => {
    const rig = mute(1);
    known(rig, 1, 600);
    for (let i = 0; i < 8; i++) {
      rig.want(objectName(PORTS, someBytes(100 + i)));
      rig.run(500);
    }
    // Three in its window at once; it was silent for two seconds, and is asked again 100 ms later.
    expect(rig.asked.slice(0, 4).map(({ at }) => at)).toEqual([0, 500, 1000, 2100]);
  });

  test("each kiosk begins with another member", () => {
    const begun = [0, 1, 2, 3].map((own) => {
      const state = fetches(at(0), 4, own);
      const effects: FetchEffect[] = [];
      const holders = [0, 1, 2, 3].map(memberIndex);
      const name = objectName(PORTS, someBytes(10));
      step(state, { type: "want", at: at(0), subject: "batch", name, holders }, PORTS, effects);
      return sends(effects)[0][0];
    });
    expect(begun).toEqual([1, 2, 3, 0]);
  });
});

describe("who sends what no honest member sends", () => {
  test("is named once, not asked again, and its word is not weighed any more [D06]", () => {
    const rig = mute(2);
    const bytes = someBytes(5 * 2048);
    const name = objectName(PORTS, bytes);
    rig.want(name);
    const right = chunk(bytes, 0);
    const wrong = { ...right, bytes: right.bytes.map((byte) => byte ^ 1) };
    const effects = rig.feed({ type: "chunk", from: ONE, chunk: wrong });
    expect(effects).toContainEqual({ type: "blame", peer: 1, name, why: "not of this object" });
    const counting = counted(PORTS.digest);
    step(rig.state, { type: "chunk", at: at(rig.now), from: ONE, chunk: wrong }, counting, effects);
    expect(counting.domains).toEqual([]);
    rig.feed({ type: "offered", from: ONE, name });
    rig.feed({ type: "chunk", from: ONE, chunk: right });
    rig.run(100_000);
    expect(rig.blamed()).toEqual([1]);
    expect(rig.ignored()).toEqual(["barred", "barred"]);
    expect(rig.asked.filter(({ to }) => to === 1)).toHaveLength(1);
  });

  test("is not asked for other objects either, until the members change", () => {
    const rig = mute(2);
    const bytes = someBytes(100);
    rig.want(objectName(PORTS, bytes));
    rig.feed({ type: "chunk", from: ONE, chunk: { ...chunk(bytes, 0), bytes: new Uint8Array(100) } });
    const other = objectName(PORTS, someBytes(200));
    expect(sends(rig.feed({ type: "want", subject: "batch", name: other, holders: [ONE] }))).toEqual([]);
    rig.feed({ type: "members", count: 3, own: 0 });
    expect(sends(rig.feed({ type: "want", subject: "batch", name: other, holders: [ONE] }))).toEqual([[1, 0, 1]]);
  });

  test("where it was the last that had the object, the fetch ends at once", () => {
    const rig = mute(1);
    const bytes = someBytes(100);
    const name = objectName(PORTS, bytes);
    rig.want(name);
    const effects = rig.feed({ type: "chunk", from: ONE, chunk: { ...chunk(bytes, 0), bytes: new Uint8Array(100) } });
    expect(effects.map(({ type }) => type)).toEqual(["stalled", "blame"]);
  });
});

describe("several objects", () => {
  test("are fetched at once, as many as slots are open, and one more is refused", () => {
    const rig = mute(3);
    const names: ObjectName[] = [];
    for (let i = 0; i < OBJECT_FETCHES_MAX; i++) names.push(objectName(PORTS, someBytes(3000 + i, i)));
    for (const name of names) rig.want(name);
    expect(rig.state.fetches).toHaveLength(OBJECT_FETCHES_MAX);
    const more = objectName(PORTS, someBytes(10));
    const refused = rig.feed({ type: "want", subject: "batch", name: more, holders: [ONE] });
    expect(refused).toEqual([{ type: "refused", name: more, why: "full" }]);
    // Said again is not one more.
    rig.want(names[0]);
    expect(rig.state.fetches).toHaveLength(OBJECT_FETCHES_MAX);
    rig.feed({ type: "forget", name: names[3] });
    rig.want(more);
    expect(rig.state.fetches).toHaveLength(OBJECT_FETCHES_MAX);
  });

  test("one that is stalled gives way to a new one", () => {
    const rig = mute(1);
    for (let i = 0; i < OBJECT_FETCHES_MAX; i++) rig.want(objectName(PORTS, someBytes(100 + i, i)));
    rig.run(100_000);
    expect(rig.state.fetches.every(({ isStalled }) => isStalled)).toBe(true);
    const name = objectName(PORTS, someBytes(10));
    rig.want(name);
    expect(rig.state.fetches).toHaveLength(OBJECT_FETCHES_MAX);
    expect(rig.state.fetches.some((each) => each.name.size === 10 && !each.isStalled)).toBe(true);
  });

  test("a short one does not wait for a long one, even with one member to ask", () => {
    const rig = new Rig({ manners: [honest], linkBytesPerSecond: 4000 });
    const long = someBytes(300_000);
    const short = someBytes(2000, 8);
    rig.want(rig.give(long));
    rig.run(20_000);
    rig.want(rig.give(short));
    // What was asked for before comes first: four chunks at most.
    expect(rig.run(3500, () => rig.fetched() !== undefined)).toBe(true);
    expect(isSame(rig.fetched(), short)).toBe(true);
    expect(rig.state.fetches).toHaveLength(1);
  });

  test("who was silent for one is not tried first for the next", () => {
    const rig = new Rig({ manners: [silent, honest, silent, honest] });
    let slowestMs = 0;
    for (let i = 0; i < 30; i++) {
      const bytes = someBytes(500, i);
      const before = rig.now;
      rig.effects.length = 0;
      rig.want(rig.give(bytes));
      expect(rig.run(20_000, () => rig.fetched() !== undefined)).toBe(true);
      if (i > 0) slowestMs = Math.max(slowestMs, rig.now - before);
      rig.run(500);
    }
    expect(slowestMs).toBeLessThan(11);
  });

  test("another epoch keeps what is here and asks by its own places", () => {
    const rig = mute(3);
    const bytes = someBytes(3 * 2048);
    const name = objectName(PORTS, bytes);
    rig.want(name);
    rig.feed({ type: "chunk", from: ONE, chunk: chunk(bytes, 0) });
    rig.feed({ type: "members", count: 2, own: 1 });
    expect(rig.state.peers).toHaveLength(2);
    const asked = sends(rig.feed({ type: "offered", from: memberIndex(0), name }));
    expect(asked).toEqual([[0, 1, 1]]);
    expect(rig.feed({ type: "heard", from: THREE })).toEqual([{ type: "ignored", why: "no such member" }]);
    for (const index of [1, 2]) rig.feed({ type: "chunk", from: memberIndex(0), chunk: chunk(bytes, index) });
    expect(isSame(rig.fetched(), bytes)).toBe(true);
  });
});

describe("every event in every state", () => {
  test("is acted on or ignored by name", () => {
    const bytes = someBytes(5000);
    const name = objectName(PORTS, bytes);
    const other = objectName(PORTS, someBytes(9));
    const states: (() => Rig)[] = [
      () => mute(),
      () => {
        const rig = mute();
        rig.want(name);
        return rig;
      },
      () => {
        const rig = mute();
        rig.want(name);
        rig.run(200_000);
        return rig;
      },
      () => {
        const rig = new Rig();
        rig.want(rig.give(bytes));
        rig.run(1000);
        return rig;
      },
    ];
    const refuse = { type: "refuse", object: name, reason: "busy" } as const;
    const events: Parameters<Rig["feed"]>[0][] = [
      { type: "want", subject: "snapshot", name, holders: [ONE, memberIndex(0)] },
      { type: "want", subject: "batch", name: { ...name, size: 65_537 }, holders: [ONE] },
      { type: "offered", from: ONE, name },
      { type: "offered", from: ONE, name: other },
      { type: "offered", from: memberIndex(9), name },
      { type: "offered", from: memberIndex(0), name },
      { type: "heard", from: ONE },
      { type: "heard", from: memberIndex(0) },
      { type: "chunk", from: ONE, chunk: chunk(bytes, 1) },
      { type: "chunk", from: ONE, chunk: { ...chunk(bytes, 1), object: other } },
      { type: "chunk", from: ONE, chunk: { ...chunk(bytes, 1), index: 255 } },
      { type: "refuse", from: ONE, refuse },
      { type: "refuse", from: THREE, refuse: { ...refuse, reason: "unknown" } },
      { type: "forget", name },
      { type: "forget", name: other },
      { type: "members", count: 4, own: -1 },
      { type: "tick" },
    ];
    for (const make of states) {
      for (const first of events) {
        for (const second of events) {
          const rig = make();
          rig.feed(first);
          rig.feed(second);
          rig.run(40_000);
        }
      }
    }
    expect(states.length * events.length ** 2).toBe(1156);
  });

  test("time runs forward", () => {
    const state = fetches(at(10), 4, 0);
    expect(() => step(state, { type: "tick", at: at(9) }, PORTS, [])).toThrow("time runs forward");
  });
});
