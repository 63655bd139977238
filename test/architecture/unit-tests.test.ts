import { describe, expect, test } from "vitest";
import { files } from "./tree.ts";
import { modules, TESTED_ELSEWHERE } from "./unit-tests.ts";

const all = modules();
const elsewhere = (path: string): string | undefined =>
  Object.entries(TESTED_ELSEWHERE).find(([start]) => path === start || path.startsWith(`${start}/`))?.[1];

describe("unit tests", () => {
  test("every module has its own, which reach each of its files: serialization, crypto, transitions, and what is round them [U01]", () => {
    expect(all.length).toBeGreaterThan(40);
    const missing = all.flatMap(({ unreached }) => unreached).filter((path) => elsewhere(path) === undefined);
    expect(missing).toEqual([]);
    const untested = all.filter(({ tests, unreached }) => tests.length === 0 && unreached.length === 0);
    expect(untested).toEqual([]);
  });

  test("of what is written down, signed and decided all but these few is tested where it is [U01]", () => {
    const strict = ["protocol/", "host/crypto", "host/secure", "host/engine/", "host/mesh", "host/storage"];
    for (const path of Object.keys(TESTED_ELSEWHERE)) {
      const isStrict = strict.some((start) => path.startsWith(start));
      expect(isStrict && !FEW.includes(path), path).toBe(false);
    }
    for (const start of strict) {
      const own = all.filter(({ folder }) => `${folder}/`.startsWith(start) || folder === start);
      expect(own.length, start).toBeGreaterThan(0);
      expect(own.filter(({ tests }) => tests.length === 0).map(({ folder }) => folder)).toEqual([]);
    }
  });

  test("what is tested elsewhere is named with the test, and no longer than it needs to be", () => {
    const unreached = all.flatMap((each) => each.unreached);
    for (const [path, where] of Object.entries(TESTED_ELSEWHERE)) {
      expect(files, `${path} is tested by ${where}`).toContain(where);
      const isNeeded = unreached.some((each) => each === path || each.startsWith(`${path}/`));
      expect(isNeeded, `${path} has unit tests of its own by now`).toBe(true);
    }
  });
});

/** Threads of their own, which a test starts by their file; and what only the module above has a use for, and a test there. */
const FEW: readonly string[] = [
  ...["host/crypto/work/worker.ts", "host/storage/history/keeper-thread.ts"],
  ...["host/engine/consensus/verify-said.ts", "host/engine/consensus/onlookers.ts", "host/engine/game/long-trial.ts"],
];
