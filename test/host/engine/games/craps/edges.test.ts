import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { figuresOf } from "../../../../../host/engine/game/edges.ts";
import {
  add,
  divide,
  equal,
  multiply,
  percentText,
  ratio,
  ratioText,
  subtract,
} from "../../../../../host/engine/game/ratio.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import { DONT_PASS, PASS } from "../../../../../host/engine/games/craps/spots.ts";
import { betOn } from "../../../../../host/engine/games/craps/state.ts";
import { wagerOn, withOdds } from "../../../../../host/engine/games/craps/wagers.ts";
import { repositoryRoot } from "../../../../xs/engine/root.ts";
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

describe("the optional set", () => {
  const numbers = [2, 3, 4, 5, 6, 8, 9, 10, 11, 12];
  const mirrored = (five: readonly string[]): string[] => [...five, ...[...five].reverse()];

  test("a total before seven [L11]", () => {
    expect(numbers.map((number) => ratioText(figures(`yes-${number}`).edge))).toEqual(
      mirrored(["3/175", "3/200", "1/75", "3/250", "1/110"]),
    );
  });

  test("seven before a total [L12]", () => {
    expect(numbers.map((number) => ratioText(figures(`no-${number}`).edge))).toEqual(
      mirrored(["1/175", "1/400", "1/150", "1/100", "2/275"]),
    );
  });

  test("a total on the next roll [L13]", () => {
    expect(numbers.map((number) => ratioText(figures(`next-${number}`).edge))).toEqual(
      mirrored(["7/360", "17/900", "11/600", "4/225", "1/60"]),
    );
    expect(ratioText(figures("next-7").edge)).toBe("1/60");
  });

  test("repeaters, paid for one and to one [L14]", () => {
    const wins = ["1/49", "1/64", "1/81", "32/3125", "15625/1771561"];
    const forOne = ["9/49", "7/32", "16/81", "113/625", "365311/1771561"];
    const toOne = ["8/49", "13/64", "5/27", "533/3125", "349686/1771561"];
    const all = numbers.map((number) => figures(`repeater-${number}`));
    expect(all.map(({ won }) => ratioText(won))).toEqual(mirrored(wins));
    expect(all.map(({ edge }) => ratioText(edge))).toEqual(mirrored(forOne));
    expect(numbers.map((number) => ratioText(figures(`repeater-${number}`, { repeaters: "to" }).edge))).toEqual(
      mirrored(toOne),
    );
  });

  test("small and tall [L16]", () => {
    for (const name of ["small", "tall"]) {
      expect(ratioText(figures(name, { smallPays: 30 }).edge), name).toBe("139241/760760");
      expect(ratioText(figures(name, { smallPays: 34 }).edge), name).toBe("1687/21736");
      expect(ratioText(figures(name).won), name).toBe("20049/760760");
    }
  });

  test("all, at every pay that is offered [L16]", () => {
    const { won, edge } = figures("all", { allPays: 150 });
    expect(ratioText(won)).toBe("126538525259/24067258815600");
    expect(ratioText(edge)).toBe("4959941501491/24067258815600");
    // The chain is the same whatever it pays: a win brings the pay, everything else costs the stake.
    const at = (pays: number): string => ratioText(subtract(ratio(1), multiply(won, ratio(pays + 1))));
    expect([150, 155, 160, 165, 170, 174, 175].map(at)).toEqual([
      "4959941501491/24067258815600",
      "27738774841/154277300100",
      "22947554341/149486079600",
      "1530931811303/12033629407800",
      "14205678341/140744203600",
      "10988667973/137527193232",
      "10207263466/136745788725",
    ]);
  });

  test("fire: its exact distribution, and the edges of its tables [L15]", () => {
    const made = fireDistribution();
    expect(made.map(ratioText)).toEqual([
      "98/165",
      "78834/302335",
      "1970803095086/19459848690711",
      "1308430294936495236340268/39134473632501557375602251",
      "397827275553303559561275300153332123/45217004661600798293395811871070645620",
      "205475014116867547145317940818694649261505/125294750887234054523299013860064832861616986",
      "3700403899126040038831518494284887738125/22780863797678919004236184338193605974839452",
    ]);
    expect(equal(made.reduce(add), ratio(1))).toBe(true);
    expect(ratioText(figures("fire", { fire: "a" }).edge)).toBe(
      "3155010189076512755518373649266277142847/15195531003242259962803834074351444164892",
    );
    const edgeBy = (pays: readonly number[]) =>
      subtract(ratio(1), made.map((share, points) => multiply(share, ratio(pays[points]))).reduce(add));
    expect(equal(figures("fire", { fire: "b" }).edge, edgeBy([0, 0, 0, 0, 11, 201, 2001]))).toBe(true);
    expect(equal(figures("fire", { fire: "c" }).edge, edgeBy([0, 0, 0, 7, 30, 150, 300]))).toBe(true);
  });

  test("bets under rules of our own cost between 1 and 21 percent [L17]", () => {
    const own = ["hot-roller", "twice-hard", "ride-the-line", "muggsy", "replay", "different-doubles"];
    const edges = own.map((name) => figures(name).edge);
    for (const edge of edges) {
      expect(edge.numerator * 100n).toBeGreaterThan(edge.denominator);
      expect(edge.numerator * 100n).toBeLessThan(21n * edge.denominator);
    }
    expect(["twice-hard", "muggsy", "different-doubles"].map((name) => ratioText(figures(name).edge))).toEqual([
      ...["11/113", "1/18", "53/924"],
    ]);
    expect(ratioText(figures("ride-the-line").edge)).toBe("151237384153/1771561000000");
    // The page says what the settlement does.
    const page = readFileSync(join(repositoryRoot, "docs/games.md"), "utf8").split("\n");
    own.forEach((name, i) => {
      const line = page.find((each) => each.startsWith(`| ${name.replaceAll("-", " ")} |`));
      expect(line, name).toContain(percentText(edges[i]));
    });
  });
});

/** How many different points a shooter makes, from what the settlement says at the end of a fire bet. */
function fireDistribution() {
  const spot = spotNamed("fire");
  const points = [0, 1, 2, 3, 4, 5, 6];
  const { measured } = figuresOf(
    craps,
    { ...wagerOn(spot, OPEN), config: OPEN },
    {
      count: points.length,
      of: (before, _outcome, events) => {
        const end = events.find(({ bet }) => bet === spot.code);
        const bits = betOn(before.seats[0], spot.code)?.progress ?? 0;
        const made = bits.toString(2).replaceAll("0", "").length + (end?.net === 999 ? 1 : 0);
        return points.map((each) => (end !== undefined && each === made ? 1 : 0));
      },
    },
  );
  return measured;
}
