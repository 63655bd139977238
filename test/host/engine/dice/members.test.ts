import { describe, expect, test } from "vitest";
import { quorum } from "../../../../host/engine/consensus/quorum.ts";
import { changeMembers } from "../../../../host/engine/dice/dice.ts";
import { servingKey } from "../../../../host/engine/dice/key-generation.ts";
import { epoch } from "../../../../protocol/core/units.ts";
import { type DiceTable, diceTable, kiosk, lock, settleDown } from "./kiosks.ts";
import { keyIn } from "./parts.ts";
import { expectWhole } from "./shares.ts";

describe("when members change", () => {
  const joined = (of: DiceTable, count: number, next: number): void => {
    const fresh = [...new Array(count).keys()].map((each) => kiosk("stand-in", 1, 20 + each));
    of.kiosks.push(...fresh);
    changeMembers(
      of.state,
      epoch(next),
      of.kiosks.map(({ member }) => member),
    );
  };

  test("the old key serves until the new one is there, then the new", () => {
    const of = diceTable(4);
    settleDown(of);
    const before = keyIn(of).key.number;
    joined(of, 1, 1);
    lock(of);
    settleDown(of);
    const rolled = of.changes.find((change) => change.type === "rolled");
    expect(rolled?.proof).toMatchObject({ epoch: 1, randomness: { type: "distributed", key: before } });
    expect(keyIn(of).key.number).toBe(before + 1);
    expect(keyIn(of).key.threshold).toBe(quorum(5));
    expectWhole(of);
  });

  test("and fewer than four are left, there is no key any more, and one more member makes another", () => {
    const of = diceTable(4);
    settleDown(of);
    const all = of.kiosks.map(({ member }) => member);
    changeMembers(of.state, epoch(1), all.slice(1));
    expect(of.state.key === undefined && of.state.deal === undefined).toBe(true);
    changeMembers(of.state, epoch(2), all);
    expect(of.state.deal?.number).toBe(2);
    settleDown(of);
    expectWhole(of);
  });

  test("they change between rolls", () => {
    const of = diceTable(4);
    lock(of);
    expect(() => changeMembers(of.state, epoch(1), [])).toThrow("members change between rolls");
  });

  test("a key stops serving when those who left could use it with those who may be faulty", () => {
    const of = diceTable(7);
    settleDown(of);
    const all = of.kiosks.map(({ member }) => member);
    const { threshold } = keyIn(of).key;
    expect(threshold).toBe(5);
    const without = (left: number, added: number) => {
      const state = structuredClone(of.state);
      const fresh = [...new Array(added).keys()].map((each) => kiosk("stand-in", 1, 20 + each).member);
      changeMembers(state, epoch(1), [...all.slice(left), ...fresh]);
      return servingKey(state) !== undefined;
    };
    expect(without(1, 0)).toBe(true);
    expect(without(2, 0)).toBe(true);
    // Four of seven hold it: not enough to use it.
    expect(without(3, 0)).toBe(false);
    // Two left, and of ten three may be faulty.
    expect(without(2, 4)).toBe(true);
    expect(without(2, 5)).toBe(false);
  });

  test("an excluded dealer stays excluded in its new place", () => {
    const of = diceTable(5);
    of.state.excluded = 0b00100;
    changeMembers(
      of.state,
      epoch(1),
      of.kiosks.slice(1).map(({ member }) => member),
    );
    expect(of.state.excluded).toBe(0b0010);
  });
});
