import { describe, expect, test } from "vitest";
import { changeMembers } from "../../../../host/engine/dice/dice.ts";
import {
  ORDER_REPEAT_MS,
  PARTIAL_DOUBLINGS_MAX,
  PARTIAL_PATIENCE_MS,
  PARTIAL_REPEAT_MS,
  REVEAL_MS,
  SETTLE_MS,
  SETTLE_STAGGER_MS,
} from "../../../../host/engine/dice/limits.ts";
import { stepOwnDice } from "../../../../host/engine/dice/own-dice.ts";
import { type OwnEffect, type OwnEvent, ownDice } from "../../../../host/engine/dice/own-state.ts";
import { advanceRoll } from "../../../../host/engine/dice/roll.ts";
import { agreedMillis, epoch, millis } from "../../../../protocol/core/units.ts";
import { type DiceTable, diceTable, lock, passTime, START, settleDown, silence } from "./kiosks.ts";
import { flipped, partialBy } from "./parts.ts";

/** Of four, the one in which member 0 comes first, then 1, then 2; 3 is spare. */
const ROLL = 4;

/** A key, and from then on nobody's words are performed. */
function ready(count = 4): DiceTable {
  const of = diceTable(count);
  settleDown(of);
  of.state.lastRoll = ROLL - 1;
  silence(of, ...of.kiosks.keys());
  return of;
}

function step(
  of: DiceTable,
  member: number,
  event: Partial<OwnEvent> & { readonly type: OwnEvent["type"] },
): OwnEffect[] {
  const effects: OwnEffect[] = [];
  const { own, ports } = of.kiosks[member]!;
  stepOwnDice(own, of.state, { at: millis(of.now), ...event } as OwnEvent, effects, ports);
  return effects;
}

const saidIn = (effects: readonly OwnEffect[]) => effects.flatMap((each) => (each.type === "say" ? [each.said] : []));
const ordersIn = (effects: readonly OwnEffect[]) =>
  effects.flatMap((each) => (each.type === "order" ? [each.operation] : []));

const keyOf = (of: DiceTable, member: number): Uint8Array => of.kiosks[member]?.member.key ?? new Uint8Array(32);

const heard = (of: DiceTable, to: number, from: number, said = { roll: ROLL, partial: partialBy(of, from).partial }) =>
  step(of, to, { type: "heard", from: keyOf(of, from), said });

