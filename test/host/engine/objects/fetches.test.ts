import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import type { FetchEffect } from "../../../../host/engine/objects/fetch-events.ts";
import { nextDeadline, step } from "../../../../host/engine/objects/fetches.ts";
import {
  ASK_CHUNKS_MAX,
  ASK_TIMEOUT_MS,
  FETCH_TIMEOUT_MS,
  PEER_STALE_MS,
  RETRY_MAX_MS,
  RETRY_MIN_MS,
} from "../../../../host/engine/objects/limits.ts";
import { objectName } from "../../../../host/engine/objects/tree.ts";
import { at, chunk, isSame, mute, ONE, PORTS, Rig, sends, someBytes, THREE, TWO } from "./rig.ts";

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
