import { describe, expect, test } from "vitest";
import { faultsMax, quorum } from "../../../../host/engine/consensus/quorum.ts";
import { changeMembers } from "../../../../host/engine/dice/dice.ts";
import { dealersOf } from "../../../../host/engine/dice/key-generation.ts";
import { DEAL_PATIENCE_MS } from "../../../../host/engine/dice/limits.ts";
import { DiceOperation } from "../../../../host/engine/dice/operation.ts";
import { countBits } from "../../../../host/engine/dice/state.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { epoch } from "../../../../protocol/core/units.ts";
import { diceTable, lock, order, passTime, rollOnce, settleDown, silence } from "./kiosks.ts";
import { honestDealing } from "./liars.ts";
import { keyIn, outputBy, partialBy } from "./parts.ts";
import { expectWhole, liars } from "./shares.ts";

describe("a key", () => {
  test.each([4, 5, 6, 7, 8, 9, 10])(
    "of %i is made by a quorum's dealings, and everyone has a right share of it",
    (count) => {
      const of = diceTable(count);
      settleDown(of);
      expect(of.log.filter(({ answer }) => !answer.ok)).toEqual([]);
      expect(keyIn(of).key.threshold).toBe(quorum(count));
      expect(keyIn(of).deal.dealings).toHaveLength(quorum(count));
      expectWhole(of);
    },
  );

  test.each([4, 6, 7, 10])(
    "of %i is made although f members are silent, and they have their shares when they come back",
    (count) => {
      const of = diceTable(count);
      const silent = [...new Array(faultsMax(count)).keys()].map((each) => each + 1);
      silence(of, ...silent);
      settleDown(of);
      expect(of.state.key === undefined).toBe(true);
      // The first were asked to deal, and some of them are the silent ones: the others stand in.
      passTime(of, DEAL_PATIENCE_MS);
      expect(countBits(dealersOf(keyIn(of).deal))).toBe(quorum(count));
      expectWhole(of);
      const { dice } = rollOnce(of);
      expect(dice[0] + dice[1]).toBeGreaterThanOrEqual(2);
    },
  );

  test.each([4, 6, 7, 10])(
    "of %i is made although f members lie, who are excluded by proof, and nobody else",
    (count) => {
      const of = diceTable(count);
      const lying = [...new Array(faultsMax(count)).keys()].map((each) => each + 1);
      liars(of, lying, [0, count - 1]);
      settleDown(of);
      passTime(of, DEAL_PATIENCE_MS);
      const excluded = of.changes.flatMap((change) => (change.type === "excluded" ? [change.member] : []));
      expect(excluded.sort((left, right) => left - right)).toEqual(lying);
      expect(keyIn(of).deal.dealings.some(({ dealer }) => lying.includes(dealer))).toBe(false);
      expectWhole(of);
    },
  );

  test("is not made by f + 1 liars alone: a table that has no quorum of honest dealers goes on with commit–reveal", () => {
    const of = diceTable(4);
    liars(of, [1, 2], [0, 3]);
    settleDown(of);
    passTime(of, DEAL_PATIENCE_MS);
    expect(of.state.key === undefined).toBe(true);
    expect(countBits(of.state.excluded)).toBe(2);
    const rolled = rollOnce(of);
    expect(rolled.proof.randomness.type).toBe("revealed");
  });

  test("is not made at tables of two and three, nor where the table prefers commit–reveal", () => {
    for (const of of [diceTable(2), diceTable(3), diceTable(7, { revealAlways: true })]) {
      settleDown(of);
      expect(of.log).toEqual([]);
      expect(of.state.deal).toBeUndefined();
      expect(rollOnce(of).proof.randomness.type).toBe("revealed");
    }
  });

  test("is short to make: 1,400 bytes among four and 5,500 among eight", () => {
    const sizes = [4, 8].map((count) => {
      const of = diceTable(count);
      settleDown(of);
      return of.log.reduce((sum, { bytes }) => sum + bytes.length, 0);
    });
    expect(sizes).toEqual([1077, 3498]);
  });
});

test("a key that is ready while a roll is open waits for its end: one roll, one key", () => {
  const of = diceTable(4);
  settleDown(of);
  silence(of, 0, 1, 2, 3);
  const before = keyIn(of).key.number;
  const members = of.state.members;
  changeMembers(of.state, epoch(1), members);
  const { number } = of.state.deal!;
  lock(of);
  const partials = [0, 1, 2].map((holder) => partialBy(of, holder));
  for (const member of [0, 1, 2]) order(of, member, { type: "deal", number, dealing: honestDealing(of, member) });
  for (const member of [0, 1]) order(of, member, { type: "confirm", number, dealers: 0b0111 });
  expect(order(of, 2, { type: "confirm", number, dealers: 0b0111 }).ok).toBe(true);
  // Once is enough: it is told once, too.
  expect(order(of, 3, { type: "confirm", number, dealers: 0b0111 })).toEqual({ ok: false, why: "confirmed already" });
  expect(keyIn(of).key.number).toBe(before);
  const output = outputBy(of, partials);
  expect(order(of, 0, { type: "settle", roll: 1, output, partials })).toMatchObject({
    ok: true,
    change: { type: "rolled", proof: { randomness: { key: before } } },
  });
  expect(keyIn(of).key.number).toBe(number);
});

test("what was dealt anew after a restart is the same, byte for byte", () => {
  const of = diceTable(4);
  const first = encode(DiceOperation, { type: "deal", number: 1, dealing: honestDealing(of, 2) });
  expect(encode(DiceOperation, { type: "deal", number: 1, dealing: honestDealing(of, 2) })).toEqual(first);
});
