import { expect, test } from "vitest";
import { findGame } from "../../../../host/engine/game/find-game.ts";
import { craps } from "../../../../host/engine/games/craps/craps.ts";
import { roulette } from "../../../../host/engine/games/roulette.ts";

test("of what a file exports the first game is taken, in the order of names", () => {
  expect(findGame({ zebra: roulette, apple: 7, craps, text: "craps" })).toBe(craps);
  expect(findGame({ zebra: roulette, apple: null })).toBe(roulette);
});

test("what lacks a part of a game is none", () => {
  expect(findGame({})).toBeUndefined();
  for (const part of ["name", "setup", "phase", "legalActions", "settle", "law", "wagers"]) {
    expect(findGame({ craps: { ...craps, [part]: undefined } }), part).toBeUndefined();
  }
});
