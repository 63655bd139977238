import { PassThrough, Writable } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import type { Entry } from "../../../host/logs/entry.ts";
import { PARTS } from "../../../host/logs/levels.ts";
import { KIND_BURST_MAX, QUEUE_SIZE_MAX } from "../../../host/logs/limits.ts";
import { logger } from "../../../host/logs/logger.ts";
import type { Sink } from "../../../host/logs/sink.ts";
import { streamForm, streamSink } from "../../../host/logs/stream-sink.ts";
import { millis } from "../../../protocol/core/units.ts";

function kept(): Sink & { readonly entries: Entry[]; ended: string[] } {
  const entries: Entry[] = [];
  const ended: string[] = [];
  return {
    ...{ entries, ended, lost: () => 3 },
    write: (entry) => entries.push(entry),
    flushSync: () => ended.push("flushed"),
    close: async () => {
      ended.push("closed");
    },
  };
}

const clock = { now: () => millis(0), wall: () => 1000 };

describe("a part's log", () => {
  test("tells what its level lets through, to every sink, with what may be shown", () => {
    const sinks = [kept(), kept()];
    const { of } = logger({ level: "info", levels: { mesh: "debug" }, clock, sinks });
    of("mesh").debug("link up", { key: new Uint8Array(32) });
    of("radio").debug("byte", { at: 1 });
    of("radio").error("gone\n", { secret: "x" });
    for (const { entries } of sinks) {
      expect(entries).toEqual([
        { at: 1000, part: "mesh", level: "debug", what: "link up", values: { key: "00000000…" } },
        { at: 1000, part: "radio", level: "error", what: "gone\ufffd", values: { secret: "(hidden)" } },
      ]);
    }
  });

  test("computes nothing that is not told", () => {
    const { of } = logger({ level: "info", clock, sinks: [] });
    const compute = vi.fn(() => ({ a: 1 }));
    of("mesh").debug("x", compute);
    expect(compute).not.toHaveBeenCalled();
    of("mesh").info("x", compute);
    expect(compute).toHaveBeenCalledTimes(1);
    for (let i = 0; i < 100; i++) of("mesh").info("x", compute);
    expect(compute).toHaveBeenCalledTimes(KIND_BURST_MAX);
    expect([of("mesh").tells("debug"), of("mesh").tells("info")]).toEqual([false, true]);
  });

  test("taken once follows its part's level when that changes", () => {
    const sink = kept();
    const { of, set, levels } = logger({ level: "warn", clock, sinks: [sink] });
    const log = of("radio");
    log.info("a");
    set("radio", "info");
    log.info("b");
    expect(sink.entries.map(({ what }) => what)).toEqual(["log level set", "b"]);
    expect(levels()).toEqual({ ...Object.fromEntries(PARTS.map((part) => [part, "warn"])), radio: "info" });
  });

  test("at the end what was kept back is told, and every sink is closed", async () => {
    const sink = kept();
    const { of, close, flushSync, lost } = logger({ level: "info", clock, sinks: [sink] });
    for (let i = 0; i < 25; i++) of("mesh").info("x");
    flushSync();
    expect(sink.entries.at(-1)?.values).toEqual({ what: "x", count: 5 });
    await close();
    expect([sink.ended, lost()]).toEqual([["flushed", "closed"], 3]);
  });
});

describe("a stream", () => {
  const entry: Entry = { at: 0, part: "mesh", level: "warn", what: "x", values: {} };

  test("is text on a terminal and JSON elsewhere, with priorities for journald alone", () => {
    expect(streamForm("auto", true, undefined)).toEqual({ form: "text", isJournal: false });
    expect(streamForm("auto", false, "8:1")).toEqual({ form: "json", isJournal: true });
    expect(streamForm("text", false, undefined)).toEqual({ form: "text", isJournal: false });
    expect(streamForm("json", true, "8:1")).toEqual({ form: "json", isJournal: false });
    const said = (isJournal: boolean, form: "json" | "text"): string => {
      const stream = new PassThrough();
      streamSink(stream, { form, isJournal }).write(entry);
      return String(stream.read());
    };
    expect(said(true, "json")).toMatch(/^<4>\{"at":.*\}\n$/);
    expect(said(false, "json")).toMatch(/^\{"at":.*\}\n$/);
    expect(said(false, "text")).toBe("00:00:00.000 warn  mesh      x\n");
  });

  test("that nobody reads makes no more wait than there is room for, and says what was lost", async () => {
    const waiting: (() => void)[] = [];
    const lines: string[] = [];
    const stream = new Writable({
      write(chunk, _, done) {
        lines.push(String(chunk));
        waiting.push(done);
      },
    });
    const sink = streamSink(stream, { form: "json", isJournal: false });
    for (let i = 0; i < 10_000; i++) sink.write(entry);
    expect(stream.writableLength).toBeLessThan(QUEUE_SIZE_MAX + 5000);
    const lost = sink.lost();
    expect(lost).toBeGreaterThan(1000);
    while (waiting.length > 0) {
      waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
      if (stream.writableLength === 0) break;
    }
    sink.write(entry);
    expect(lines.length + lost).toBe(10_000 + 1);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ what: "log lines lost", with: { count: lost } });
  });

  test("whose reader has gone costs lines and nothing else", async () => {
    const stream = new PassThrough();
    const sink = streamSink(stream, { form: "json", isJournal: false });
    stream.destroy(new Error("EPIPE"));
    await new Promise((resolve) => setImmediate(resolve));
    sink.write(entry);
    expect(sink.lost()).toBe(1);
    await sink.close();
  });
});
