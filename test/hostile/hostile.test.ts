import { expect, test } from "vitest";
import { HOSTILITIES } from "./kinds.ts";
import { playTable } from "./table.ts";

const ROLLS = 4;
/** Far above what it takes: nothing here depends on it. */
const SECONDS_MAX = 240;

test("of seven kiosks as processes the two that vote twice lose stake and seat, and the others come to one state [P11] [Q09]", async () => {
  const hostility = HOSTILITIES.find(({ name }) => name === "equivocation")!;
  const played = await playTable({
    ...{ hostility, rolls: ROLLS, isByRadio: false, speed: 1, seed: 7, secondsMax: SECONDS_MAX },
  });
  expect(played.broken).toEqual([]);
  expect(played.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(played.rolls).toBeGreaterThanOrEqual(ROLLS);
  expect(played.fates.map(({ offences, hasSeat, stakeAfter }) => ({ offences, hasSeat, stakeAfter }))).toEqual([
    ...Array(2).fill({ offences: ["doubleVote"], hasSeat: false, stakeAfter: 500 }),
  ]);
}, 300_000);
