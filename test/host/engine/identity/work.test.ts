import { describe, expect, test } from "vitest";
import { requiredWork } from "../../../../host/engine/identity/difficulty.ts";
import { workRequired } from "../../../../host/engine/identity/state.ts";
import { sourceName } from "../../../../host/engine/identity/whence.ts";
import { bitsOf } from "../../../../host/engine/identity/work.ts";
import { BASE, feed, judge, keyOf, pass, proved, recordOf, rig, show, showProved, WALL_MS, words } from "./records.ts";

describe("work", () => {
  test("grows by half with each identity of one source in an hour, for each other source it does not, and falls back after it [A05]", () => {
    const here = rig();
    for (let before = 0; before <= 8; before++) {
      const required = requiredWork(16, before);
      const difficultyBits = bitsOf(required);
      const low = showProved(here, recordOf(100 + before, { difficultyBits }), required - 1);
      expect(low).toMatchObject([{ why: "too little work", requiredWork: required }]);
      expect(words(showProved(here, recordOf(before, { difficultyBits }), required))).toEqual(["accepted"]);
      if (before > 1) expect(words(show(here, recordOf(200, { difficultyBits: 16 })))).toEqual(["too little work"]);
      expect(words(showProved(here, recordOf(300 + before), BASE, `far ${before}`))).toEqual(["accepted"]);
      pass(here, 100_000);
    }
    const asked = (source: string): number =>
      workRequired(
        here.of,
        "bleLight",
        here.of.sources.find(({ name }) => name === source),
        keyOf(50),
      );
    expect(asked("near")).toBe(requiredWork(16, 9));
    expect(asked("elsewhere")).toBe(BASE);
    // The first of them was 900 s ago, the last 100.
    pass(here, 3600_000 - 900_000 - 1);
    expect(asked("near")).toBe(requiredWork(16, 9));
    pass(here, 1);
    expect(asked("near")).toBe(requiredWork(16, 8));
    pass(here, 801_000);
    expect(asked("near")).toBe(BASE);
    expect(here.of.sources.find(({ name }) => name === "near")?.identities).toEqual([]);
  });

  test("is what it is when the proof is known: of two at a time the second pays for both [A05]", () => {
    const here = rig({ verifierCount: 2 });
    show(here, recordOf(1));
    show(here, recordOf(2));
    expect(words(judge(here, proved(BASE)))).toEqual(["accepted"]);
    expect(here.of.underWay).toHaveLength(1);
    expect(judge(here, proved(BASE))).toMatchObject([{ why: "too little work", requiredWork: 1.5 * BASE }]);
  });

  test("does not grow by what was refused, nor by a renewal [A05]", () => {
    const here = rig();
    for (let number = 1; number < 6; number++) {
      show(here, recordOf(number));
      judge(here, { type: "forged" });
    }
    for (let later = 0; later < 5; later++) {
      expect(words(showProved(here, recordOf(9, { timestamp: WALL_MS + later }), BASE))).toEqual(["accepted"]);
    }
    expect(here.of.sources[0]!.identities).toHaveLength(1);
  });

  test("follows the size of the network, as the verifier counts it and no record says [A06]", () => {
    const here = rig({ profiles: [{ name: "ecRust" }], networkSize: 1000 });
    const required = (): number => workRequired(here.of, "ecRust", undefined, keyOf(1));
    const works = [1000, 9999, 10_000, 100_000, 1_000_000].map((networkSize) => {
      feed(here, { type: "counted", networkSize });
      return Math.log2(required());
    });
    expect(works).toEqual([17, 17, 18, 19, 20]);
    expect(words(show(here, recordOf(1, { profile: "ecRust", difficultyBits: 18 })))).toEqual(["too little work"]);
    expect(words(show(here, recordOf(1, { profile: "ecRust", difficultyBits: 20 })))).toEqual(["verify"]);
  });

  test("of a demonstration is the table's own base [A04]", () => {
    const here = rig({ profiles: [{ name: "bleLight", baseBits: 8 }] });
    expect(words(showProved(here, recordOf(1, { difficultyBits: 8 }), 256))).toEqual(["accepted"]);
  });
});

test("a source is what nobody has many of: a network, a proven neighbour, or a place before a radio [A05]", () => {
  const relay = keyOf(1);
  expect(sourceName({ network: "AS64500", relay, radio: 1, rssiDbm: -60 })).toBe("network AS64500");
  expect(sourceName({ relay, radio: 1, rssiDbm: -60 })).toBe(sourceName({ relay, radio: 2, rssiDbm: -90 }));
  expect(sourceName({ relay, radio: 1 })).not.toBe(sourceName({ relay: keyOf(2), radio: 1 }));
  expect(sourceName({ radio: 1, rssiDbm: -61 })).toBe(sourceName({ radio: 1, rssiDbm: -69 }));
  expect(sourceName({ radio: 1, rssiDbm: -61 })).not.toBe(sourceName({ radio: 1, rssiDbm: -71 }));
  expect(sourceName({ radio: 1, rssiDbm: -61 })).not.toBe(sourceName({ radio: 2, rssiDbm: -61 }));
  // A hundred addresses in one place are one: the second identity is dearer than the first.
  const here = rig();
  showProved(here, recordOf(1), BASE, sourceName({ radio: 1, rssiDbm: -61 }));
  expect(showProved(here, recordOf(2), BASE, sourceName({ radio: 1, rssiDbm: -64 }))).toMatchObject([
    { why: "too little work" },
  ]);
});
