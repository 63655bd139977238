import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { buildXs } from "./engine/build.ts";
import { repositoryRoot } from "./engine/root.ts";
import { emitted, runOnXs, type XsMemory, type XsRun } from "./engine/run.ts";

const SMOKE = "test/xs/program/smoke.ts";

function smoke(args: readonly (string | number)[], memory: XsMemory = {}): XsRun {
  return runOnXs({ entry: SMOKE, args: args.map(String), memory });
}

describe("XS compiled from its own sources", () => {
  test("an engine once built is found again, not built again", () => {
    const first = buildXs();
    expect(first).toMatchObject({ ok: true });
    expect(buildXs()).toEqual(first);
  });

  test("without a compiler the build says what to install", () => {
    vi.stubEnv("PATH", "/nonexistent");
    const build = buildXs();
    vi.unstubAllEnvs();
    expect(build).toMatchObject({
      ok: false,
      fault: "no compiler",
      why: expect.stringContaining("apt-get install gcc"),
    });
  });

  test("emitted modules import one another, each file runs once, and print reaches the test", () => {
    expect(smoke(["say", "a word", "ö 😀"])).toEqual({
      exit: "done",
      lines: ["left and right after shared, left, right", "a word ö 😀"],
      stderr: "",
    });
  });

  test("a module that was not emitted is named, with what to run", () => {
    expect(() => emitted("test/xs/program/absent.ts")).toThrow(/absent\.js does not exist: npm run build/);
  });

  test("a program reads a file whole", () => {
    const path = "test/xs/program/tsconfig.json";
    const text = readFileSync(join(repositoryRoot, path), "utf8");
    expect(smoke(["read", path]).lines.join("\n")).toBe(text);
    expect(smoke(["read", "absent.txt"])).toMatchObject({ exit: "exception" });
  });

  test("promise jobs run until none is left", () => {
    expect(smoke(["await", 3])).toMatchObject({ exit: "done", lines: ["turn 1", "turn 2", "turn 3"] });
  });
});

describe("the end of a program is a value", () => {
  test("a failed assertion is an exception with its fact", () => {
    const run = smoke(["assert", 0]);
    expect(run.exit).toBe("exception");
    expect(run.stderr).toMatch(/^AssertionError: the count is positive\n/);
    expect(smoke(["assert", 1]).exit).toBe("done");
  });

  test("a rejection that nobody handles is not silent", () => {
    const run = smoke(["reject"]);
    expect(run.exit).toBe("unhandled rejection");
    expect(run.stderr).toMatch(/^RangeError: nobody listens\n/);
  });

  test("waiting for what nothing will settle is not an end in order", () => {
    expect(smoke(["await nothing"]).exit).toBe("never ends");
  });

  test("a program that hangs is stopped", () => {
    expect(runOnXs({ entry: SMOKE, args: ["hang"], timeoutMs: 100 }).exit).toBe("timeout");
  });
});

describe("memory is exact", () => {
  test("keeping more than the chunk limit is memory full; as much garbage is not", () => {
    const memory = { chunkBytes: 128 * 1024 };
    expect(smoke(["keep chunks", 80], memory)).toMatchObject({ exit: "done", lines: ["80"] });
    const full = smoke(["keep chunks", 128], memory);
    expect(full.exit).toBe("memory full");
    expect(full.stderr).toMatch(/^memory full: \d+ of 131072 chunk bytes/);
    expect(smoke(["drop chunks", 10_000], memory)).toMatchObject({ exit: "done", lines: ["10240000"] });
  });

  test("keeping more than the heap's slots is memory full", () => {
    expect(smoke(["keep slots", 1_000], { heapSlots: 8_192 }).exit).toBe("done");
    expect(smoke(["keep slots", 10_000], { heapSlots: 8_192 }).exit).toBe("memory full");
  });

  test("recursion deeper than the stack is stack overflow", () => {
    expect(smoke(["recurse", 20], { stackSlots: 512 })).toMatchObject({ exit: "done", lines: ["20"] });
    expect(smoke(["recurse", 200], { stackSlots: 512 }).exit).toBe("stack overflow");
    expect(smoke(["recurse", 1_000_000]).exit).toBe("stack overflow");
  });

  test("the stack's peak is what the program needs, to the slot", () => {
    const [before, after] = JSON.parse(smoke(["memory", 100]).lines[0]!);
    expect(after.stackSlotsPeak).toBeGreaterThan(before.stackSlotsPeak + 100);
    expect(smoke(["memory", 100], { stackSlots: after.stackSlotsPeak }).exit).toBe("done");
    expect(smoke(["memory", 100], { stackSlots: after.stackSlotsPeak - 1 }).exit).toBe("stack overflow");
  });

  test("memory counts what is in use, and garbage until it is collected", () => {
    const [before, after] = JSON.parse(smoke(["memory", 1], { chunkBytes: 65_536, heapSlots: 6_000 }).lines[0]!);
    expect(before).toMatchObject({ chunkBytesMax: 65_536, slotBytes: 32 });
    // The first slot of the heap is its header.
    expect(before.heapSlotsMax).toBe(5_999);
    expect(after.chunkBytes).toBeLessThan(before.chunkBytes);
    expect(after.chunkBytesPeak).toBeGreaterThanOrEqual(before.chunkBytes);
  });
});

