import { describe, expect, test } from "vitest";
import { defineGame } from "../../../../../host/engine/game/game.ts";
import { runGolden } from "../../../../../host/engine/game/golden.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import { isPoint, totalOf } from "../../../../../host/engine/games/craps/dice.ts";
import { spotOf } from "../../../../../host/engine/games/craps/spots.ts";
import { spotNamed } from "./stories.ts";

type Settle = typeof craps.settle;

/** How many scenarios fail where the dice mean something else. */
function failing(settle: Settle): number {
  const mutant = defineGame({ ...craps, settle });
  return craps.golden.filter((golden) => {
    try {
      return runGolden(mutant, golden) !== undefined;
    } catch {
      return true;
    }
  }).length;
}

describe("the scenarios notice", () => {
  test("nothing where nothing is wrong", () => {
    expect(failing(craps.settle)).toBe(0);
  });

  test("twelve and two exchanged in the bar", () => {
    const swapped = (bar: 2 | 3 | 12): 2 | 3 | 12 => (bar === 12 ? 2 : bar === 2 ? 12 : bar);
    const settle: Settle = (config, ...rest) => craps.settle({ ...config, bar: swapped(config.bar) }, ...rest);
    expect(failing(settle)).toBeGreaterThan(1);
  });

  test("the point after the roll taken for the one before it", () => {
    const settle: Settle = (config, state, roll, bank) => {
      const total = totalOf(roll);
      if (state.point === 0 && isPoint(total)) state.point = total;
      else if (total === 7) state.point = 0;
      return craps.settle(config, state, roll, bank);
    };
    expect(failing(settle)).toBeGreaterThan(1);
  });

  test("for one taken for to one", () => {
    expect(failing((config, ...rest) => craps.settle({ ...config, repeaters: "to" }, ...rest))).toBeGreaterThan(0);
    expect(
      failing((config, ...rest) => craps.settle({ ...config, twoPays: 29, threePays: 14 }, ...rest)),
    ).toBeGreaterThan(1);
  });

  test("an easy hop that asks which die shows which face", () => {
    const never = spotNamed("hop-1-1").code;
    const settle: Settle = (config, state, roll, bank) => {
      if (roll.first > roll.second) {
        for (const bets of state.seats) {
          bets.forEach((bet, at) => {
            if (spotOf(bet.code)?.family === "hop") bets[at] = { ...bet, code: never };
          });
        }
      }
      return craps.settle(config, state, roll, bank);
    };
    expect(failing(settle)).toBeGreaterThan(0);
  });
});
