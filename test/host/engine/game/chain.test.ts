import { describe, expect, test } from "vitest";
import { type Chain, chainOf, END } from "../../../../host/engine/game/chain.ts";
import { figuresOf } from "../../../../host/engine/game/edges.ts";
import { lump } from "../../../../host/engine/game/lump.ts";
import { ratioText } from "../../../../host/engine/game/ratio.ts";
import { solve } from "../../../../host/engine/game/solve.ts";
import { faulty, ONE_COIN, urn } from "./urn.ts";

/** Steps one up or one down with equal chance, and ends below 0 or above `top`; counts steps, and ends above. */
function walk(top: number): Chain {
  const at = (from: number, step: number) => {
    const to = from + step;
    return { to: to < 0 || to > top ? END : to, weight: 1, total: 2, counts: [1, to > top ? 1 : 0] };
  };
  const states = [...Array(top + 1).keys()].map((from) => [at(from, 1), at(from, -1)]);
  return { states, start: 1, counts: [0, 0] };
}

describe("a chain", () => {
  test("is solved exactly: the gambler's ruin takes a · b steps, and is won in the ratio of a", () => {
    // From 2 of 12: 2 · 10 steps, 2 in 12 won.
    expect(solve(walk(10)).map(ratioText)).toEqual(["20", "1/6"]);
    expect(solve({ ...walk(10), start: 5 }).map(ratioText)).toEqual(["36", "1/2"]);
  });

  test("lumped has the same sums, from as many states as there are differences", () => {
    for (const top of [1, 4, 9]) {
      for (let start = 0; start <= top; start++) {
        const chain = { ...walk(top), start };
        expect(solve(lump(chain))).toEqual(solve(chain));
      }
    }
    // Counting steps alone, a walk is its own mirror.
    const steps = (chain: Chain): Chain => ({
      ...chain,
      counts: [0],
      states: chain.states.map((arrows) => arrows.map((arrow) => ({ ...arrow, counts: [1] }))),
    });
    expect(lump(steps(walk(9))).states.length).toBe(5);
    expect(lump(walk(9)).states.length).toBe(10);
    expect(solve(lump(steps({ ...walk(9), start: 3 }))).map(ratioText)).toEqual(["28"]);
  });

  test("that never ends is no wager", () => {
    const ring = { to: 0, weight: 1, total: 1, counts: [1] };
    expect(() => solve({ states: [[ring]], start: 0, counts: [0] })).toThrow("comes to its end");
  });

  test("of a game comes from what its settlement does, not from what it says", () => {
    const [wager] = urn.wagers(ONE_COIN);
    expect(chainOf(urn, wager).states.length).toBe(3);
    const { edge, won, chances } = figuresOf(urn, wager);
    expect([edge, won, chances].map(ratioText)).toEqual(["1/8", "7/8", "7/4"]);
    const generous = faulty({ settle: (settlement) => ({ ...settlement, events: settlement.events.map(doubled) }) });
    expect(ratioText(figuresOf(generous, generous.wagers(ONE_COIN)[0]).edge)).toBe("1/4");
  });
});

const doubled = <E extends { readonly net: number }>(event: E): E => ({ ...event, net: event.net * 2 });
