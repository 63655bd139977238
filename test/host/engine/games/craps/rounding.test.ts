import { describe, expect, test } from "vitest";
import { figuresOf } from "../../../../../host/engine/game/edges.ts";
import { ratioText } from "../../../../../host/engine/game/ratio.ts";
import type { CrapsConfig } from "../../../../../host/engine/games/craps/config.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import { leastOn } from "../../../../../host/engine/games/craps/legal.ts";
import { SPOTS } from "../../../../../host/engine/games/craps/spots.ts";
import { emptyTable } from "../../../../../host/engine/games/craps/state.ts";
import { wagerOn } from "../../../../../host/engine/games/craps/wagers.ts";
import { act, OPEN, spotNamed, story } from "./stories.ts";

/** The edge of a stake where fractions go to the bank. */
function edgeOf(name: string, stake: number, changes: Partial<CrapsConfig> = {}, on?: number): string {
  const config = { ...OPEN, rounding: "down" as const, ...changes };
  const spot = spotNamed(name);
  const { begin, ...wager } = on === undefined ? wagerOn(spot, config) : wagerOn(spot, config, on);
  const made = begin.map((step) =>
    step.type === "act" && step.seat === 0 && step.action.type === "bet" && step.action.code === spot.code
      ? act({ ...step.action, chips: stake })
      : step,
  );
  return ratioText(figuresOf(craps, { ...wager, begin: made, config }).edge);
}

const TABLE: readonly (readonly [stake: number, edges: readonly string[]])[] = [
  [1, ["1/11", "1/5", "1/3", "1/11", "1/5"]],
  [2, ["1/11", "1/5", "1/6", "1/11", "0"]],
  [3, ["1/11", "1/15", "1/9", "1/11", "1/15"]],
  [4, ["1/11", "1/10", "1/12", "1/11", "0"]],
  [5, ["1/11", "1/25", "1/15", "0", "1/25"]],
  [6, ["1/66", "1/15", "1/9", "1/66", "0"]],
  [7, ["2/77", "3/35", "2/21", "2/77", "1/35"]],
  [8, ["3/88", "1/20", "1/12", "3/88", "0"]],
  [9, ["4/99", "1/15", "2/27", "4/99", "1/45"]],
  [10, ["1/22", "1/25", "1/15", "0", "0"]],
  [11, ["6/121", "3/55", "1/11", "1/121", "1/55"]],
  [12, ["1/66", "1/15", "1/12", "1/66", "0"]],
];

describe("a stake that cannot be paid to the chip", () => {
  test.each(TABLE)("of %i has its own edge where fractions go to the bank [L04] [L06]", (stake, edges) => {
    const found = ["place-6", "place-5", "place-4"].map((name) => edgeOf(name, stake));
    expect([...found, edgeOf("pass-odds", stake, {}, 6), edgeOf("pass-odds", stake, {}, 5)]).toEqual(edges);
  });

  test.each([
    [5, "1/6"],
    [10, "1/11"],
    [20, "1/21"],
    [25, "1/26"],
    [39, "1/40"],
    [40, "1/21"],
  ])("a fee is at least a chip: %i bought on four cost %s [L07]", (stake, edge) => {
    expect(edgeOf("buy-4", stake, { fee: "withStake" })).toBe(edge);
  });

  test("a fee that is rounded up is another rule: 25 bought on four cost 2/27", () => {
    expect(edgeOf("buy-4", 25, { fee: "withStake", feeRounding: "up" })).toBe("2/27");
  });

  test("is refused where pay is exact, and the units are those of the printed layout", () => {
    const units: { readonly [name: string]: number } = {
      ...{ "place-6": 6, "place-8": 6, "place-4": 5, "place-5": 5, "place-9": 5, "place-10": 5 },
      ...{ "come-odds-6": 5, "come-odds-5": 2, "come-odds-4": 1 },
      ...{ "dont-come-odds-4": 2, "dont-come-odds-5": 3, "dont-come-odds-6": 6 },
      ...{ "place-to-lose-4": 11, "place-to-lose-5": 8, "place-to-lose-6": 5 },
      ...{ "buy-4": 20, "buy-5": 20, "buy-6": 20, "lay-4": 40, "lay-5": 30, "lay-6": 24 },
      ...{ horn: 4, world: 5, "horn-high-2": 5, "craps-eleven": 2, "three-way": 3, pass: 1, field: 1 },
    };
    for (const [name, unit] of Object.entries(units)) {
      expect(leastOn(OPEN, emptyTable(2), spotNamed(name)), name).toBe(unit);
    }
    expect(story("bet place-6 12; refuse bet place-6 1: not a multiple of the unit", { rounding: "exact" })).toBe(
      "holds",
    );
    expect(story("bet place-6 13; call place-6 on; roll 6; net 15")).toBe("holds");
  });

  test("the dearest stake on the dearest bet is an exact integer", () => {
    for (const { code } of SPOTS) expect(Number.isSafeInteger(code * 10_000_000 * 100 * 2000)).toBe(true);
  });
});
