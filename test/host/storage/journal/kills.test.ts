import { afterAll, expect, test } from "vitest";
import { folders } from "../folders.ts";
import { kills } from "./kills.ts";

const here = folders();
afterAll(here.removeAll);

/** `kills-long.ts` does the same a thousand times, on a long journal. */
const COUNT = 30;

test("processes that are killed while they write lose nothing that they have acknowledged", async () => {
  const killed = await kills({ folder: here.make(), count: COUNT, seed: 1, fill: 100, compactEvery: 20 });
  expect(killed).toMatchObject({ kills: COUNT, lost: 0 });
  expect(killed.acknowledged).toBeGreaterThan(500);
  // Half-written groups are made, not hoped for.
  expect(killed.verdicts["torn tail cut"]).toBeGreaterThan(0);
  expect(killed.verdicts["damaged"] ?? 0).toBe(0);
}, 120_000);
