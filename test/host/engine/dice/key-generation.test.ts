import { describe, expect, test } from "vitest";
import { faultsMax, quorum } from "../../../../host/engine/consensus/quorum.ts";
import { complain } from "../../../../host/engine/dice/complaint.ts";
import { changeMembers } from "../../../../host/engine/dice/dice.ts";
import { dealersOf, servingKey } from "../../../../host/engine/dice/key-generation.ts";
import { DEAL_PATIENCE_MS, ORDER_REPEAT_MS } from "../../../../host/engine/dice/limits.ts";
import { DiceOperation } from "../../../../host/engine/dice/operation.ts";
import { decodeScalar } from "../../../../host/engine/dice/scalar.ts";
import { countBits } from "../../../../host/engine/dice/state.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { epoch } from "../../../../protocol/core/units.ts";
import { type DiceTable, diceTable, kiosk, lock, order, passTime, rollOnce, settleDown, silence } from "./kiosks.ts";
import { contextOf, honestDealing, lyingDealing, withShare } from "./liars.ts";
import { flipped, keyIn, outputBy, partialBy, portsIn, shareOf } from "./parts.ts";

/** These deal wrong shares to others than themselves, whenever they deal, and confirm everything. */
function liars(of: DiceTable, lying: readonly number[], victims: readonly number[]): void {
  of.filter = (member, effect) => {
    if (effect.type !== "order" || !lying.includes(member) || effect.operation.type !== "deal") return effect;
    const dealing = lyingDealing(of, member, victims);
    return { type: "order", operation: { ...effect.operation, dealing } };
  };
}

const secretIn = (of: DiceTable, member: number): bigint =>
  decodeScalar(of.kiosks[member]!.secret, portsIn(of).group.order)!;

/** Each share times the base is what everyone knows of it, and the public key is that of the secret. */
function expectWhole(of: DiceTable): void {
  const { group } = portsIn(of);
  const { key } = keyIn(of);
  const whole = of.kiosks.filter((_, holder) => {
    const mine = group.encode(group.multiply(group.base, shareOf(of, holder)));
    expect(mine).toEqual(key.verifying[holder]);
    return true;
  });
  expect(whole.length).toBe(of.kiosks.length);
}

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

describe("a member that was away while the key was made", () => {
  /** Member 3 hears nothing and finds a wrong share later; the liar is 1. */
  function deceived(): DiceTable {
    const of = diceTable(4);
    liars(of, [1], [3]);
    const lie = of.filter;
    of.filter = (member, effect) => (member === 3 ? undefined : lie(member, effect));
    settleDown(of);
    passTime(of, DEAL_PATIENCE_MS);
    expect(dealersOf(keyIn(of).deal) & 2).toBe(2);
    return of;
  }

  test("proves who dealt it a wrong share, and another key is made while the old one serves", () => {
    const of = deceived();
    rollOnce(of);
    const old = keyIn(of).key.number;
    of.filter = (member, effect) => {
      if (member === 3 && effect.type === "order" && effect.operation.type === "confirm") return undefined;
      return effect;
    };
    // Only the complaint, and a roll before anybody deals.
    const { ports } = of.kiosks[3]!;
    const context = contextOf(of, keyIn(of).deal, 1);
    const dealt = keyIn(of).deal.dealings.find(({ dealer }) => dealer === 1)!;
    const complaint = complain(ports.group, context, dealt.dealing, secretIn(of, 3))!;
    const answer = order(of, 3, { type: "complain", number: old, complaint });
    expect(answer).toEqual({ ok: true, change: { type: "excluded", member: 1 } });
    expect(servingKey(of.state)?.key.number).toBe(old);
    lock(of);
    settleDown(of);
    passTime(of, DEAL_PATIENCE_MS);
    const rolled = of.changes.filter((change) => change.type === "rolled");
    expect(rolled.at(-1)?.proof.randomness).toMatchObject({ type: "distributed", key: old });
    expect(keyIn(of).key.number).toBe(old + 1);
    expect(dealersOf(keyIn(of).deal) & 2).toBe(0);
    expectWhole(of);
  });

  test("does so by itself", () => {
    const of = deceived();
    of.filter = (_, effect) => effect;
    passTime(of, ORDER_REPEAT_MS);
    expect(of.changes).toContainEqual({ type: "excluded", member: 1 });
    expect(of.changes.filter((change) => change.type === "excluded")).toHaveLength(1);
    expectWhole(of);
    const complaints = of.log.filter(({ bytes }) => bytes[0] === 3);
    expect(complaints).toHaveLength(1);
  });

  test("has the liar's part in a key that is in the making thrown out too", () => {
    const of = deceived();
    of.filter = () => undefined;
    const old = keyIn(of).deal;
    const dealt = old.dealings.find(({ dealer }) => dealer === 1)!;
    const complaint = complain(portsIn(of).group, contextOf(of, old, 1), dealt.dealing, secretIn(of, 3))!;
    changeMembers(of.state, epoch(1), of.state.members);
    const { number } = of.state.deal!;
    for (const member of [1, 2]) order(of, member, { type: "deal", number, dealing: honestDealing(of, member) });
    expect(order(of, 3, { type: "complain", number: old.number, complaint }).ok).toBe(true);
    expect(of.state.deal?.number).toBe(number);
    expect(dealersOf(of.state.deal!)).toBe(0b0100);
  });

  test("cannot have the same dealer excluded twice, nor a further key made for it", () => {
    const of = deceived();
    of.filter = () => undefined;
    const context = contextOf(of, keyIn(of).deal, 1);
    const dealt = keyIn(of).deal.dealings.find(({ dealer }) => dealer === 1)!;
    const { number } = keyIn(of).deal;
    const complaint = complain(portsIn(of).group, context, dealt.dealing, secretIn(of, 3))!;
    expect(order(of, 3, { type: "complain", number, complaint }).ok).toBe(true);
    const making = of.state.deal?.number;
    expect(order(of, 3, { type: "complain", number, complaint })).toEqual({ ok: false, why: "excluded" });
    expect(of.state.deal?.number).toBe(making);
  });
});

