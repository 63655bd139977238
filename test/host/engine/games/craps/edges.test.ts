import { describe, expect, test } from "vitest";
import { figuresOf } from "../../../../../host/engine/game/edges.ts";
import { divide, ratioText } from "../../../../../host/engine/game/ratio.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import { DONT_PASS, PASS } from "../../../../../host/engine/games/craps/spots.ts";
import { wagerOn, withOdds } from "../../../../../host/engine/games/craps/wagers.ts";
import { figures, figuresText, OPEN, spotNamed } from "./stories.ts";

/** "edge, chance to win, rolls to resolve", from the printed tables; the figures come from the settlement. */
const LASTING: { readonly [name: string]: string } = {
  "place-4": "1/15, 1/3, 4",
  "place-5": "1/25, 2/5, 18/5",
  "place-6": "1/66, 5/11, 36/11",
  "place-8": "1/66, 5/11, 36/11",
  "place-9": "1/25, 2/5, 18/5",
  "place-10": "1/15, 1/3, 4",
  "place-to-lose-4": "1/33, 2/3, 4",
  "place-to-lose-5": "1/40, 3/5, 18/5",
  "place-to-lose-6": "1/55, 6/11, 36/11",
  "place-to-lose-8": "1/55, 6/11, 36/11",
  "place-to-lose-9": "1/40, 3/5, 18/5",
  "place-to-lose-10": "1/33, 2/3, 4",
  "big-6": "1/11, 5/11, 36/11",
  "big-8": "1/11, 5/11, 36/11",
  "hard-4": "1/9, 1/9, 4",
  "hard-6": "1/11, 1/11, 36/11",
  "hard-8": "1/11, 1/11, 36/11",
  "hard-10": "1/9, 1/9, 4",
  "put-4": "1/3, 1/3, 4",
  "put-5": "1/5, 2/5, 18/5",
  "put-6": "1/11, 5/11, 36/11",
  "put-8": "1/11, 5/11, 36/11",
  "put-9": "1/5, 2/5, 18/5",
  "put-10": "1/3, 1/3, 4",
};

const FEES = [
  ["onWin", { "buy-4": "1/60", "buy-5": "1/50", "buy-6": "1/44", "lay-4": "1/60", "lay-5": "1/50", "lay-6": "1/44" }],
  [
    "withStake",
    { "buy-4": "1/21", "buy-5": "1/21", "buy-6": "1/21", "lay-4": "1/41", "lay-5": "1/31", "lay-6": "1/25" },
  ],
] as const;

const ONE_ROLL: { readonly [name: string]: string } = {
  "any-seven": "1/6, 1/6, 1",
  "any-craps": "1/9, 1/9, 1",
  "single-2": "5/36, 1/36, 1",
  "single-12": "5/36, 1/36, 1",
  "single-3": "1/9, 1/18, 1",
  "single-11": "1/9, 1/18, 1",
  "hop-2-4": "1/9, 1/18, 1",
  "hop-1-6": "1/9, 1/18, 1",
  "hop-3-3": "5/36, 1/36, 1",
  "hop-6-6": "5/36, 1/36, 1",
  horn: "1/8, 1/6, 1",
  "horn-high-2": "23/180, 1/6, 1",
  "horn-high-12": "23/180, 1/6, 1",
  "horn-high-3": "11/90, 1/6, 1",
  "horn-high-11": "11/90, 1/6, 1",
  world: "2/15, 1/6, 1",
  "craps-eleven": "1/9, 1/6, 1",
  "hi-lo": "5/36, 1/18, 1",
  "three-way": "7/54, 1/9, 1",
  "hi-lo-yo": "7/54, 1/9, 1",
  "hop-sevens": "1/9, 1/6, 1",
  over: "1/6, 5/12, 1",
  under: "1/6, 5/12, 1",
  "low-dice": "1/18, 5/12, 1",
  "high-dice": "1/18, 5/12, 1",
};

