import { describe, expect, test } from "vitest";
import { chance } from "../../protocol/core/chance.ts";
import { type FuzzResult, fuzz, INPUT_SIZE_MAX } from "./fuzz.ts";
import { draft, mutate } from "./mutate.ts";
import type { Target } from "./target.ts";
import { targets } from "./targets.ts";

const CASES = 20_000;

function run(name: string, cases = CASES): FuzzResult["failure"] {
  const target = targets.get(name);
  if (target === undefined) throw new Error(`no such target: ${name}`);
  return fuzz(target, { seed: 1, from: 0, cases }).failure;
}

describe("a stranger's bytes throw nothing, show nothing beside them and cost no more than their size", () => {
  const serial = [...targets.keys()].filter((name) => /^(?:slip|frame|link)\b/.test(name));
  test("on the serial wire: SLIP, frames and the link, with true checksums and behind them [I11]", () => {
    expect(serial.length).toBeGreaterThan(4);
    for (const name of serial) expect(run(name), name).toBeUndefined();
  });

  const agreement = [...targets.keys()].filter((name) =>
    /^(?:said|statement|evidence|object|message\/reply)\b/.test(name),
  );
  test.each(agreement)("as %s, of agreement [B03]", (name) => expect(run(name)).toBeUndefined());

  const others = [...targets.keys()].filter((name) => !serial.includes(name) && !agreement.includes(name));
  test.each(others)("as %s", (name) => expect(run(name)).toBeUndefined());
});

describe("every target", () => {
  test.each([...targets])("%s takes its seeds, and the most of them are no refusals", (_name, target) => {
    expect(target.seeds.length).toBeGreaterThan(3);
    for (const seed of target.seeds) {
      expect(seed.length).toBeLessThan(INPUT_SIZE_MAX);
      const answer = target.run(seed) as { ok?: boolean } | undefined;
      if (answer !== undefined && "ok" in Object(answer)) expect(answer.ok).toBe(true);
    }
  });
});

describe("the fuzzer", () => {
  const target = (run: Target["run"]): Target => ({ seeds: [new Uint8Array(40)], run, weightMax: (size) => 8 + size });
  const why = (run: Target["run"]): string | undefined =>
    fuzz(target(run), { seed: 1, from: 0, cases: 200 }).failure?.why;

  test("sees an exception, a byte read or written beside the input, a written input, and an answer out of proportion", () => {
    expect(why((bytes) => bytes.length)).toBeUndefined();
    expect(why(() => JSON.parse("{"))).toMatch(/^threw SyntaxError/);
    expect(why((bytes) => new Uint8Array(bytes.buffer)[bytes.byteOffset + bytes.length])).toMatch(
      /answered differently/,
    );
    expect(why((bytes) => new Uint8Array(bytes.buffer).fill(0, 0, 1).length && 1)).toBe("wrote beside its input");
    expect(why((bytes) => bytes.fill(9).length && 1)).toBe("wrote into its input");
    expect(why(() => new Uint8Array(100_000))).toMatch(/^answered 100000 for/);
  });

  test("makes the same inputs from the same seed, runs one case alone, and leaves no kind of damage out", () => {
    const seeds = [new Uint8Array(40).fill(7), new Uint8Array(90).fill(8)];
    const made = (seed: number): string[] =>
      Array.from({ length: 300 }, (_, at) => {
        const input = draft(INPUT_SIZE_MAX);
        mutate(chance(seed * 1000 + at), seeds, input);
        return String(input.bytes.subarray(0, input.size));
      });
    expect(made(1)).toEqual(made(1));
    expect(new Set([...made(1), ...made(2)]).size).toBeGreaterThan(500);
    const sizes = made(1).map((each) => each.split(",").length);
    expect(Math.min(...sizes)).toBeLessThan(10);
    expect(Math.max(...sizes)).toBeGreaterThan(120);

    const fails = target((bytes) => {
      if (bytes[0] === 0xdb) throw new Error("found");
      return 1;
    });
    const found = fuzz(fails, { seed: 3, from: 0, cases: 100_000 }).failure;
    const alone = fuzz(fails, { seed: 3, from: found?.case ?? 0, cases: 1 }).failure;
    expect(alone).toBeDefined();
    expect(alone?.input).toEqual(found?.input);
  });
});
