import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Entry } from "../../../host/logs/entry.ts";
import { LINE_SIZE_MAX } from "../../../host/logs/limits.ts";
import { jsonLine, PRIORITY, textLine } from "../../../host/logs/lines.ts";
import { HIDDEN, shortName, shown, text } from "../../../host/logs/shown.ts";

const KEY = Uint8Array.from({ length: 32 }, (_, at) => at + 0xa0);
const HEX = Buffer.from(KEY).toString("hex");

describe("of a key", () => {
  test("four bytes are shown, in whatever it comes", () => {
    expect(shortName(KEY)).toBe("a0a1a2a3…");
    expect(shortName(KEY.subarray(0, 4))).toBe("a0a1a2a3");
    const values = {
      key: KEY,
      buffer: Buffer.from(KEY),
      words: new Uint16Array(KEY.buffer),
      text: HEX,
      said: `is ${HEX.toUpperCase()}!`,
    };
    expect(shown({ ...values, of: [KEY, { key: HEX }], why: new Error(`bad ${HEX}`) })).toEqual({
      ...{ key: "a0a1a2a3…", buffer: "a0a1a2a3…", words: "a0a1a2a3…", text: "a0a1a2a3…", said: "is A0A1A2A3…!" },
      ...{ of: ["a0a1a2a3…", { key: "a0a1a2a3…" }], why: "bad a0a1a2a3…" },
    });
  });

  test("no more is left where a long text is cut within it", () => {
    for (let before = 440; before < 520; before++) {
      expect(text(`${"z".repeat(before)}${HEX}`)).not.toMatch(/[0-9a-fA-F]{9}/);
    }
  });

  test("that is called a secret nothing is shown, and of a number under such a name all", () => {
    const values = {
      secret: "x",
      tableSecret: HEX,
      dice_secret: KEY,
      passphrase: "open",
      privateKey: KEY,
      seed: [1, 2],
      psk: { a: 1 },
    };
    for (const value of Object.values(shown({ ...values, deep: undefined }))) expect(value).toBe(HIDDEN);
    expect(shown({ a: { b: { secret: "x" } } })).toEqual({ a: { b: { secret: HIDDEN } } });
    expect(shown({ seed: 42, hasSecret: true, secret: null })).toEqual({ seed: 42, hasSecret: true, secret: null });
  });
});

describe("of anything else", () => {
  test("as much is shown as one looks at, and nothing that is no value", () => {
    expect(shown({ a: 1, b: -0.5, c: true, d: null, e: undefined, f: () => 1, g: 10n, h: Number.NaN })).toEqual({
      ...{ a: 1, b: -0.5, c: true, d: null, g: "10", h: "NaN" },
    });
    const round: { [name: string]: unknown } = {};
    round["self"] = round;
    expect(shown(round)).toEqual({ self: { self: { self: "…" } } });
    expect((shown({ list: Array(1000).fill(1) })["list"] as number[]).length).toBe(32);
    expect(Object.keys(shown(Object.fromEntries([...Array(1000).keys()].map((at) => [`k${at}`, at])))).length).toBe(32);
    expect(String(shown({ a: "x".repeat(10_000) })["a"]).length).toBe(513);
    expect(Object.keys(shown(JSON.parse('{"__proto__": 1}')))).toEqual(["__proto__"]);
  });

  test("a peer's text commands no terminal, begins no line and turns none round", () => {
    expect(text("a\u001b[2Jb\nc\rd\u2028e\u202ef\u009bg\ud800h")).toBe(
      "a\ufffd[2Jb\ufffdc\ufffdd\ufffde\ufffdf\ufffdg\ufffdh",
    );
    expect(text("ä 🎲 …")).toBe("ä 🎲 …");
  });
});

const entry = (values: Entry["values"], what = "link lost"): Entry => ({
  ...{ at: Date.UTC(2026, 10, 21, 12, 30, 1, 250), part: "radio", level: "warn", what, values },
});

describe("a line", () => {
  test("is JSON for programs and text for people", () => {
    expect(jsonLine(entry({ link: 3, why: "a b" }))).toBe(
      '{"at":"2026-11-21T12:30:01.250Z","level":"warn","part":"radio","what":"link lost","with":{"link":3,"why":"a b"}}',
    );
    expect(jsonLine(entry({}))).toBe(
      '{"at":"2026-11-21T12:30:01.250Z","level":"warn","part":"radio","what":"link lost"}',
    );
    expect(textLine(entry({ link: 3, why: "a b", key: "a0…", of: [1, 2] }))).toBe(
      '12:30:01.250 warn  radio     link lost  link=3 why="a b" key=a0… of=[1,2]',
    );
    expect(textLine(entry({}))).toBe("12:30:01.250 warn  radio     link lost");
    expect(jsonLine({ ...entry({}), at: Number.NaN })).toContain("1970-01-01");
    expect(jsonLine({ ...entry({}), at: 1e300 })).toContain("1970-01-01");
    expect(PRIORITY).toEqual({ error: "<3>", warn: "<4>", info: "<6>", debug: "<7>" });
  });

  test("is one line within its bound, whatever it tells, and JSON stays JSON", () => {
    const big = { list: Array(32).fill("ä".repeat(512)) };
    expect(JSON.parse(jsonLine(entry(shown(big))))).toMatchObject({ what: "link lost", cut: expect.any(Number) });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.string({ unit: "binary" }), (values, what) => {
        const told = entry(shown(values), text(what));
        for (const line of [jsonLine(told), textLine(told)]) {
          for (const letter of ["\n", "\r", "\u2028", "\u001b"]) expect(line).not.toContain(letter);
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LINE_SIZE_MAX);
        }
        expect(JSON.parse(jsonLine(told))).toMatchObject({ level: "warn", part: "radio" });
      }),
      { seed: 20, numRuns: 300 },
    );
  });
});
