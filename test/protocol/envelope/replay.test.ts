import fc from "fast-check";
import { expect, test } from "vitest";
import { COUNTER_MAX, MEMBERS_MAX, REPLAY_WINDOW } from "../../../protocol/core/limits.ts";
import { CRITICAL, LOW } from "../../../protocol/core/packet-class.ts";
import { counter, memberIndex } from "../../../protocol/core/units.ts";
import { open } from "../../../protocol/envelope/open.ts";
import { lookForReplay, markReplay, type ReplayWindows, replayWindows } from "../../../protocol/envelope/replay.ts";
import { examples } from "../message/examples.ts";
import { context, member, sealBy, verifying } from "./people.ts";

const ONE = memberIndex(1);
const look = (replay: ReplayWindows, count: number): string => lookForReplay(replay, ONE, CRITICAL, counter(count));
const mark = (replay: ReplayWindows, count: number): void => markReplay(replay, ONE, CRITICAL, counter(count));

test("a replay is refused inside the window by its mark and below the window by its age [H07]", () => {
  const opener = context();
  const sealed = [500, 499, 501, 500 - 60].map((count) => sealBy(examples.vote, member(1, count)));
  for (const bytes of sealed) expect(open(bytes, opener, verifying())).toMatchObject({ ok: true });
  for (const bytes of sealed) expect(open(bytes, opener, verifying())).toMatchObject({ ok: false, why: "repeated" });
  expect(open(sealBy(examples.vote, member(1, 10_000)), opener, verifying())).toMatchObject({ ok: true });
  for (const bytes of sealed) {
    expect(open(bytes, opener, verifying())).toMatchObject({ ok: false, verdict: "ignore", why: "below the window" });
  }
});

test("whatever the order of counters, each opens at most once, and always while it is within the window [H07]", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 400 }), fc.nat(), (steps, base) => {
      const replay = replayWindows(MEMBERS_MAX);
      const seen = new Set<number>();
      let highest = -1;
      for (const step of steps) {
        const count = base + step;
        const expected =
          count > highest
            ? "fresh"
            : count <= highest - REPLAY_WINDOW
              ? "below the window"
              : seen.has(count)
                ? "repeated"
                : "fresh";
        expect(look(replay, count)).toBe(expected);
        if (expected !== "fresh") continue;
        mark(replay, count);
        seen.add(count);
        highest = Math.max(highest, count);
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("the window's edge is exact, also at the largest counter [H07]", () => {
  for (const top of [REPLAY_WINDOW, 1000, COUNTER_MAX]) {
    const replay = replayWindows(MEMBERS_MAX);
    mark(replay, top);
    expect(look(replay, top)).toBe("repeated");
    expect(look(replay, top - REPLAY_WINDOW + 1)).toBe("fresh");
    expect(look(replay, top - REPLAY_WINDOW)).toBe("below the window");
  }
});

test("to look marks nothing [H07]", () => {
  const replay = replayWindows(MEMBERS_MAX);
  mark(replay, 5);
  const before = structuredClone(replay);
  for (let count = 0; count < 300; count++) look(replay, count);
  expect(replay).toEqual(before);
});

test("one sender's counters say nothing about another's, nor one class's about another's", () => {
  const replay = replayWindows(MEMBERS_MAX);
  mark(replay, 100_000);
  expect(lookForReplay(replay, memberIndex(2), CRITICAL, counter(5))).toBe("fresh");
  // A heartbeat that a thousand votes have overtaken is late and no replay.
  expect(lookForReplay(replay, ONE, LOW, counter(5))).toBe("fresh");
});

test("a heartbeat that waited behind a thousand votes still opens, once [H07]", () => {
  const opener = context();
  const heartbeat = sealBy(examples.heartbeat, member(1, 4));
  expect(open(sealBy(examples.vote, member(1, 1004)), opener, verifying())).toMatchObject({ ok: true });
  expect(open(heartbeat, opener, verifying())).toMatchObject({ ok: true });
  expect(open(heartbeat, opener, verifying())).toMatchObject({ ok: false, why: "repeated" });
});

test("the memory of a full table never grows", () => {
  const replay = replayWindows(MEMBERS_MAX);
  const wordsOf = () => replay.windows.map(({ words }) => words.length);
  const words = wordsOf();
  for (let count = 0; count < 5 * REPLAY_WINDOW; count += 7) mark(replay, count);
  expect(replay.windows.length).toBe(MEMBERS_MAX * 4);
  expect(wordsOf()).toEqual(words);
});
