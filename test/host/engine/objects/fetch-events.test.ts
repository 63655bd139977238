import { describe, expect, test } from "vitest";
import { fetches } from "../../../../host/engine/objects/fetch-state.ts";
import { step } from "../../../../host/engine/objects/fetches.ts";
import { objectName } from "../../../../host/engine/objects/tree.ts";
import { memberIndex } from "../../../../protocol/core/units.ts";
import { at, chunk, mute, ONE, PORTS, Rig, someBytes, THREE } from "./rig.ts";

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
