import { describe, expect, test } from "vitest";
import { RollProof } from "../../../../host/engine/dice/roll-proof.ts";
import { verifyRoll } from "../../../../host/engine/dice/verify-roll.ts";
import { worthOf } from "../../../../host/engine/ledger/ledger.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { chance, drawBelow } from "../../../../protocol/core/chance.ts";
import { START } from "../dice/kiosks.ts";
import { text } from "./courtroom.ts";
import {
  accountAt,
  act,
  diceSettle,
  execute,
  type House,
  house,
  order,
  orderBytes,
  pass,
  passTime,
  ROLL,
  whereIs,
} from "./house.ts";
import { expectSound } from "./sound.ts";

/** Everybody sits, and the key is there. */
function seated(of: House, players = 4): House {
  for (let player = 0; player < players; player++) {
    const { client, seat } = whereIs(of, player);
    expect(order(of, client, seat, { type: "sit" })).toMatchObject({ type: "sat", place: player, free: 1_000 });
  }
  diceSettle(of);
  expect(of.state.dice.key).toBeDefined();
  return of;
}

/** The same log on a replica of its own. */
function replayed(of: House): Uint8Array {
  const state = of.machine.initial();
  for (const [i, entry] of of.log.entries()) expect(execute(of.machine, state, entry)).toEqual(of.answers[i]);
  return of.machine.snapshot(state);
}

