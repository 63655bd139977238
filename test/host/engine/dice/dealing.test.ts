import { describe, expect, test } from "vitest";
import { complain } from "../../../../host/engine/dice/complaint.ts";
import { dealersOf } from "../../../../host/engine/dice/key-generation.ts";
import { diceTable, order, silence } from "./kiosks.ts";
import { contextOf, honestDealing, lyingDealing, withShare } from "./liars.ts";
import { flipped, portsIn } from "./parts.ts";
import { secretIn } from "./shares.ts";

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
