import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boards } from "../../../../hardware/boards/boards.ts";
import {
  headerText,
  lineText,
  parseTrace,
  type Trace,
  type TraceLine,
  traceText,
} from "../../../../hardware/virtual/trace/trace.ts";
import { show, view } from "../../../../hardware/virtual/trace/view.ts";
import { recorded } from "./recorded.ts";

const header = { trace: 1, board: "nrf52-dk", device: "/dev/ttyUSB0", beganAt: 1_700_000_000_000 } as const;
const arbitraryLine = (atMs: number): fc.Arbitrary<TraceLine> =>
  fc.oneof(
    fc
      .record({ direction: fc.constantFrom("down", "up"), bytes: fc.uint8Array({ minLength: 1, maxLength: 512 }) })
      .map(({ direction, bytes }) => ({ type: "bytes", atMs, direction, bytes }) as const),
    fc.string({ maxLength: 100 }).map((words) => ({ type: "note", atMs, words }) as const),
  );
const arbitraryLines = fc
  .array(fc.nat(1_000_000), { maxLength: 20 })
  .chain((times) => fc.tuple(...times.sort((a, b) => a - b).map((us) => arbitraryLine(us / 1000))));

const whyOf = (text: string): string => {
  const parsed = parseTrace(text);
  return parsed.ok ? "" : `${parsed.line}: ${parsed.why}`;
};

describe("a trace", () => {
  test("is read as it was written, to the microsecond", () => {
    fc.assert(
      fc.property(arbitraryLines, (lines) => {
        const trace: Trace = { header, lines };
        expect(parseTrace(traceText(trace))).toEqual({ ok: true, trace });
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("is lines that a person reads: a header, then time, direction and hex", () => {
    expect(headerText(header)).toBe('{"trace":1,"board":"nrf52-dk","device":"/dev/ttyUSB0","beganAt":1700000000000}\n');
    const bytes = Uint8Array.of(0xc0, 0x01, 0xff);
    expect(lineText({ type: "bytes", atMs: 12.34567, direction: "down", bytes })).toBe(
      '{"t":12.346,"down":"c001ff"}\n',
    );
    expect(lineText({ type: "note", atMs: 13, words: "closed" })).toBe('{"t":13,"note":"closed"}\n');
  });

  test("has no line of more than 512 bytes: longer ones are several", () => {
    const text = lineText({ type: "bytes", atMs: 1, direction: "up", bytes: new Uint8Array(1200).fill(7) });
    expect(text.split("\n").map((row) => row.length)).toEqual([1039, 1039, 367, 0]);
    const parsed = parseTrace(headerText(header) + text);
    expect(parsed.ok && parsed.trace.lines.length).toBe(3);
  });

  test("that was cut off in its last line is good up to there", () => {
    const text = `${headerText(header)}{"t":1,"down":"aa"}\n{"t":2,"up":"b`;
    const parsed = parseTrace(text);
    expect(parsed.ok && parsed.trace.lines).toHaveLength(1);
  });

  test("that is none is refused with the line and the reason", () => {
    const head = headerText(header);
    expect(whyOf("")).toBe("1: it is empty");
    expect(whyOf('{"trace":2}\n')).toMatch(/^1: the first line is not that of a trace/);
    expect(whyOf(`${head}{"t":1,"down":"aa"}\nnonsense\n`)).toBe("3: it is not an object of JSON");
    expect(whyOf(`${head}{"t":-1,"down":"aa"}\n`)).toBe('2: "t" is not a time in milliseconds');
    expect(whyOf(`${head}{"t":2,"up":"aa"}\n{"t":1,"up":"aa"}\n`)).toBe("3: its time is before that of the line above");
    expect(whyOf(`${head}{"t":1,"left":"aa"}\n`)).toMatch(/^2: "left" is not known/);
    expect(whyOf(`${head}{"t":1,"up":"aa","down":"aa"}\n`)).toMatch(/one of "down", "up", "note"$/);
    for (const bad of ["a", "zz", "00".repeat(513)]) {
      expect(whyOf(`${head}{"t":1,"up":"${bad}"}\n`)).toMatch(/^2: the bytes are not pairs of hex digits/);
    }
  });

  test("takes whatever bytes it is given without an exception", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
        expect(typeof parseTrace(text).ok).toBe("boolean");
        expect(typeof parseTrace(headerText(header) + text).ok).toBe("boolean");
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe("a trace in words", () => {
  const wordsOf = (frames: boolean): string[] => {
    const shown = view(frames);
    return recorded(boards.nrf52).lines.flatMap((line) => show(shown, line));
  };

  test("tells who asks, what is ordered and what is answered, with its time", () => {
    const words = wordsOf(false);
    expect(words[0]).toMatch(
      /^ +0\.400000 {2}<-|^ +0\.\d{6} (<-|->) reset session=\d+ version=\d+\.\d+ space=\d+ position=\d+$/,
    );
    const said = words.map((line) => line.slice(13));
    expect(said.filter((line) => line.startsWith("-> ") && !line.includes("reset"))).toEqual([
      "-> High start role=server name=recorded",
      "-> Normal echo bytes=000102030405060708090a0b0c0d0e0f… (300 B)",
      "-> Normal logLevel level=2",
      "-> High cancel",
      "-> Normal counters",
      "-> Normal echo bytes=c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0… (100 B)",
    ]);
    expect(
      said.some((line) => /^<- Critical hello build=.* board=nrf52-dk .*address=c0:de:00:00:00:00/.test(line)),
    ).toBe(true);
    expect(said).toContain("<- High ready role=server");
    expect(said.some((line) => /^<- Low counters values=\{.*sessions=1/.test(line))).toBe(true);
  });

  test("shows each frame where that is asked for", () => {
    const words = wordsOf(true);
    expect(words.length).toBeGreaterThan(2 * wordsOf(false).length);
    expect(words.some((line) => /-> data #\d+ Normal last \d+ B ack=\d+ position=\d+ grant=\d+$/.test(line))).toBe(
      true,
    );
  });

  test("calls noise noise, and what a board says cannot steer a terminal", () => {
    const shown = view(false);
    const banner = Uint8Array.from("\u001b[2J\r\nets Jun  8\r\n", (character) => character.charCodeAt(0));
    const bytes = Uint8Array.of(...banner, 0xc0);
    const words = show(shown, { type: "bytes", atMs: 1, direction: "up", bytes });
    expect(words).toEqual(["    0.001000 <- noise (damaged): 1b5b324a0d0a657473204a756e202038… (19 B)"]);
    const booting = recorded(boards.esp32).lines.flatMap((line) => show(shown, line));
    expect(booting.join("\n")).toContain('noise (damaged): "ets Jun  8 2016');
    for (const line of booting) expect(line).toMatch(/^[^\p{Cc}]*$/u);
  });
});
