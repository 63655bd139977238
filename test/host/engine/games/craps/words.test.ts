import { describe, expect, test } from "vitest";
import { findGame } from "../../../../../host/engine/game/find-game.ts";
import { start } from "../../../../../host/engine/game/play.ts";
import * as crapsFile from "../../../../../host/engine/games/craps/craps.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import { legalMoves } from "../../../../../host/engine/games/craps/legal.ts";
import { spotText } from "../../../../../host/engine/games/craps/say.ts";
import { SPOTS } from "../../../../../host/engine/games/craps/spots.ts";
import { viewOf } from "../../../../../host/engine/games/craps/view.ts";
import * as rouletteFile from "../../../../../host/engine/games/roulette.ts";
import { act, bet, doStep, OPEN, roll, table } from "./stories.ts";

describe("every bet", () => {
  test.each(Object.keys(craps.strings))("has a name of its own in %s", (language) => {
    const names = SPOTS.map((spot) => spotText(craps.strings[language], spot));
    expect(names.filter((name) => /[{}]|undefined/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(SPOTS.length);
  });

  test("is called in English what people call it", () => {
    const called = (name: string): string => spotText(craps.strings["en"], SPOTS.find((spot) => spot.name === name)!);
    expect(["hop-2-4", "place-6", "single-12", "horn-high-11"].map(called)).toEqual([
      ...["Hop 2 and 4", "Place 6", "12 next", "Horn, high 11"],
    ]);
  });
});

describe("a seat is shown", () => {
  test("whether each bet is on for the next roll, what it may win, and where the dice stand", () => {
    const sitting = table();
    for (const [name, chips] of [
      ["place-6", 12],
      ["hard-8", 5],
      ["pass", 10],
    ] as const)
      doStep(sitting, bet(name, chips));
    const shown = () => viewOf(OPEN, sitting.play.state, 0);
    const badges = () => shown().seats[0].map(({ name, on }) => `${name} ${on ? "on" : "off"}`);
    expect(badges()).toEqual(["pass on", "hard-8 on", "place-6 off"]);
    expect(shown()).toMatchObject({ phase: "bets", point: 0, shooter: 0, seat: 0, reserve: 10 + 45 + 14 });
    doStep(sitting, act({ type: "call", code: 109, working: "on" }));
    expect(badges()[2]).toBe("place-6 on");
    doStep(sitting, act({ type: "call", code: 109, working: "usual" }));
    roll(sitting, { first: 1, second: 3 });
    expect(badges()).toEqual(["pass on", "hard-8 on", "place-6 on"]);
    expect(shown().seats[0].map(({ winsAtMost }) => winsAtMost)).toEqual([10, 45, 14]);
  });

  test("no move while the dice roll, nor at a seat that is none", () => {
    const { state } = start(craps, OPEN, 2);
    const purse = { free: 100, bank: 1000 };
    expect(legalMoves(OPEN, state, 0, purse).length).toBeGreaterThan(10);
    for (const seat of [2, -1, 0.5]) expect(legalMoves(OPEN, state, seat, purse)).toEqual([]);
    state.rolling = true;
    expect(legalMoves(OPEN, state, 0, purse)).toEqual([]);
  });
});

describe("a game is found", () => {
  test("in its file, and nowhere else", () => {
    expect(findGame(crapsFile)?.name).toBe("craps");
    expect(findGame(rouletteFile)?.name).toBe("roulette");
    expect(findGame({ a: 1, b: null, c: { name: "c" }, d: () => 1 })).toBeUndefined();
  });
});
