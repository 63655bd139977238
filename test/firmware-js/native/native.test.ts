import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { repositoryRoot } from "../../xs/engine/root.ts";

const NATIVE = join(repositoryRoot, "firmware-js/native");
const STUBS = join(repositoryRoot, "test/firmware-js/native");
/** Where names of the vendors' headers lead to declarations of our own. */
const headers = mkdtempSync(join(tmpdir(), "hardway-headers-"));

const sources = ["nrf52", "esp32"].flatMap((chip) =>
  readdirSync(join(NATIVE, chip)).map((name) => [chip, name] as const),
);

beforeAll(() => {
  for (const [chip, name] of sources) {
    const text = readFileSync(join(NATIVE, chip, name), "utf8");
    for (const [, header] of text.matchAll(/#include "([^"]+)"/g)) {
      const path = join(headers, chip, header);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `#include "${join(STUBS, "xs.h")}"\n#include "${join(STUBS, `${chip}.h`)}"\n`);
    }
  }
});

afterAll(() => rmSync(headers, { recursive: true, force: true }));

function compile(chip: string, name: string, more: readonly string[] = []): string {
  const flags = ["-std=c11", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter"];
  const values = [...flags, "-I", join(headers, chip), ...more, join(NATIVE, chip, name)];
  const { error, stderr } = spawnSync("gcc", values, { encoding: "utf8" });
  if (error !== undefined) throw new Error(`gcc: ${error.message}: apt-get install gcc libc6-dev`);
  return stderr;
}

const named = (text: string): string[] => [...text.matchAll(/\b(xs_hardway_\w+)/g)].map((match) => match[1]);

describe("native modules", () => {
  test.each(sources)("for %s: %s compiles", (chip, name) => {
    expect(compile(chip, name)).toBe("");
  });

  test("of an ESP32-C3 restart into its loader", () => {
    expect(compile("esp32", "chip.c", ["-DCONFIG_IDF_TARGET_ESP32C3=1"])).toBe("");
  });

  test.each(["nrf52", "esp32"])("for %s define each function that JavaScript names, and no other", (chip) => {
    const pairs = [
      ["chip.ts", "chip.c"],
      ["radio-link.ts", "radio-link.c"],
      ["stack-calls-native.ts", "stack-calls.c"],
    ];
    for (const [script, source] of pairs) {
      const wanted = named(readFileSync(join(NATIVE, script), "utf8"));
      const given = named(readFileSync(join(NATIVE, chip, source), "utf8"));
      expect(wanted.length).toBeGreaterThan(2);
      expect(given.sort()).toEqual(wanted.sort());
    }
  });
});