describe("a complaint is refused", () => {
  const of = diceTable(4);
  settleDown(of);
  const { deal } = keyIn(of);
  const { group } = portsIn(of);
  const [{ dealer, dealing }] = deal.dealings as [(typeof deal.dealings)[number]];
  const victim = [0, 1, 2, 3].find((member) => member !== dealer)!;
  const honest = complain(group, contextOf(of, deal, dealer), dealing, secretIn(of, victim))!;
  const tried = (complaint: typeof honest, member = victim, number = deal.number) =>
    order(of, member, { type: "complain", number, complaint });

  test("where the share is right: nobody can be framed", () => {
    expect(tried(honest)).toEqual({ ok: false, why: "false complaint" });
  });

  test("where it shows another number than the one under the seal", () => {
    const base = group.encode(group.base);
    expect(tried({ ...honest, shared: base })).toEqual({ ok: false, why: "false complaint" });
    expect(tried({ ...honest, shared: new Uint8Array(32) })).toEqual({ ok: false, why: "false complaint" });
    const proof = { ...honest.proof, response: flipped(honest.proof.response, 0) };
    expect(tried({ ...honest, proof })).toEqual({ ok: false, why: "false complaint" });
  });

  test("where another member makes it its own, or it is about another dealer or key", () => {
    const other = [0, 1, 2, 3].find((member) => member !== dealer && member !== victim)!;
    expect(tried(honest, other)).toEqual({ ok: false, why: "false complaint" });
    const dealers = deal.dealings.map((each) => each.dealer);
    const none = [0, 1, 2, 3].find((member) => !dealers.includes(member))!;
    expect(tried({ ...honest, dealer: none })).toEqual({ ok: false, why: "no such dealing" });
    expect(tried(honest, victim, deal.number + 1)).toEqual({ ok: false, why: "another key" });
  });
});

