import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repositoryRoot } from "../xs/engine/root.ts";
import { editsOf, type Mutant } from "./mutant.ts";
import { MUTANTS } from "./table/table.ts";
import { tried } from "./trial.ts";
import { patched, type Workshop, workshop } from "./workshop.ts";

const named = (name: string): Mutant => {
  const found = MUTANTS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no fault is called ${name}`);
  return found;
};

describe("the table of faults", () => {
  test("fits the sources as they are: each text stands once in its file, and each killer is there", () => {
    const texts = new Map<string, string>();
    const textOf = (file: string): string => {
      const text = texts.get(file) ?? readFileSync(join(repositoryRoot, file), "utf8");
      texts.set(file, text);
      return text;
    };
    for (const mutant of MUTANTS) {
      for (const edit of editsOf(mutant))
        expect(patched(textOf(edit.file), edit), mutant.name).not.toBe(textOf(edit.file));
      expect(textOf(mutant.by.file), mutant.name).toContain("test(");
      expect(mutant.seeds ?? 0, mutant.name).toBeLessThanOrEqual(5_000);
    }
    expect(MUTANTS.length).toBeGreaterThanOrEqual(40);
  });

  test("refuses a text that is not there, or there twice", () => {
    const edit = { file: "a.ts", from: "guard();", to: "" };
    expect(patched("guard(); go();", edit)).toBe(" go();");
    expect(() => patched("go();", edit)).toThrow("a.ts holds 0 times: guard();");
    expect(() => patched("guard(); guard();", edit)).toThrow("a.ts holds 2 times: guard();");
  });
});

describe("a fault in the engine is noticed", () => {
  let shop: Workshop;
  beforeAll(() => {
    shop = workshop();
  });
  afterAll(() => shop.remove());

  test.each([
    "q-less-one",
    "certificates-alone",
    "new-view-believed",
    "vote-said-before-it-is-written",
    "contradiction-across-views",
  ])("%s", async (name) => {
    // The tests alone: seeds take a minute.
    const { seeds: _, ...mutant } = named(name);
    const { verdict, by } = await tried(shop, mutant);
    expect(`${verdict} by ${by}`).toMatch(/^killed by /);
  });

  test("and what is no fault is not", async () => {
    const { by } = named("q-less-one");
    const [file, from] = ["host/engine/consensus/quorum.ts", "/** Votes that decide."];
    const harmless: Mutant = { name: "another-comment", guard: "none", file, from, to: "/** Votes.", by };
    const { verdict, by: what } = await tried(shop, harmless);
    expect(`${verdict}: ${what}`).toMatch(/^survived: /);
  });

  test("and what does not compile is none", async () => {
    const { by } = named("q-less-one");
    const from = "return Math.ceil((memberCount";
    const file = "host/engine/consensus/quorum.ts";
    const senseless: Mutant = { name: "many", guard: "none", file, from, to: `return "many" + ${from.slice(7)}`, by };
    const { verdict, by: why } = await tried(shop, senseless);
    expect(`${verdict}: ${why}`).toMatch(/^broken: .*TS2322/);
  });
});