describe("a partial", () => {
  test("is said when the bets are locked in the agreed state, and not before", () => {
    const of = ready();
    expect(saidIn(step(of, 0, { type: "tick" }))).toEqual([]);
    lock(of);
    expect(saidIn(step(of, 0, { type: "decided" }))).toEqual([{ roll: ROLL, partial: partialBy(of, 0).partial }]);
  });

  test("is said again every second while the roll is open, and the kiosk wakes for it", () => {
    const of = ready();
    lock(of);
    step(of, 0, { type: "decided" });
    expect(saidIn(step(of, 0, { type: "decided" }))).toEqual([]);
    expect(of.kiosks[0]!.own.wakeAt).toBe(of.now + PARTIAL_REPEAT_MS);
    of.now += PARTIAL_REPEAT_MS;
    expect(saidIn(step(of, 0, { type: "tick" }))).toHaveLength(1);
    of.state.roll = undefined;
    of.now += PARTIAL_REPEAT_MS;
    expect(saidIn(step(of, 0, { type: "tick" }))).toEqual([]);
  });

  test("of a member beyond the threshold's number waits for theirs, and is not said where they come", () => {
    const of = ready();
    lock(of);
    expect(saidIn(step(of, 3, { type: "decided" }))).toEqual([]);
    expect(of.kiosks[3]!.own.wakeAt).toBe(of.now + PARTIAL_PATIENCE_MS);
    of.now += PARTIAL_PATIENCE_MS - 1;
    expect(saidIn(step(of, 3, { type: "tick" }))).toEqual([]);
    of.now += 1;
    expect(saidIn(step(of, 3, { type: "tick" }))).toHaveLength(1);

    const other = ready();
    lock(other);
    step(other, 3, { type: "decided" });
    for (const first of [0, 1, 2]) heard(other, 3, first);
    other.now += 10 * PARTIAL_PATIENCE_MS;
    expect(saidIn(step(other, 3, { type: "tick" }))).toEqual([]);
  });

  test("is the same after a restart, from the secret and the agreed state alone", () => {
    const of = ready();
    lock(of);
    const before = saidIn(step(of, 0, { type: "decided" }));
    const { own, secret, member } = of.kiosks[0]!;
    of.kiosks[0]!.own = ownDice(secret, member.diceKey, millis(0));
    expect(saidIn(step(of, 0, { type: "decided" }))).toEqual(before);
    expect(structuredClone(own)).toEqual(own);
  });

  test("that came before its bets is kept and counts when they are there", () => {
    const of = ready();
    const ahead = structuredClone(of.state);
    lock(of);
    const partials = [1, 2].map((member) => partialBy(of, member).partial);
    const locked = of.state;
    of.state = ahead;
    for (const [at, partial] of partials.entries()) heard(of, 0, at + 1, { roll: ROLL, partial });
    expect(of.kiosks[0]!.own.partials).toEqual([]);
    of.state = locked;
    step(of, 0, { type: "decided" });
    expect(of.kiosks[0]!.own.partials.map(({ holder }) => holder)).toEqual([0, 1, 2]);
  });

  test("that is forged is told with who said it, once, and does not count [K08]", () => {
    const of = ready();
    lock(of);
    step(of, 0, { type: "decided" });
    const { point, proof } = partialBy(of, 1).partial;
    const said = { roll: ROLL, partial: { point, proof: { ...proof, response: flipped(proof.response, 0) } } };
    expect(heard(of, 0, 1, said).filter(({ type }) => type === "forged")).toEqual([
      { type: "forged", from: keyOf(of, 1), said },
    ]);
    expect(heard(of, 0, 1, said).filter(({ type }) => type === "forged")).toEqual([]);
    expect(of.kiosks[0]!.own.partials).toHaveLength(1);
    // Another's, passed off as one's own, is forged too.
    const stolen = heard(of, 0, 2, { roll: ROLL, partial: partialBy(of, 3).partial });
    expect(stolen).toMatchObject([{ type: "forged", from: keyOf(of, 2) }]);
  });

  test("that comes late, of a roll to come much later, or from nobody, is passed over", () => {
    const of = ready();
    lock(of);
    step(of, 0, { type: "decided" });
    const { partial } = partialBy(of, 1);
    for (const roll of [0, ROLL - 1, ROLL + 2, 9]) expect(heard(of, 0, 1, { roll, partial })).toEqual([]);
    expect(heard(of, 0, 9, { roll: ROLL, partial })).toEqual([]);
    expect(of.kiosks[0]!.own.partials).toHaveLength(1);
    expect(of.kiosks[0]!.own.early).toEqual([]);
  });
});

test("a partial kept over a change of members is still its sender's: nobody is told to have forged it", () => {
  const of = ready(5);
  changeMembers(
    of.state,
    epoch(1),
    of.kiosks.map(({ member }) => member),
  );
  const before = structuredClone(of.state);
  // Member 4 is ahead: it has seen member 0 leave, and the bets locked. Its place is 3 there.
  changeMembers(
    of.state,
    epoch(2),
    of.kiosks.slice(1).map(({ member }) => member),
  );
  lock(of);
  const { partial } = partialBy(of, 4);
  const ahead = of.state;
  of.state = before;
  heard(of, 1, 4, { roll: ROLL, partial });
  of.state = ahead;
  const effects = step(of, 1, { type: "decided" });
  expect(effects.filter(({ type }) => type === "forged")).toEqual([]);
  expect(of.kiosks[1]!.own.partials.map(({ holder }) => holder)).toEqual([1, 4]);
});

test("what was kept for other bets of the same number is thrown away: a state may have been replaced", () => {
  const of = ready();
  const before = structuredClone(of.state);
  lock(of, 1);
  const first = saidIn(step(of, 0, { type: "decided" }));
  of.state = before;
  lock(of, 2);
  const second = saidIn(step(of, 0, { type: "decided" }));
  expect([first.length, second.length]).toEqual([1, 1]);
  expect(second).not.toEqual(first);
  expect(second[0]!.partial).toEqual(partialBy(of, 0).partial);
});