describe("a dealing is refused", () => {
  const of = diceTable(4);
  silence(of, 0, 1, 2, 3);
  const number = of.state.deal!.number;
  const dealing = honestDealing(of, 0);
  const { order: groupOrder } = portsIn(of).group;
  const tried = (each: typeof dealing, member = 0) => order(of, member, { type: "deal", number, dealing: each });
  const bad = { ok: false, why: "bad dealing" };

  test("by a dealer that did not make it: what another sealed cannot be sealed with again", () => {
    expect(tried(dealing, 1)).toEqual(bad);
    // A dealing of its own with another's sealing in it, and with the other's secret in it.
    const own = honestDealing(of, 1);
    const { sealing, commitments } = dealing.body;
    expect(tried({ ...own, body: { ...own.body, sealing } }, 1)).toEqual(bad);
    const stolen = [commitments[0]!, ...own.body.commitments.slice(1)];
    expect(tried({ ...own, body: { ...own.body, commitments: stolen } }, 1)).toEqual(bad);
    expect(tried({ ...own, proof: dealing.proof }, 1)).toEqual(bad);
  });

  test("where anything in it was changed afterwards", () => {
    expect(tried(withShare(dealing, 2, 1n, groupOrder))).toEqual(bad);
    const { body, proof } = dealing;
    const commitments = body.commitments.with(1, body.commitments[0]!);
    expect(tried({ ...dealing, body: { ...body, commitments } })).toEqual(bad);
    for (const part of ["challenge", "secret", "sealing"] as const) {
      expect(tried({ ...dealing, proof: { ...proof, [part]: flipped(proof[part], 4) } })).toEqual(bad);
    }
  });

  test("where it has too few shares or coefficients, or the identity, or what is no number", () => {
    const { body } = dealing;
    const identity = portsIn(of).group.encode(portsIn(of).group.combine([]));
    const bodies = [
      { ...body, shares: body.shares.slice(1) },
      { ...body, commitments: body.commitments.slice(1) },
      { ...body, commitments: body.commitments.with(2, identity) },
      { ...body, sealing: new Uint8Array(32).fill(0xff) },
      { ...body, shares: body.shares.with(0, new Uint8Array(32).fill(0xff)) },
    ];
    for (const each of bodies) expect(tried({ ...dealing, body: each })).toEqual(bad);
  });

  test("twice, for another key, beyond the threshold's number, and of one that was excluded", () => {
    const again = diceTable(4);
    silence(again, 0, 1, 2, 3);
    const deals = (member: number, of_ = again) =>
      order(of_, member, { type: "deal", number: of_.state.deal!.number, dealing: honestDealing(of_, member) });
    expect(order(again, 0, { type: "deal", number: 9, dealing })).toEqual({ ok: false, why: "another key" });
    again.state.excluded = 8;
    expect(deals(3)).toEqual({ ok: false, why: "excluded" });
    again.state.excluded = 0;
    expect(deals(0).ok).toBe(true);
    expect(deals(0)).toEqual({ ok: false, why: "dealt already" });
    expect(deals(1).ok && deals(2).ok).toBe(true);
    expect(deals(3)).toEqual({ ok: false, why: "dealt enough" });
  });
});

test("a confirmation counts for the dealings that it names, and once", () => {
  const of = diceTable(4);
  silence(of, 0, 1, 2, 3);
  const { number } = of.state.deal!;
  const confirm = (member: number, dealers: number) => order(of, member, { type: "confirm", number, dealers });
  expect(confirm(0, 0)).toEqual({ ok: false, why: "other dealings" });
  for (const member of [0, 1, 2]) order(of, member, { type: "deal", number, dealing: honestDealing(of, member) });
  expect(confirm(0, 0b1011)).toEqual({ ok: false, why: "other dealings" });
  expect(confirm(0, 0b0111).ok).toBe(true);
  expect(confirm(0, 0b0111)).toEqual({ ok: false, why: "confirmed already" });
  expect(confirm(1, 0b0111).ok).toBe(true);
  expect(of.state.key === undefined).toBe(true);
  expect(confirm(2, 0b0111)).toEqual({ ok: true, change: { type: "keyReady", number } });
});

test("confirmations of a dealing that turned out to be wrong do not count for the one in its place", () => {
  const of = diceTable(4);
  silence(of, 0, 1, 2, 3);
  const open = of.state.deal!;
  const { number } = open;
  const deals = (member: number, dealing = honestDealing(of, member)) =>
    order(of, member, { type: "deal", number, dealing });
  const confirm = (member: number) =>
    order(of, member, { type: "confirm", number, dealers: dealersOf(of.state.deal!) });
  const lie = lyingDealing(of, 0, [3]);
  for (const answer of [deals(0, lie), deals(1), deals(2), confirm(0), confirm(1)]) expect(answer.ok).toBe(true);
  const complaint = complain(portsIn(of).group, contextOf(of, open, 0), lie, secretIn(of, 3))!;
  expect(order(of, 3, { type: "complain", number, complaint }).ok).toBe(true);
  expect(deals(3).ok).toBe(true);
  expect([confirm(1), confirm(2)].map((answer) => answer.ok && answer.change.type)).toEqual(["noted", "noted"]);
  expect(of.state.key === undefined).toBe(true);
  expect(confirm(3)).toEqual({ ok: true, change: { type: "keyReady", number } });
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