describe("memory that may grow", () => {
  const before = JSON.parse(smoke(["memory", 1]).lines[0]!)[0];
  const start = { chunkBytes: before.chunkBytes, heapSlots: before.heapSlots, stackSlots: 1_024 };
  const steps = { chunkStep: 1_024, heapStep: 64 };
  const split = (chunkBytes: number, heapSlots: number): XsMemory => ({
    ...start,
    growth: { ...steps, bound: { kind: "split", chunkBytes, heapSlots, stackSlots: 1_024 } },
  });
  const block = (bytes: number): XsMemory => ({ ...start, growth: { ...steps, bound: { kind: "block", bytes } } });
  const slots = 16 * (before.heapSlots + 1_024);

  test("what is kept is found room for, what is dropped is collected first", () => {
    const far = split(1 << 20, 1 << 16);
    expect(smoke(["keep chunks", 80], far)).toMatchObject({ exit: "done", lines: ["80"] });
    expect(smoke(["keep slots", 10_000], far).exit).toBe("done");
    expect(smoke(["drop chunks", 10_000], split(before.chunkBytes + 32_768, 1 << 16)).exit).toBe("done");
  });

  test("chunks and slots have bounds of their own", () => {
    expect(smoke(["keep chunks", 80], split(before.chunkBytes + 32_768, 1 << 16)).exit).toBe("memory full");
    expect(smoke(["keep slots", 10_000], split(1 << 20, before.heapSlots + 4_096)).exit).toBe("memory full");
  });

  test("or share one, in which a slot is 16 bytes and the stack has its place", () => {
    const room = before.chunkBytes + slots;
    expect(smoke(["keep chunks", 80], block(room + 131_072)).exit).toBe("done");
    expect(smoke(["keep slots", 1_000], block(room + 131_072)).exit).toBe("done");
    expect(smoke(["keep chunks", 80], block(room + 32_768)).exit).toBe("memory full");
    expect(smoke(["keep slots", 1_000], block(room + 16_384)).exit).toBe("memory full");
  });
});

describe("the meter", () => {
  test("two runs count the same, in whatever memory", () => {
    const run = smoke(["loop", 1_000]);
    expect(run.exit).toBe("done");
    expect(smoke(["loop", 1_000])).toEqual(run);
    expect(smoke(["loop", 1_000], { chunkBytes: 65_536, heapSlots: 6_000, stackSlots: 512 })).toEqual(run);
  });

  test("each turn of a loop counts the same", () => {
    const [none, some, more] = [0, 1_000, 2_000].map((turns) => Number(smoke(["loop", turns]).lines[0]));
    expect(some! - none!).toBeGreaterThan(1_000);
    expect(more! - some!).toBe(some! - none!);
  });

  test("the engine's 32-bit counter is emptied before it can wrap, and loses nothing", () => {
    // The border is at 2^30 counts; 2^32 would take a run of six seconds more.
    const each = (Number(smoke(["loop", 2_000]).lines[0]) - Number(smoke(["loop", 1_000]).lines[0])) / 1_000;
    const turns = Math.ceil(2 ** 30 / each) + 1_000;
    const [spent] = smoke(["loop", turns]).lines.map(Number);
    expect(spent).toBeGreaterThan(2 ** 30);
    expect(spent! - turns * each).toBeLessThan(100);
    expect(spent! - turns * each).toBeGreaterThanOrEqual(0);
  });
});

describe("slots of 32 bits", () => {
  test("where the compiler can, a slot has 16 bytes and the meter agrees; where not, the build says why", () => {
    const build = buildXs({ bits: 32 });
    if (!build.ok) {
      expect(build).toMatchObject({ fault: "no 32-bit", why: expect.stringContaining("gcc-multilib") });
      return;
    }
    const [before] = JSON.parse(runOnXs({ entry: SMOKE, args: ["memory", "1"], bits: 32 }).lines[0]!);
    expect(before.slotBytes).toBe(16);
    expect(runOnXs({ entry: SMOKE, args: ["loop", "1000"], bits: 32 })).toEqual(smoke(["loop", 1_000]));
  });
});
