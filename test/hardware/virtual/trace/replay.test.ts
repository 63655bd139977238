import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boards } from "../../../../hardware/boards/boards.ts";
import { differences } from "../../../../hardware/virtual/trace/differences.ts";
import { inItsPart, literally, sessionsOf, virtualBoardParty } from "../../../../hardware/virtual/trace/parties.ts";
import { replay, wordsOf } from "../../../../hardware/virtual/trace/replay.ts";
import type { Trace, TraceLine } from "../../../../hardware/virtual/trace/trace.ts";
import type { SessionEffect } from "../../../../host/radio/events.ts";
import { chance, drawBytes } from "../../../../protocol/core/chance.ts";
import { ACTS, recorded, sessionParty } from "./recorded.ts";

const nrf52 = recorded(boards.nrf52);

describe("a recording played to a board", () => {
  test("of the same kind is answered as it was then, over a link of its own and with another boot", () => {
    const replayed = replay(nrf52, "up", inItsPart(nrf52, "down"), virtualBoardParty(boards.nrf52, 2));
    expect(replayed.then.length).toBeGreaterThan(5);
    expect(replayed.differences).toEqual([]);
    expect(wordsOf(replayed.lines, "down")).toEqual(wordsOf(nrf52.lines, "down"));
  });

  test("of another kind differs in its hello, and in that alone", () => {
    const { differences } = replay(nrf52, "up", inItsPart(nrf52, "down"), virtualBoardParty(boards.esp32c3, 1));
    expect(differences.map(({ type, words }) => [type, words.slice(0, 20)])).toEqual([
      ["missing", "hello board=nrf52-dk"],
      ["new", "hello board=esp32c3 "],
    ]);
  });

  test("byte for byte, with noise between, leaves a board that still answers", () => {
    const random = chance(3);
    const noisy: Trace = {
      ...nrf52,
      lines: nrf52.lines.flatMap((line): TraceLine[] =>
        line.type === "bytes" ? [line, { ...line, bytes: drawBytes(random, 20) }] : [line],
      ),
    };
    const { lines } = replay(noisy, "up", literally(noisy, "down"), virtualBoardParty(boards.nrf52, 1));
    expect(lines.filter((line) => line.type === "bytes" && line.direction === "up").length).toBeGreaterThan(3);
  });
});

describe("a recording played to a host", () => {
  test("byte for byte makes it say the same, byte for byte, if it is told the same", () => {
    const [{ session }] = sessionsOf(nrf52, "down");
    const heard: SessionEffect[] = [];
    const host = sessionParty(500, ACTS, heard, session);
    const replayed = replay(nrf52, "down", literally(nrf52, "up"), host);
    expect(replayed.differences).toEqual([]);
    const then: SessionEffect[] = [];
    recorded(boards.nrf52, then);
    expect(heard.filter(({ type }) => type === "news")).toEqual(then.filter(({ type }) => type === "news"));
    expect(heard.some(({ type }) => type === "up")).toBe(true);
  });

  test("by a board's part tells it what the board told then, and shows the order that is missing", () => {
    const fewer = ACTS.filter(({ order }) => order.type !== "logLevel");
    const heard: SessionEffect[] = [];
    const { differences } = replay(nrf52, "down", inItsPart(nrf52, "up"), sessionParty(500, fewer, heard));
    expect(differences).toEqual([{ type: "missing", at: 3, words: "logLevel level=2" }]);
    expect(heard.some((effect) => effect.type === "up" && effect.hello.board === "nrf52-dk")).toBe(true);
  });

  test("that began in the middle is played from there", () => {
    const late: Trace = { ...nrf52, lines: nrf52.lines.filter(({ atMs }) => atMs > 1150) };
    const { then, now, lines } = replay(late, "up", inItsPart(late, "down"), virtualBoardParty(boards.nrf52, 1));
    expect(now.filter((words) => words.startsWith("echo"))).toEqual(then.filter((words) => words.startsWith("echo")));
    expect(now.some((words) => words.startsWith("hello"))).toBe(true);
    // What was said at once waits until the link is open.
    expect(wordsOf(lines, "down")).toEqual(wordsOf(late.lines, "down"));
  });
});

test("differences are few, in order, and turn one list into the other", () => {
  const words = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });
  fc.assert(
    fc.property(words, words, (then, now) => {
      const found = differences(then, now);
      const missing = new Set(found.flatMap(({ type, at }) => (type === "missing" ? [at] : [])));
      const news = new Set(found.flatMap(({ type, at }) => (type === "new" ? [at] : [])));
      const common = then.filter((_, at) => !missing.has(at + 1));
      expect(now.filter((_, at) => !news.has(at + 1))).toEqual(common);
      for (const { type, at, words } of found) expect((type === "missing" ? then : now)[at - 1]).toBe(words);
    }),
    { seed: 1, numRuns: 300 },
  );
  expect(differences(["a", "b", "c"], ["a", "c"])).toEqual([{ type: "missing", at: 2, words: "b" }]);
  expect(differences(["a", "b"], ["a", "b"])).toEqual([]);
});