describe("a table", () => {
  test("plays a roll from the bet to the pay, and its proof holds before anyone who knows the members' keys", () => {
    const of = seated(house(4));
    expect([act(of, 0, pass(10)), act(of, 1, pass(20))]).toEqual([
      { type: "moved", staked: 10, returned: 0 },
      { type: "moved", staked: 20, returned: 0 },
    ]);
    expect([accountAt(of, 0), accountAt(of, 1)]).toMatchObject([
      { free: 990, locked: 10 },
      { free: 980, locked: 20 },
    ]);
    expect(act(of, 0, ROLL).type).toBe("moved");
    // The bets are locked: nobody moves until the dice have spoken.
    expect(text(act(of, 1, pass(5)))).toBe("refused: not now");
    diceSettle(of);
    passTime(of, 5_000);
    expect(of.state.rolls).toHaveLength(1);
    const rolled = of.answers.find((answer) => answer?.type === "rolled") as
      | { first: number; second: number }
      | undefined;
    expect(rolled).toMatchObject({ roll: 1, first: of.state.rolls[0]!.first, second: of.state.rolls[0]!.second });
    expectSound(of);
    expect(replayed(of)).toEqual(of.machine.snapshot(of.state));
    const { table, epoch, members, key } = of.state.dice;
    const keys = { table, epoch, members: members.map((member) => member.key), key: key?.key };
    const proof = encode(RollProof, of.state.rolls[0]!);
    expect(verifyRoll(of.rules.ports, keys, proof)).toMatchObject({
      ok: true,
      roll: 1,
      dice: [rolled?.first, rolled?.second],
    });
    proof[40] ^= 1;
    expect(verifyRoll(of.rules.ports, keys, proof).ok).toBe(false);
  });

  test("refuses what is wrong with a word, the same on every replica, and moves nothing", () => {
    const of = seated(house(4), 2);
    const before = of.machine.snapshot(of.state);
    const far = { client: 1, seat: 0 };
    const bytes = (counter: number, action: Uint8Array) =>
      ({ type: "act", counter: counter as never, action }) as const;
    const refusals = [
      text(order(of, 0, 0, { type: "sit" })),
      text(act(of, 3, pass(1))),
      text(order(of, far.client, far.seat, bytes(7, Uint8Array.of(4)))),
      text(order(of, far.client, far.seat, bytes(0, Uint8Array.of(0xff)))),
      text(act(of, 1, pass(1_001))),
      text(act(of, 1, { type: "bet", code: 255, chips: 1 })),
      text(act(of, 1, ROLL)),
      text(orderBytes(of, 0, 0, Uint8Array.of(0x77, 1, 2))),
      text(order(of, 0, 0, { type: "rebuy", counter: 0 as never })),
      text(order(of, 0, 0, { type: "stake", counter: 0 as never, amount: 999 as never })),
      text(order(of, 0, 0, { type: "dice", operation: Uint8Array.of(9) })),
    ];
    expect(refusals).toEqual([
      "refused: sits already",
      "refused: no account",
      "refused: counter ahead",
      "refused: not a move",
      "refused: not enough chips",
      "refused: no such bet",
      "refused: not the shooter",
      "refused: not an operation",
      "refused: has chips",
      "refused: below minimum",
      "refused: not an operation",
    ]);
    expect(of.machine.snapshot(of.state)).toEqual(before);
  });

  test("goes on by itself when nobody rolls, and gives every bet back when the dice never come", () => {
    const of = seated(house(4));
    act(of, 0, pass(10));
    const due = of.machine.deadline(of.state);
    expect(due).toBeGreaterThan(START + of.now + 15_000);
    of.withheld = true;
    passTime(of, 21_000);
    expect(of.state.dice.roll?.phase).toBe("partials");
    for (let turn = 0; turn < 20 && of.state.dice.roll !== undefined; turn++) passTime(of, 15_000);
    expect(of.answers).toContainEqual({ type: "voided", roll: 1, forfeited: 0 });
    expect(accountAt(of, 0)).toMatchObject({ free: 1_000, locked: 0 });
    expectSound(of);
    expect(replayed(of)).toEqual(of.machine.snapshot(of.state));
  });

  test("of six places with two players never waits for an empty one: the dice go between the two, and stay with who is left", () => {
    const of = seated(house(4, { places: 6 }), 2);
    const shooters = new Set<number>();
    let handed = 0;
    for (let rolls = 0; handed < 6; rolls++) {
      const { shooter } = of.state.play.state;
      shooters.add(shooter);
      // By the shooter's own hand each time: no time passes over an empty place.
      if (of.rules.game.held(of.state.play.state, shooter) === 0) act(of, shooter, pass(1));
      expect(act(of, shooter, ROLL).type).toBe("moved");
      diceSettle(of);
      if (of.state.play.state.shooter !== shooter) handed += 1;
      expectSound(of);
      expect(rolls).toBeLessThan(300);
    }
    expect(shooters).toEqual(new Set([0, 1]));
    // After a seven-out nothing of the shooter's lies there: whoever has the dice may go.
    const leaver = of.state.play.state.shooter;
    const { client, seat } = whereIs(of, leaver);
    expect(order(of, client, seat, { type: "stand" }).type).toBe("done");
    expect(of.state.play.state).toMatchObject({ shooter: 1 - leaver, fresh: true });
    expect(order(of, client, seat, { type: "sit" }).type).toBe("sat");
    expect(of.state.play.state.shooter).toBe(1 - leaver);
    expectSound(of);
    expect(replayed(of)).toEqual(of.machine.snapshot(of.state));
  });

  test("keeps every chip over a thousand random moves, and a replica that replays them, or begins in the middle, is the same", () => {
    const of = seated(house(4, { places: 6 }), 6);
    const from = chance(11);
    let middle: { readonly at: number; readonly bytes: Uint8Array } | undefined;
    for (let count = 0; count < 1_000; count++) {
      const player = drawBelow(from, 6);
      const account = accountAt(of, player);
      const purse = { free: account?.free ?? 0, bank: of.state.ledger.bank };
      const legal = of.rules.game.legalActions(of.rules.config, of.state.play.state, player, purse);
      if (legal.length === 0 || count % 8 === 7) passTime(of, 21_000);
      else act(of, player, legal[drawBelow(from, legal.length)]!);
      if (of.state.dice.roll !== undefined) diceSettle(of);
      if (account !== undefined && account.free === 0 && account.locked === 0) {
        const { client, seat } = whereIs(of, player);
        order(of, client, seat, { type: "rebuy", counter: account.nextCounter });
      }
      expectSound(of);
      if (count === 500) middle = { at: of.log.length, bytes: of.machine.snapshot(of.state) };
    }
    expect(of.state.dice.lastRoll).toBeGreaterThan(50);
    const whole = of.machine.snapshot(of.state);
    expect(replayed(of)).toEqual(whole);
    const state = of.machine.restore(middle!.bytes)!;
    for (const [i, entry] of of.log.entries()) {
      if (i >= middle!.at) expect(execute(of.machine, state, entry)).toEqual(of.answers[i]);
    }
    expect(of.machine.snapshot(state)).toEqual(whole);
    const minted = of.state.ledger.accounts.reduce(
      (sum, each) => sum + worthOf(each),
      of.state.ledger.bank + of.state.ledger.pool,
    );
    expect(minted).toBe(of.state.ledger.minted);
  });
});