describe("the line", () => {
  test("pass and come win 244 of 495, at an edge of 7/495 [L02]", () => {
    for (const name of ["pass", "come"]) {
      expect(figuresText(figures(name)), name).toBe("7/495, 244/495, 557/165");
      expect(ratioText(figures(name).lost), name).toBe("251/495");
    }
  });

  test("don't pass and don't come with the bar on 12: 3/220 of each bet made, a 36th of them pushed [L03]", () => {
    for (const name of ["dont-pass", "dont-come"]) {
      const found = figures(name);
      expect(figuresText(found), name).toBe("3/220, 949/1980, 557/165");
      expect([ratioText(found.pushed), ratioText(found.lost)], name).toEqual(["1/36", "244/495"]);
    }
  });

  test("the same, ties played on: 27/1925 [L03]", () => {
    const wager = { ...wagerOn(spotNamed("dont-pass"), OPEN), config: OPEN, throughPushes: true };
    expect(figuresText(figuresOf(craps, wager))).toBe("27/1925, 949/1925, 6684/1925");
  });

  test("the bar on 3 costs 41/990, on 2 what it costs on 12", () => {
    expect(figuresText(figures("dont-pass", { bar: 3 }))).toBe("41/990, 149/330, 557/165");
    expect(figuresText(figures("dont-pass", { bar: 2 }))).toBe("3/220, 949/1980, 557/165");
  });

  test("odds have no edge, taken or laid, behind pass and behind come [L04]", () => {
    const point: readonly (readonly [number, string, string, string])[] = [
      [4, "1/3", "2/3", "4"],
      [5, "2/5", "3/5", "18/5"],
      [6, "5/11", "6/11", "36/11"],
      [8, "5/11", "6/11", "36/11"],
      [9, "2/5", "3/5", "18/5"],
      [10, "1/3", "2/3", "4"],
    ];
    for (const [on, taken, laid, rolls] of point) {
      expect(figuresText(figures("pass-odds", {}, on))).toBe(`0, ${taken}, ${rolls}`);
      expect(figuresText(figures("dont-pass-odds", {}, on))).toBe(`0, ${laid}, ${rolls}`);
      expect(ratioText(figures(`come-odds-${on}`).edge)).toBe("0");
      expect(figuresText(figures(`dont-come-odds-${on}`))).toBe(`0, ${laid}, ${rolls}`);
    }
  });

  test.each([
    [1, "7/825", "3/440"],
    [2, "1/165", "1/220"],
    [5, "7/2145", "1/440"],
    [10, "7/3795", "3/2420"],
    [20, "7/7095", "1/1540"],
    [100, "1/4785", "3/22220"],
  ])(
    "a line bet with full odds of %ix costs %s with the dice and %s against them [L04]",
    (multiple, withDice, against) => {
      const config = { ...OPEN, oddsFour: multiple, oddsFive: multiple, oddsSix: multiple };
      expect(ratioText(figuresOf(craps, { ...withOdds(PASS), config }).edge)).toBe(withDice);
      expect(ratioText(figuresOf(craps, { ...withOdds(DONT_PASS), config }).edge)).toBe(against);
    },
  );

  test("and of 3-4-5x 7/1870 and 3/1100 [L04]", () => {
    expect(ratioText(figuresOf(craps, { ...withOdds(PASS), config: OPEN }).edge)).toBe("7/1870");
    expect(ratioText(figuresOf(craps, { ...withOdds(DONT_PASS), config: OPEN }).edge)).toBe("3/1100");
  });
});

describe("bets on a number", () => {
  test("place bets cost 1/15, 1/25 and 1/66 [L06]", () => {
    for (const name of Object.keys(LASTING).filter((each) => each.startsWith("place-") && !each.includes("lose"))) {
      expect(figuresText(figures(name)), name).toBe(LASTING[name]);
    }
  });

  test("hardways cost 1/9 and 1/11 [L08]", () => {
    for (const number of [4, 6, 8, 10]) {
      expect(figuresText(figures(`hard-${number}`))).toBe(LASTING[`hard-${number}`]);
    }
  });

  test("big six and big eight cost 1/11 [L10]", () => {
    for (const name of ["big-6", "big-8"]) expect(figuresText(figures(name))).toBe(LASTING[name]);
  });

  test("so do bets to lose and bets put on the point", () => {
    for (const name of Object.keys(LASTING)) expect(figuresText(figures(name)), name).toBe(LASTING[name]);
  });

  test("buy and lay bets cost by when their fee is taken [L07]", () => {
    for (const [fee, edges] of FEES) {
      for (const [name, edge] of Object.entries(edges)) {
        expect(ratioText(figures(name, { fee }).edge), `${name} ${fee}`).toBe(edge);
      }
    }
    expect(figuresText(figures("buy-9"))).toBe("1/50, 2/5, 18/5");
    expect(figuresText(figures("lay-10"))).toBe("1/60, 2/3, 4");
  });

  test("edge a roll is edge over rolls: 1/216 for a place bet on six, 7/1671 for pass", () => {
    const perRoll = (name: string): string => ratioText(divide(figures(name).edge, figures(name).chances));
    expect(["place-6", "place-5", "place-4", "pass"].map(perRoll)).toEqual(["1/216", "1/90", "1/60", "7/1671"]);
  });
});

describe("bets on one roll", () => {
  test("the field costs 1/18, with one of 2 and 12 at three to one 1/36, with both nothing [L05]", () => {
    const field = (fieldTwoPays: 2 | 3, fieldTwelvePays: 2 | 3): string =>
      figuresText(figures("field", { fieldTwoPays, fieldTwelvePays }));
    expect([field(2, 2), field(2, 3), field(3, 2), field(3, 3)]).toEqual([
      ...["1/18, 4/9, 1", "1/36, 4/9, 1", "1/36, 4/9, 1", "0, 4/9, 1"],
    ]);
  });

  test("any seven 1/6, any craps 1/9, two or twelve 5/36, three or eleven 1/9 [L09]", () => {
    for (const name of ["any-seven", "any-craps", "single-2", "single-12", "single-3", "single-11"]) {
      expect(figuresText(figures(name)), name).toBe(ONE_ROLL[name]);
    }
  });

  test("hops cost 5/36 hard and 1/9 easy [L10]", () => {
    for (const name of ["hop-2-4", "hop-1-6", "hop-3-3", "hop-6-6"]) {
      expect(figuresText(figures(name)), name).toBe(ONE_ROLL[name]);
    }
  });

  test("and so does every other", () => {
    for (const name of Object.keys(ONE_ROLL)) expect(figuresText(figures(name)), name).toBe(ONE_ROLL[name]);
  });

  test("paid for one, a single number costs a sixth", () => {
    const forOne = { twoPays: 29, threePays: 14 } as const;
    for (const name of ["single-2", "single-12", "single-3", "single-11"]) {
      expect(ratioText(figures(name, forOne).edge), name).toBe("1/6");
    }
  });
});