describe("a settlement", () => {
  test("is ordered by one member at once, and by the others only when it does not come", () => {
    const of = ready();
    lock(of);
    const waits = [0, 1, 2, 3].map((member) => {
      const effects = [step(of, member, { type: "decided" })];
      for (const other of [0, 1, 2, 3]) if (other !== member) effects.push(heard(of, member, other));
      return ordersIn(effects.flat()).length;
    });
    expect(waits).toEqual([1, 0, 0, 0]);
    of.now += SETTLE_STAGGER_MS - 1;
    expect(ordersIn(step(of, 1, { type: "tick" }))).toEqual([]);
    of.now += 1;
    expect(ordersIn(step(of, 1, { type: "tick" }))).toMatchObject([{ type: "settle", roll: ROLL }]);
    expect(ordersIn(step(of, 2, { type: "tick" }))).toEqual([]);
    of.now += 2 * SETTLE_STAGGER_MS;
    expect(ordersIn(step(of, 3, { type: "tick" }))).toHaveLength(1);
    expect(ordersIn(step(of, 3, { type: "tick" }))).toHaveLength(0);
    of.now += ORDER_REPEAT_MS;
    expect(ordersIn(step(of, 3, { type: "tick" }))).toHaveLength(1);
  });
});

describe("a roll that a threshold never answers", () => {
  test("is void and all bets go back, when a quorum has waited for both clocks [K02] [K03]", () => {
    const of = diceTable(4);
    settleDown(of);
    // What agreement carries arrives, what is said to the air does not.
    of.filter = (_, effect) => (effect.type === "say" ? undefined : effect);
    lock(of);
    settleDown(of);
    passTime(of, REVEAL_MS + SETTLE_MS - 1);
    expect(of.log.filter(({ bytes }) => bytes[0] === 7)).toEqual([]);
    of.filter = (member, effect) => (effect.type === "say" || member === 0 ? undefined : effect);
    passTime(of, 1);
    expect(of.log.filter(({ bytes }) => bytes[0] === 7)).toHaveLength(3);
    expect(of.changes.at(-1)).toEqual({ type: "void", roll: 1, forfeits: [] });
    expect(of.state.roll).toBeUndefined();
  });

  test("is not void by the word of fewer than a quorum, and what arrives late after all settles it [K03]", () => {
    const of = diceTable(4);
    settleDown(of);
    of.filter = (member, effect) => (effect.type === "say" || member > 1 ? undefined : effect);
    lock(of);
    settleDown(of);
    passTime(of, REVEAL_MS + SETTLE_MS);
    expect(of.log.filter(({ bytes }) => bytes[0] === 7)).toHaveLength(2);
    expect(of.state.roll?.late).toBe(true);
    of.filter = (_, effect) => effect;
    // It has been said often by then, and so is said more seldom.
    passTime(of, PARTIAL_REPEAT_MS * 2 ** PARTIAL_DOUBLINGS_MAX);
    passTime(of, ORDER_REPEAT_MS);
    expect(of.changes.at(-1)).toMatchObject({ type: "rolled", roll: 1 });
  });

  test("is not given up where only the agreed clock has run: a proposer may push it half a minute", () => {
    const of = ready();
    lock(of);
    step(of, 0, { type: "decided" });
    advanceRoll(of.state, agreedMillis(START + REVEAL_MS + SETTLE_MS));
    expect(of.state.roll?.late).toBe(true);
    of.now += REVEAL_MS;
    expect(ordersIn(step(of, 0, { type: "tick" }))).toEqual([]);
    of.now += SETTLE_MS;
    expect(ordersIn(step(of, 0, { type: "tick" }))).toEqual([{ type: "giveUp", roll: ROLL }]);
  });

  test("is not given up by who can settle it", () => {
    const of = ready();
    lock(of);
    for (const other of [1, 2, 3]) heard(of, 0, other);
    advanceRoll(of.state, agreedMillis(START + REVEAL_MS + SETTLE_MS));
    of.now += 2 * (REVEAL_MS + SETTLE_MS);
    const wishes = ordersIn(step(of, 0, { type: "tick" })).map(({ type }) => type);
    expect(wishes).toEqual(["settle"]);
  });
});

test("a spectator says nothing, and hears", () => {
  const of = ready();
  const stranger = diceTable(1, { seed: 9 }).kiosks[0]!;
  const effects: OwnEffect[] = [];
  lock(of);
  stepOwnDice(stranger.own, of.state, { type: "decided", at: millis(0) }, effects, stranger.ports);
  expect(effects).toEqual([]);
  expect(stranger.own.wakeAt).toBeUndefined();
});

test("time runs forward", () => {
  const of = ready();
  of.now = 5;
  step(of, 0, { type: "tick" });
  of.now = 4;
  expect(() => step(of, 0, { type: "tick" })).toThrow("time runs forward");
});
