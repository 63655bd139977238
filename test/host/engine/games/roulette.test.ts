import { describe, expect, test } from "vitest";
import { domainDigest } from "../../../../host/crypto/domain-digest.ts";
import { checkGame, reportLines } from "../../../../host/engine/game/check.ts";
import { exposure } from "../../../../host/engine/game/exposure.ts";
import { longTrial } from "../../../../host/engine/game/long-trial.ts";
import { happen, sit } from "../../../../host/engine/game/sitting.ts";
import { roulette, spotNamed } from "../../../../host/engine/games/roulette.ts";

const bet = (spot: string, chips: number) =>
  ({ type: "act", seat: 0, action: { type: "bet", spot: spotNamed(spot), chips } }) as const;

describe("roulette, a game in one file", () => {
  test("passes every check, and each of its 157 bets costs one part in 37", () => {
    const report = checkGame(roulette, domainDigest, { operations: 800 });
    expect(reportLines(report).filter((line) => line.startsWith("BAD"))).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.edges.length).toBe(157);
    expect(new Set(report.edges.map(({ edge }) => edge))).toEqual(new Set(["1/37"]));
  });

  test("keeps its chips over a long run", () => {
    expect(longTrial(roulette, { operations: 1_000, seed: 5 }, domainDigest).fault).toBeUndefined();
  });

  test("leaves it to the framework that nobody stakes what they have not, nor what the bank could not pay", () => {
    const sitting = sit(roulette, roulette.config.usual, { seats: 1, chips: 20, bank: 300 });
    const make = (spot: string, chips: number) =>
      happen(roulette, roulette.config.usual, sitting, bet(spot, chips)).why;
    expect(make("red", 21)).toBe("not enough chips");
    expect(make("straight-5", 9)).toBe("bank cannot cover");
    expect([make("straight-5", 8), make("red", 10)]).toEqual([undefined, undefined]);
    expect(sitting.play.state.seats[0].map(({ stake }) => stake)).toEqual([8, 10]);
    // Five is red: 35 · 8 + 10.
    expect(exposure(roulette, roulette.config.usual, sitting.play.state)).toBe(290);
  });
});
