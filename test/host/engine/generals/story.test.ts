import { expect, test } from "vitest";
import { story } from "../../../../host/engine/generals/story.ts";

const lines = story();
const after = (line: string, count: number): readonly string[] => {
  const at = lines.indexOf(line);
  return lines.slice(at + 1, at + 1 + count);
};

test("the story of three tells of a betrayal by either side, alike to who hears it [B15]", () => {
  expect(after("  B is the traitor. A wants to attack.", 5)).toEqual([
    "    A to B: attack!",
    "    A to C: attack!",
    "    B to C: A said retreat",
    "    C to B: A said attack",
    "  A attacks, C retreats: a loyal lieutenant does not follow a loyal commander.",
  ]);
  expect(after("  A is the traitor.", 5)).toEqual([
    "    A to B: retreat!",
    "    A to C: attack!",
    "    B to C: A said retreat",
    "    C to B: A said attack",
    "  B retreats, C attacks: the loyal are divided.",
  ]);
  expect(lines).toContain("Both times C heard the same: attack from A, retreat from B.");
});

test("the story of four tells of a commander who says three things, and of lieutenants who act as one [B15]", () => {
  const last = lines.lastIndexOf("  A is the traitor.");
  expect(lines.slice(last + 1, last + 4)).toEqual([
    "    A to B: attack!",
    "    A to C: retreat!",
    "    A to D: (nothing)",
  ]);
  expect(lines).toContain("  B retreats, C retreats, D retreats: the loyal act as one.");
});

test("the story ends with how many generals so many traitors take [B15]", () => {
  const table = lines.filter((line) => /^[\s\d]+$/.test(line) && line !== "").map((line) => line.trim().split(/\s+/));
  expect(table.map((row) => row.map(Number))).toEqual([
    [1, 4, 3, 1, 9],
    [2, 7, 6, 2, 156],
    [3, 10, 9, 3, 3609],
  ]);
});

test("the story fits a screen of 80 columns", () => {
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});
