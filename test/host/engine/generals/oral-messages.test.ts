import { describe, expect, test } from "vitest";
import { membersForByzantine } from "../../../../host/engine/generals/message-costs.ts";
import {
  besiege,
  brokenCondition,
  majority,
  messagesOf,
  nameOf,
  type Order,
  type Outcome,
  type Said,
  type Siege,
} from "../../../../host/engine/generals/oral-messages.ts";
import {
  besiegeByDenial,
  pairOfRules,
  rulesThatSurvive,
  searchBreaches,
} from "../../../../host/engine/generals/search.ts";
import { type Chance, chance, drawBelow } from "../../../../protocol/core/chance.ts";

const honest: Siege["strategy"] = (_message, word) => word;
const conditions = (...search: Parameters<typeof searchBreaches>): readonly string[] =>
  searchBreaches(...search)
    .breaches.map(({ broken }) => broken)
    .sort();

describe("oral messages", () => {
  test("bring every order to everyone where nobody lies", () => {
    for (let generalCount = 2; generalCount <= 7; generalCount++) {
      for (const order of ["attack", "retreat"] as const) {
        for (let relayCount = 0; relayCount <= Math.min(2, generalCount - 2); relayCount++) {
          const siege: Siege = { generalCount, relayCount, order, traitors: [], strategy: honest };
          expect(besiege(siege).decisions).toEqual(Array.from({ length: generalCount }, () => order));
        }
      }
    }
  });

  test("are as many as the paths on which they are passed", () => {
    const count = (generals: number, relays: number): number => messagesOf(generals, relays).length;
    expect([count(3, 1), count(4, 0), count(4, 1)]).toEqual([2 + 2 * 1, 3, 3 + 3 * 2]);
    expect([count(7, 2), count(10, 3)]).toEqual([6 + 6 * 5 + 6 * 5 * 4, 9 + 9 * 8 + 9 * 8 * 7 + 9 * 8 * 7 * 6]);
    expect(messagesOf(4, 1).map(nameOf)).toEqual([
      ...["0 to 1", "0 to 2", "0 to 3"],
      ...["0 1 to 2", "0 1 to 3", "0 2 to 1", "0 2 to 3", "0 3 to 1", "0 3 to 2"],
    ]);
  });

  test("pass on what was heard, and a silence as an order to retreat", () => {
    const strategy: Siege["strategy"] = ({ to }) => (["attack", "nothing", "attack"] as const)[to - 1]!;
    const siege: Siege = { generalCount: 4, relayCount: 1, order: "retreat", traitors: [0], strategy };
    const outcome = besiege(siege);
    const said = (name: string): Said => outcome.heard.find((each) => nameOf(each) === name)!.said;
    expect([said("0 to 2"), said("0 1 to 2"), said("0 2 to 1"), said("0 2 to 3")]).toEqual([
      ...["nothing", "attack", "retreat", "retreat"],
    ]);
    expect(outcome.decisions).toEqual(["anything", "attack", "attack", "attack"]);
  });

  test("are counted by the majority, and where they are even it is a retreat", () => {
    const [a, r]: [Order, Order] = ["attack", "retreat"];
    const told: Order[][] = [[a], [r], [a, r], [r, a], [a, a, r], [a, r, r], [a, a, r, r]];
    expect(told.map((each) => majority(1, each))).toEqual([a, r, r, r, a, r, r]);
  });

  test("of a siege that cannot be are our mistake", () => {
    for (const [generals, relays] of [
      [1, 0],
      [11, 1],
      [3, 2],
      [4, -1],
    ] as const) {
      expect(() => messagesOf(generals, relays)).toThrow();
    }
  });
});

test("the conditions speak of the loyal alone", () => {
  const siege = { generalCount: 4, relayCount: 1, order: "attack", traitors: [1], strategy: honest } as const;
  const outcome = (...decisions: Outcome["decisions"]): Outcome => ({ heard: [], decisions });
  const [a, r, x] = ["attack", "retreat", "anything"] as const;
  expect(brokenCondition(siege, outcome(a, x, a, a))).toBeUndefined();
  expect(brokenCondition(siege, outcome(a, x, a, r))).toBe("IC1");
  expect(brokenCondition(siege, outcome(a, x, r, r))).toBe("IC2");
  const treason = { ...siege, traitors: [0] };
  expect(brokenCondition(treason, outcome(x, r, r, r))).toBeUndefined();
  expect(brokenCondition(treason, outcome(x, a, r, r))).toBe("IC1");
});

