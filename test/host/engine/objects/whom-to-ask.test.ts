import { describe, expect, test } from "vitest";
import type { FetchEffect } from "../../../../host/engine/objects/fetch-events.ts";
import { fetches } from "../../../../host/engine/objects/fetch-state.ts";
import { step } from "../../../../host/engine/objects/fetches.ts";
import { objectName } from "../../../../host/engine/objects/tree.ts";
import { memberIndex } from "../../../../protocol/core/units.ts";
import { at, chunk, counted, honest, type Manner, mute, ONE, PORTS, Rig, sends, someBytes } from "./rig.ts";

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
