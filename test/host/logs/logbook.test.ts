import { describe, expect, test } from "vitest";
import type { Entry, Told, Urgency } from "../../../host/logs/entry.ts";
import { LEVELS, PARTS, type Part, tells } from "../../../host/logs/levels.ts";
import { DEBUG_BURST_MAX, KIND_BURST_MAX, KINDS_MAX } from "../../../host/logs/limits.ts";
import { type LogEffect, type LogEvent, levelOf, logbook, step } from "../../../host/logs/logbook.ts";
import { chance, drawBelow } from "../../../protocol/core/chance.ts";
import { millis } from "../../../protocol/core/units.ts";

const entry = (what: string, level: Urgency = "info", part: Part = "mesh", at = 0): Told => ({ at, part, level, what });

/** A book with a clock, and what it wrote. */
function reader(level: (typeof LEVELS)[number] = "info", levels = {}) {
  const book = logbook(level, levels);
  const written: Entry[] = [];
  const act = (event: LogEvent): void => {
    const effects: LogEffect[] = [];
    step(book, event, effects);
    for (const effect of effects) {
      if (effect.type === "write") written.push(effect.entry);
      else if (event.type === "told") written.push({ ...event.told, values: {} });
    }
  };
  return {
    book,
    written,
    tell: (now: number, told: Told) => act({ type: "told", now: millis(now), told }),
    set: (part: Part | undefined, to: (typeof LEVELS)[number] | undefined) =>
      act({ type: "set", now: millis(0), at: 7, part, level: to }),
    tick: (now: number) => act({ type: "tick", now: millis(now), at: now }),
  };
}

const words = (written: readonly Entry[]): string[] =>
  written.map(({ what, values }) => (what === "kept back" ? `${values["count"]} × ${values["what"]}` : what));

describe("a level", () => {
  test("lets through what is as urgent or more, and silence nothing", () => {
    const all: readonly Urgency[] = ["error", "warn", "info", "debug"];
    const through = LEVELS.map((set) => all.filter((level) => tells(set, level)).length);
    expect(through).toEqual([0, 1, 2, 3, 4]);
  });

  test("is each part's own, or that of all", () => {
    const { written, tell } = reader("warn", { mesh: "debug", radio: "silent" });
    for (const part of ["mesh", "radio", "engine"] as const) {
      for (const level of ["error", "warn", "info", "debug"] as const) tell(0, entry(`${part} ${level}`, level, part));
    }
    expect(words(written)).toEqual([
      "mesh error",
      "mesh warn",
      "mesh info",
      "mesh debug",
      "engine error",
      "engine warn",
    ]);
  });

  test("changes at once while it runs, is told of, and goes back to that of all", () => {
    const { book, written, tell, set } = reader("silent");
    tell(0, entry("a"));
    set("mesh", "debug");
    tell(0, entry("b", "debug"));
    tell(0, entry("c", "error", "radio"));
    set("mesh", undefined);
    tell(0, entry("d"));
    set(undefined, "info");
    tell(0, entry("e"));
    expect(written.map(({ what, values }) => [what, values["of"], values["level"]])).toEqual([
      ["log level set", "mesh", "debug"],
      ["b", undefined, undefined],
      ["log level set", "mesh", "silent"],
      ["log level set", "all", "info"],
      ["e", undefined, undefined],
    ]);
    for (const part of PARTS) expect(levelOf(book, part)).toBe("info");
  });
});

describe("of one kind of message", () => {
  test("no more is written than a person reads, and what was kept back is counted", () => {
    const { written, tell, tick } = reader();
    for (let i = 0; i < 1000; i++) tell(0, entry("lost"));
    expect(words(written)).toEqual(Array(KIND_BURST_MAX).fill("lost"));
    tell(0, entry("other"));
    tell(999, entry("lost"));
    expect(words(written.slice(KIND_BURST_MAX))).toEqual(["other"]);
    tell(1000, entry("lost"));
    expect(words(written.slice(KIND_BURST_MAX + 1))).toEqual([`${1001 - KIND_BURST_MAX} × lost`, "lost"]);
    tell(1000, entry("lost"));
    tick(1001);
    tick(1002);
    expect(words(written.slice(KIND_BURST_MAX + 3))).toEqual(["1 × lost"]);
  });

  test("each level and each part has its own allowance, and debug a larger one", () => {
    const { written, tell } = reader("debug");
    for (let i = 0; i < 1000; i++) {
      tell(0, entry("x", "info", "mesh"));
      tell(0, entry("x", "info", "radio"));
      tell(0, entry("x", "debug", "mesh"));
    }
    expect(written.length).toBe(2 * KIND_BURST_MAX + DEBUG_BURST_MAX);
  });

  test("what its level keeps out uses nothing up and is not counted", () => {
    const { book, written, tell, set } = reader("warn");
    for (let i = 0; i < 1000; i++) tell(0, entry("x"));
    expect([written, book.kindCount]).toEqual([[], 0]);
    set(undefined, "info");
    tell(0, entry("x"));
    expect(words(written)).toEqual(["log level set", "x"]);
  });

  test("a clock that stands or runs back gives nothing", () => {
    const { written, tell } = reader();
    for (let i = 0; i < 100; i++) tell(1000 - i, entry("x"));
    expect(written.length).toBe(KIND_BURST_MAX);
  });
});

describe("whatever comes, in however many kinds", () => {
  test("memory is bounded, kinds beyond it share one allowance a part, and quiet ones are forgotten", () => {
    const { book, written, tell, tick } = reader();
    for (let i = 0; i < 10_000; i++) tell(0, entry(`kind ${i}`));
    expect(book.kindCount).toBeLessThanOrEqual(KINDS_MAX + PARTS.length * LEVELS.length);
    expect(written.length).toBe(KINDS_MAX + KIND_BURST_MAX);
    tick(1);
    expect(words(written.slice(-1))).toEqual([`${10_000 - KINDS_MAX - KIND_BURST_MAX} × of several kinds`]);
    tick(60_000);
    expect([book.kindCount, Object.keys(book.kinds)]).toEqual([0, []]);
  });

  test("nothing is lost in silence: what is written and what is counted is what was told", () => {
    const from = chance(20);
    const { book, written, tell, tick } = reader("debug");
    let now = 0;
    const told = 20_000;
    for (let i = 0; i < told; i++) {
      now += drawBelow(from, 3);
      const level = (["error", "warn", "info", "debug"] as const)[drawBelow(from, 4)];
      tell(now, entry(`kind ${drawBelow(from, 5)}`, level, PARTS[drawBelow(from, 3)]));
      if (drawBelow(from, 100) === 0) tick(now);
    }
    tick(now);
    const counted = written.reduce(
      (sum, { what, values }) => sum + (what === "kept back" ? Number(values["count"]) : 1),
      0,
    );
    expect(counted).toBe(told);
    expect(written.length).toBeLessThan(0.7 * told);
    expect(structuredClone(book)).toEqual(book);
  });

  test("names that every object has are kinds as others are", () => {
    const { written, tell } = reader();
    for (const what of ["__proto__", "constructor", "toString"]) tell(0, entry(what));
    expect(words(written)).toEqual(["__proto__", "constructor", "toString"]);
  });
});
