import { describe, expect, test } from "vitest";
import { OBJECT_FETCHES_MAX } from "../../../../host/engine/objects/limits.ts";
import { objectName } from "../../../../host/engine/objects/tree.ts";
import { memberIndex } from "../../../../protocol/core/units.ts";
import type { ObjectName } from "../../../../protocol/message/fields.ts";
import { chunk, honest, isSame, mute, ONE, PORTS, Rig, sends, silent, someBytes, THREE } from "./rig.ts";

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
