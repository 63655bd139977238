import { afterAll, expect, test } from "vitest";
import { folders } from "../storage/folders.ts";
import { fillJournals } from "./fill-journals.ts";
import { killRounds } from "./kill-rounds.ts";

const here = folders();
afterAll(here.removeAll);

/** `kills.ts` does the same a thousand times, half of it on journals of a hundred thousand operations, and takes the time. */
const COUNT = 8;
const OPERATIONS = 500;

test("kiosks that are killed in the middle of their work lose nothing that was acknowledged and sign nothing twice", async () => {
  const folder = here.make();
  const killed = await killRounds({ folder, count: COUNT, seed: 2, compactAboveSize: 30_000 });
  expect(killed).toMatchObject({ lost: 0, wrongs: [] });
  expect(killed.kills).toBeGreaterThanOrEqual(COUNT);
  expect(killed.ballots).toBeGreaterThan(50);
  expect(killed.verdicts["damaged"]).toBe(undefined);
});

test("and so do those that start from long journals", async () => {
  const folder = here.make();
  await fillJournals(folder, OPERATIONS, 3);
  const killed = await killRounds({ folder, count: COUNT, seed: 3, compactAboveSize: Number.MAX_SAFE_INTEGER });
  expect(killed).toMatchObject({ lost: 0, wrongs: [] });
  // All that they had agreed on before was read again at each start.
  expect(killed.recordsMax).toBeGreaterThan(OPERATIONS / 4);
  expect(killed.verdicts["new"]).toBe(undefined);
});