describe("three generals and one traitor", () => {
  test("do not agree: a traitor turns a loyal lieutenant from a loyal commander [B15]", () => {
    const { triedCount, breaches } = searchBreaches(3, 1, 1);
    // The commander says one of three words twice, either lieutenant one once, under two orders.
    expect(triedCount).toBe(2 * (9 + 3 + 3));
    const [{ siege, outcome, broken }] = breaches as [(typeof breaches)[number]];
    expect([broken, siege.traitors, siege.order]).toEqual(["IC2", [1], "attack"]);
    expect(outcome.decisions).toEqual(["attack", "anything", "retreat"]);
    expect(brokenCondition(siege, besiege(siege))).toBe("IC2");
  });

  test("do not agree by any other rule either: all 256 pairs of rules are broken [B15]", () => {
    expect(rulesThatSurvive()).toEqual({ triedCount: 256, survivorCount: 0 });
    const words = ["attack", "retreat"] as const;
    const doings = Array.from({ length: 256 }, (_, pair) => {
      const rule = pairOfRules(pair);
      return [1, 2]
        .map((lieutenant) => words.map((one) => words.map((other) => rule(lieutenant, [one, other]))))
        .join();
    });
    expect(new Set(doings).size).toBe(256);
    expect(conditions(3, 1, 1, (_, told) => told[0]!)).toEqual(["IC1"]);
    expect(conditions(3, 1, 1, () => "attack")).toEqual(["IC2"]);
  });

  test("agree where the traitor is none", () => {
    expect(conditions(3, 0, 1)).toEqual([]);
  });
});

describe("four generals and one traitor", () => {
  test("agree whatever the traitor says: every strategy was tried [B15]", () => {
    // The commander tells three; a lieutenant tells two; under two orders.
    expect(searchBreaches(4, 1, 1)).toEqual({ triedCount: 2 * (27 + 3 * 9), breaches: [] });
    expect(conditions(5, 1, 1)).toEqual([]);
    expect(conditions(6, 1, 1)).toEqual([]);
  });

  test("do not where nothing is passed on, or where two are traitors [B15]", () => {
    expect(conditions(4, 1, 0)).toEqual(["IC1"]);
    expect(conditions(4, 2, 1)).toEqual(["IC1", "IC2"]);
  });
});

describe("f traitors", () => {
  test("take 3f + 1 generals: 4, 7 and 10 for one, two and three [B15]", () => {
    expect([1, 2, 3].map(membersForByzantine)).toEqual([4, 7, 10]);
    for (const traitorCount of [1, 2, 3]) {
      const needed = membersForByzantine(traitorCount);
      expect([needed, besiegeByDenial(needed, traitorCount)]).toEqual([needed, undefined]);
      expect(besiegeByDenial(needed - 1, traitorCount)).toMatchObject({ broken: "IC2" });
    }
  });

  test("break nothing among 3f + 1, whatever they say by chance [B15]", () => {
    const tries: { readonly [traitorCount: number]: number } = { 1: 2000, 2: 1000, 3: 60 };
    for (const traitorCount of [1, 2, 3]) {
      const generalCount = membersForByzantine(traitorCount);
      const broken = randomBreaches(generalCount, traitorCount, traitorCount, tries[traitorCount]!);
      expect([traitorCount, broken]).toEqual([traitorCount, 0]);
    }
  });

  test("break something among as many where words are passed on once fewer, or one more betrays", () => {
    expect(randomBreaches(7, 2, 1, 1000)).toBeGreaterThan(0);
    expect(randomBreaches(7, 3, 2, 1000)).toBeGreaterThan(0);
  });
});

test("a search that would not end is our mistake", () => {
  expect(() => searchBreaches(7, 2, 2)).toThrow("the strategies can all be tried");
});

/** Traitors are biased, each to one word for each listener: pure noise cancels out. */
function randomBreaches(generalCount: number, traitorCount: number, relayCount: number, tries: number): number {
  const from = chance(generalCount * 100 + traitorCount);
  let broken = 0;
  for (let i = 0; i < tries; i++) {
    const traitors: number[] = [];
    while (traitors.length < traitorCount) {
      const general = drawBelow(from, generalCount);
      if (!traitors.includes(general)) traitors.push(general);
    }
    const order: Order = drawBelow(from, 2) === 0 ? "attack" : "retreat";
    const siege: Siege = { generalCount, relayCount, order, traitors, strategy: biased(from, generalCount) };
    if (brokenCondition(siege, besiege(siege)) !== undefined) broken += 1;
  }
  return broken;
}

function biased(from: Chance, generalCount: number): Siege["strategy"] {
  const words: readonly Said[] = ["attack", "retreat", "nothing"];
  const favourites = Array.from({ length: generalCount }, () => words[drawBelow(from, 3)]!);
  const noise = drawBelow(from, 4);
  return ({ to }, word) => {
    if (drawBelow(from, 8) < noise) return words[drawBelow(from, 3)]!;
    return drawBelow(from, 6) === 0 ? word : favourites[to]!;
  };
}
