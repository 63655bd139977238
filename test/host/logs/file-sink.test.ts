import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Entry } from "../../../host/logs/entry.ts";
import { fileSink } from "../../../host/logs/file-sink.ts";
import { FILE_SIZE_MIN, QUEUE_SIZE_MAX } from "../../../host/logs/limits.ts";
import { folders } from "../storage/folders.ts";

const here = folders();
afterAll(here.removeAll);

const entry = (what: string): Entry => ({ at: 0, part: "mesh", level: "info", what, values: {} });
const BOUNDS = { sizeMax: FILE_SIZE_MIN, filesMax: 3 };

const whats = (path: string): string[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).what);

describe("a log file", () => {
  test("has every line in order, for this user alone, and goes on where it ended", async () => {
    const path = join(here.make(), "new", "hardway.log");
    for (let start = 0; start < 2; start++) {
      const sink = fileSink(path, BOUNDS);
      for (let i = 0; i < 100; i++) sink.write(entry(`${100 * start + i}`));
      await sink.close();
      expect(sink.lost()).toBe(0);
    }
    expect(whats(path)).toEqual([...Array(200).keys()].map(String));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("is followed by a new one when it is full, and the oldest goes", async () => {
    const path = join(here.make(), "hardway.log");
    const sink = fileSink(path, BOUNDS);
    const long = "x".repeat(500);
    // More than three files hold, and no more than may wait for a disk, however slow it is.
    const count = 440;
    for (let i = 0; i < count; i++) sink.write(entry(`${i} ${long}`));
    await sink.close();
    expect(sink.lost()).toBe(0);
    expect(readdirSync(join(path, "..")).sort()).toEqual(["hardway.log", "hardway.log.1", "hardway.log.2"]);
    const files = [2, 1].map((at) => `${path}.${at}`);
    for (const file of files) expect(statSync(file).size).toBeGreaterThanOrEqual(FILE_SIZE_MIN);
    for (const file of [...files, path]) expect(statSync(file).size).toBeLessThan(FILE_SIZE_MIN + 600);
    const last = [...files, path]
      .flatMap(whats)
      .map((what) => Number.parseInt(what, 10))
      .sort((a, b) => a - b);
    expect(last).toEqual([...Array(last.length).keys()].map((at) => count - last.length + at));
  });

  test("that a start finds full is followed by a new one, and one alone begins anew", async () => {
    const path = join(here.make(), "hardway.log");
    for (const filesMax of [1, 2]) {
      writeFileSync(path, `${"x".repeat(FILE_SIZE_MIN)}\n`);
      const sink = fileSink(path, { sizeMax: FILE_SIZE_MIN, filesMax });
      sink.write(entry("a"));
      await sink.close();
      expect(whats(path)).toEqual(["a"]);
      expect(existsSync(`${path}.1`)).toBe(filesMax === 2);
    }
  });

  test("that cannot be had costs lines and nothing else, and is told so when it can", async () => {
    const folder = here.make();
    const path = join(folder, "hardway.log");
    mkdirSync(path);
    const sink = fileSink(path, BOUNDS);
    for (let i = 0; i < 5; i++) sink.write(entry("a"));
    sink.flushSync();
    expect(sink.lost()).toBe(5);
    rmdirSync(path);
    sink.write(entry("b"));
    await sink.close();
    expect(whats(path)).toEqual(["log lines lost", "b"]);
    expect(JSON.parse(readFileSync(path, "utf8").split("\n")[0]).with).toEqual({ count: 5 });
  });

  test("on a full disk costs lines and nothing else", async () => {
    const sink = fileSink("/dev/full", BOUNDS);
    sink.write(entry("a"));
    sink.write(entry("b"));
    sink.flushSync();
    await sink.close();
    expect(sink.lost()).toBeGreaterThanOrEqual(2);
  });

  test("that is slow makes no more wait than there is room for", async () => {
    const path = join(here.make(), "hardway.log");
    const sink = fileSink(path, { ...BOUNDS, sizeMax: 100 * QUEUE_SIZE_MAX });
    const long = "x".repeat(500);
    // Within one turn: nothing is written meanwhile.
    for (let i = 0; i < 2000; i++) sink.write(entry(long));
    expect(sink.lost()).toBeGreaterThan(1000);
    const { lost } = sink;
    await sink.close();
    // The last line of all says how many there are not.
    expect(whats(path).length).toBe(2000 - lost() + 1);
    expect(whats(path)).toContain("log lines lost");
    expect(statSync(path).size).toBeLessThan(2 * QUEUE_SIZE_MAX);
    sink.write(entry("after the end"));
    expect(lost()).toBeGreaterThan(1000);
  });

  test("has what was told last when the process ends at once", () => {
    const path = join(here.make(), "hardway.log");
    const sink = fileSink(path, BOUNDS);
    for (let i = 0; i < 3; i++) sink.write(entry(`${i}`));
    sink.flushSync();
    // The first one is under way already.
    expect(whats(path)).toEqual(expect.arrayContaining(["1", "2"]));
  });
});
