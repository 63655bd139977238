import { describe, expect, test } from "vitest";
import { runGolden } from "../../../../../host/engine/game/golden.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import { story } from "./stories.ts";

describe("the table's own scenarios", () => {
  test.each(craps.golden.map((golden) => [golden.name, golden] as const))("%s", (_name, golden) => {
    expect(runGolden(craps, golden)).toBeUndefined();
  });

  test("are many, and one that is wrong is told by its line", () => {
    expect(craps.golden.length).toBeGreaterThan(60);
    expect(story("bet pass 10; roll 7; net 9")).toBe("line 4: net 10 and not 9");
    expect(story("bet pass 10; roll 4; bet pass 10")).toBe("line 4: refused: only on a come-out");
    expect(story("refuse bet pass 10: contract")).toBe("line 2: done and not contract");
  });
});

describe("rules that houses differ in", () => {
  test("a hardway that won comes down where it does not stay", () => {
    expect(story("bet hard-8 5; roll 4-4; net 45; take hard-8 5")).toBe("holds");
    expect(story("bet hard-8 5; roll 4-4; net 45; refuse take hard-8 5: no bet there", { hardStays: false })).toBe(
      "holds",
    );
  });

  test("hardways and lay bets rest on a come-out where the layout says so, unless they are called", () => {
    const rests = { hardWorks: false, layWorks: false };
    expect(story("bet hard-8 5; roll 5-3; net 0", rests)).toBe("holds");
    expect(story("bet hard-8 5; call hard-8 on; roll 5-3; net -5", rests)).toBe("holds");
    expect(story("bet lay-4 40; roll 7; net 0", rests)).toBe("holds");
    expect(story("bet lay-4 40; roll 7; net 19")).toBe("holds");
  });

  test("a place bet that is called off rests with the puck on", () => {
    expect(story("roll 5; bet place-6 12; call place-6 off; roll 6; net 0; roll 7; net 0")).toBe("holds");
  });

  test("the bar is the craps that the table names [L03]", () => {
    expect(story("bet dont-pass 10; roll 2; net 0; roll 12; net 10", { bar: 2 })).toBe("holds");
    expect(story("bet dont-pass 10; roll 3; net 0", { bar: 3 })).toBe("holds");
    expect(story("bet dont-pass 10; roll 12; net 0", { bar: 12 })).toBe("holds");
  });

  test("the fee of a bet that comes down undecided comes back with it [L07]", () => {
    const fee = { fee: "withStake" } as const;
    expect(story("bet buy-4 20; bet buy-4 20; take buy-4 20; take buy-4 20; net 0", fee)).toBe("holds");
    expect(story("roll 5; bet buy-4 20; bet buy-4 20; roll 7; net -42", fee)).toBe("holds");
  });
});

describe("what waits for its number", () => {
  test("off and on leaves one bet, which is decided once", () => {
    expect(
      story(
        "roll 8; bet come 10; roll 6; bet come 20; roll 6; net come-on-6 10; roll 6; net come-on-6 30; roll 7; net come-on-6 30",
      ),
    ).toBe("holds");
  });

  test("a don't come bet and its odds come down, the odds first", () => {
    expect(
      story(
        "roll 8; bet dont-come 10; roll 4; bet dont-come-odds-4 20; refuse take dont-come-on-4 10: odds behind it; take dont-come-odds-4 20; take dont-come-on-4 10; net 0",
      ),
    ).toBe("holds");
  });

  test("fire runs on when the dice are passed, and cannot be raised or taken", () => {
    expect(
      story(
        "bet pass 1; bet fire 1; roll 4; roll 4; pass-dice; refuse bet fire 1: already running; refuse take fire 1: contract; roll 5; roll 5; roll 6; roll 6; roll 8; roll 8; roll 9; roll 7; net fire 24",
      ),
    ).toBe("holds");
  });
});
