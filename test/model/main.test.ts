/** The command: what it takes, and how it ends. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryRoot } from "../xs/engine/root.ts";
import { ONE_VOTE_SHORT } from "./faults.ts";
import { orderOf, SETTINGS, statesMaxOf } from "./order.ts";
import { patchedCopy } from "./patched.ts";

test("without a word it explores at least a million states of twelve settings", () => {
  const order = orderOf([]);
  expect(order?.settings).toEqual(SETTINGS);
  expect(SETTINGS).toHaveLength(12);
  const states = order?.settings.map((setting) => statesMaxOf(order, setting)) ?? [];
  expect(states.reduce((left, right) => left + right, 0)).toBeGreaterThanOrEqual(1_000_000);
});

test("it takes bounds and a choice of settings, and nothing else", () => {
  const order = orderOf(["--states", "10", "--depth", "3", "--json", "--byzantine", "1", "--fast-path", "on"]);
  expect(order).toMatchObject({ statesMax: 10, depthMax: 3, json: true });
  expect(order?.settings).toEqual([
    { byzantine: 1, fastPath: true, sequences: 1 },
    { byzantine: 1, fastPath: true, sequences: 2 },
  ]);
  for (const word of ["--states=0", "--states=x", "--depth=-1", "--byzantine=3", "--fast-path=1", "--seed=1", "more"]) {
    expect(orderOf([word]), word).toBeUndefined();
  }
});

test("it ends with 0 where everything holds, and tells how much it saw", () => {
  const { status, stdout } = model(["--states", "60", "--json", "--sequences", "1"]);
  const said = JSON.parse(stdout);
  expect(said).toMatchObject({ violations: 0 });
  expect(said.states).toBeGreaterThanOrEqual(6 * 60);
  expect(said.settings).toHaveLength(6);
  expect(said.settings[0]).toMatchObject({ byzantine: 0, fastPath: false, sequences: 1, exhausted: false });
  expect(status).toBe(0);
});

test("it ends with 1 where something does not hold, and tells the way there", () => {
  const { folder, remove } = patchedCopy(ONE_VOTE_SHORT);
  try {
    const words = ["--states", "500", "--byzantine", "0", "--sequences", "1", "--engine", folder];
    const { status, stdout, stderr } = model(words);
    expect(stdout).toContain(", 2 violations,");
    expect(stderr).toContain("Member 0 is the liar.");
    expect(stderr).toMatch(/1\. member \d /);
    expect(status).toBe(1);
  } finally {
    remove();
  }
});

const model = (words: readonly string[]) =>
  spawnSync(process.execPath, [join(repositoryRoot, "build/test/model/main.js"), ...words], { encoding: "utf8" });
