import { describe, expect, test } from "vitest";
import { complain } from "../../../../host/engine/dice/complaint.ts";
import { changeMembers } from "../../../../host/engine/dice/dice.ts";
import { dealersOf, servingKey } from "../../../../host/engine/dice/key-generation.ts";
import { DEAL_PATIENCE_MS, ORDER_REPEAT_MS } from "../../../../host/engine/dice/limits.ts";
import { epoch } from "../../../../protocol/core/units.ts";
import { type DiceTable, diceTable, lock, order, passTime, rollOnce, settleDown } from "./kiosks.ts";
import { contextOf, honestDealing } from "./liars.ts";
import { flipped, keyIn, portsIn } from "./parts.ts";
import { expectWhole, liars, secretIn } from "./shares.ts";

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
