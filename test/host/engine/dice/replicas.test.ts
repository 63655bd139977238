import { describe, expect, test, vi } from "vitest";
import { executeDice } from "../../../../host/engine/dice/dice.ts";
import { advanceRoll } from "../../../../host/engine/dice/roll.ts";
import { decodeDice, encodeDice } from "../../../../host/engine/dice/state.ts";
import { chance, drawBelow, drawBytes } from "../../../../protocol/core/chance.ts";
import { agreedMillis } from "../../../../protocol/core/units.ts";
import { diceTable, lock, orderBytes, passTime, START, settleDown } from "./kiosks.ts";
import { portsIn } from "./parts.ts";
import { replicate } from "./replication.ts";

describe("eight replicas", () => {
  test.each([
    ["a distributed key", 8, false, 60],
    ["commit–reveal", 8, true, 100],
    ["commit–reveal of two", 2, true, 100],
  ] as const)(
    "that execute one log by %s have the same dice and the same state after each roll, with any luck [K04]",
    (_, count, revealAlways, rolls) => {
      let luck = 0;
      vi.spyOn(Math, "random").mockImplementation(() => (luck++ % 8) / 8);
      const { mismatches, thrown } = replicate(count, revealAlways, rolls);
      vi.restoreAllMocks();
      expect({ mismatches, thrown }).toEqual({ mismatches: 0, thrown: rolls });
    },
  );

  test("that are not told one of its operations fall apart, and it is seen", () => {
    expect(replicate(4, false, 3, 5).mismatches).toBeGreaterThan(0);
  });
});

describe("the agreed state", () => {
  test("has one encoding, at each step of a key and of rolls, and no part shared with what brought it", () => {
    const of = diceTable(5);
    of.filter = (_, effect) => {
      const decoded = decodeDice(encodeDice(of.state));
      expect(decoded).toEqual(of.state);
      return effect;
    };
    settleDown(of);
    lock(of);
    settleDown(of);
    expect(of.changes.map(({ type }) => type)).toEqual(["keyReady", "rolled"]);
    const before = encodeDice(of.state);
    for (const { bytes } of of.log) bytes.fill(0xff);
    expect(encodeDice(of.state)).toEqual(before);
    expect(decodeDice(before.subarray(1))).toBeUndefined();
  });

  test("is changed by nothing that is refused, and nothing is thrown at: not at noise, not at damaged operations", () => {
    const from = chance(5);
    for (const revealAlways of [false, true]) {
      const of = diceTable(4, { revealAlways });
      settleDown(of);
      lock(of);
      settleDown(of);
      const known = of.log.map(({ bytes }) => bytes);
      lock(of);
      let refused = 0;
      for (let i = 0; i < 400; i++) {
        const bytes =
          drawBelow(from, 3) === 0
            ? drawBytes(from, drawBelow(from, 120))
            : damaged(known[drawBelow(from, known.length)]!);
        const before = encodeDice(of.state);
        const answer = orderBytes(of, drawBelow(from, 6), bytes);
        if (answer.ok) continue;
        refused += 1;
        expect(encodeDice(of.state)).toEqual(before);
      }
      expect(refused).toBeGreaterThan(370);
    }

    function damaged(bytes: Uint8Array): Uint8Array {
      const copy = Uint8Array.from(bytes);
      copy[drawBelow(from, copy.length)]! ^= 1 << drawBelow(from, 8);
      return copy;
    }
  });

  test("refuses those who are no members", () => {
    const of = diceTable(4);
    expect(orderBytes(of, 4, Uint8Array.of(7, 1))).toEqual({ ok: false, why: "not a member" });
    expect(orderBytes(of, 0, Uint8Array.of(8))).toEqual({ ok: false, why: "not an operation" });
    expect(orderBytes(of, 0, Uint8Array.of(7, 1))).toEqual({ ok: false, why: "another roll" });
  });
});

test("every operation is legal in every state: it acts, or is refused with a reason", () => {
  // Of one table's whole life, each operation at each moment of another's.
  const operations = ([false, true] as const).flatMap((revealAlways) => {
    const of = diceTable(4, { revealAlways });
    settleDown(of);
    lock(of);
    settleDown(of);
    return of.log.map(({ member, bytes }) => ({ member, bytes }));
  });
  operations.push({ member: 0, bytes: Uint8Array.of(7, 1) });
  const reasons = new Set<string>();
  for (const revealAlways of [false, true]) {
    const of = diceTable(4, { revealAlways });
    const tryAll = (): void => {
      for (const { member, bytes } of operations) {
        const state = structuredClone(of.state);
        const answer = executeDice(state, member, bytes, agreedMillis(START + of.now), portsIn(of));
        reasons.add(answer.ok ? answer.change.type : answer.why);
      }
    };
    of.filter = (_, effect) => {
      tryAll();
      return effect;
    };
    tryAll();
    settleDown(of);
    lock(of);
    advanceRoll(of.state, agreedMillis(START + 60_000));
    settleDown(of);
    passTime(of, 60_000);
  }
  for (const reason of ["noted", "keyReady", "rolled", "another key", "another roll", "not this way"] as const) {
    expect(reasons).toContain(reason);
  }
});
