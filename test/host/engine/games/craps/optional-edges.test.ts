import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { figuresOf } from "../../../../../host/engine/game/edges.ts";
import {
  add,
  equal,
  multiply,
  percentText,
  ratio,
  ratioText,
  subtract,
} from "../../../../../host/engine/game/ratio.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import { betOn } from "../../../../../host/engine/games/craps/state.ts";
import { wagerOn } from "../../../../../host/engine/games/craps/wagers.ts";
import { repositoryRoot } from "../../../../xs/engine/root.ts";
import { figures, OPEN, spotNamed } from "./stories.ts";

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
