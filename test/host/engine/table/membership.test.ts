import { describe, expect, test } from "vitest";
import { RollProof } from "../../../../host/engine/dice/roll-proof.ts";
import { verifyRoll } from "../../../../host/engine/dice/verify-roll.ts";
import { worthOf } from "../../../../host/engine/ledger/ledger.ts";
import { encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis, epoch, sequence } from "../../../../protocol/core/units.ts";
import { START } from "../dice/kiosks.ts";
import { CHEAT, contradiction } from "../judge/cheats.ts";
import { accuse, accusing, sceneOf, text } from "./courtroom.ts";
import {
  accountAt,
  act,
  clientOf,
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

const DAY = 86_400_000;

function seated(of: House, players = of.homes): House {
  for (let player = 0; player < players; player++) {
    const { client, seat } = whereIs(of, player);
    order(of, client, seat, { type: "sit" });
  }
  diceSettle(of);
  return of;
}

/** As a barrier would: from now on these kiosks are the members. */
function change(of: House, ...kiosks: readonly number[]): void {
  of.machine.house!.change(of.state, {
    epoch: epoch(of.state.dice.epoch + 1),
    members: kiosks.map((index) => of.kiosks[index]!.member.key),
    start: { sequence: sequence(50), digest: new Uint8Array(32) },
    time: agreedMillis(START + of.now),
  });
}

const mayChange = (of: House, ms = 0): boolean =>
  of.machine.house!.mayChange(of.state, agreedMillis(START + of.now + ms));

function roll(of: House): void {
  const { lastRoll } = of.state.dice;
  for (let turn = 0; turn < 20 && (of.state.dice.lastRoll === lastRoll || of.state.dice.roll !== undefined); turn++) {
    passTime(of, 21_000);
  }
  expect(of.state.dice.lastRoll).toBe(lastRoll + 1);
  expect(of.state.dice.roll).toBeUndefined();
}

function expectProved(of: House): void {
  const proof = of.state.rolls.at(-1)!;
  const { members } = of.state.epochs.find((each) => each.epoch === proof.epoch)!;
  const keys = { table: of.rules.table, epoch: proof.epoch, members, key: of.state.dice.key?.key };
  expect(verifyRoll(of.rules.ports, keys, encode(RollProof, proof))).toMatchObject({ ok: true });
}

describe("a change of members", () => {
  test("waits for the roll that is open, and for the one that is due [K04]", () => {
    const of = seated(house(5));
    expect(mayChange(of)).toBe(true);
    act(of, 0, pass(10));
    expect([mayChange(of), mayChange(of, 19_999), mayChange(of, 20_001)]).toEqual([true, true, false]);
    act(of, 0, ROLL);
    expect(of.state.dice.roll).toBeDefined();
    expect(mayChange(of)).toBe(false);
    diceSettle(of);
    passTime(of, 5_000);
    expect(of.state.rolls).toHaveLength(1);
    expect(mayChange(of)).toBe(true);
  });

  test("takes nobody's bets down: who has gone is played on to the end of the bet, paid, and the place is free then", () => {
    const of = seated(house(5, { places: 5 }));
    for (const player of [0, 1, 2]) act(of, player, pass(100));
    act(of, 0, ROLL);
    diceSettle(of);
    const gone = of.state.places[CHEAT]!;
    change(of, 0, 1, 3, 4);
    expect(of.state.dice.members).toHaveLength(4);
    let open = of.rules.game.held(of.state.play.state, CHEAT);
    expect(of.state.places[CHEAT]).toBe(open > 0 ? gone : undefined);
    // Nobody signs for that place any more.
    expect(clientOf(of, CHEAT)).toBe(-1);
    for (let rolls = 0; rolls < 60 && open > 0; rolls++) {
      expect(of.state.places[CHEAT]).toBe(gone);
      roll(of);
      expectSound(of);
      open = of.rules.game.held(of.state.play.state, CHEAT);
    }
    expect(of.state.places[CHEAT]).toBeUndefined();
    expect(of.state.closing).toBe(0);
    expect(of.state.ledger.accounts[gone]).toMatchObject({ locked: 0 });
    expect([900, 1_000, 1_100]).toContain(worthOf(of.state.ledger.accounts[gone]!));
    // And somebody else's.
    const { client } = whereIs(of, 4);
    expect(order(of, client, 1, { type: "sit" })).toMatchObject({ type: "sat", place: CHEAT });
    expectSound(of);
  });

  test("gives the dice new holders, and a roll is proved by the members of its own epoch [K04] [K07]", () => {
    const of = seated(house(4, { spare: 3 }));
    act(of, 0, pass(10));
    roll(of);
    const first = of.state.dice.key!.key.number;
    for (const members of [
      [0, 1, 2, 3, 4],
      [0, 1, 3, 4, 5],
      [0, 3, 4, 5, 6],
      [3, 4, 5, 6],
    ]) {
      change(of, ...members);
      diceSettle(of);
      expect(of.state.dice.deal).toBeUndefined();
      expect(of.state.dice.key!.deal.holders).toHaveLength(members.length);
      act(of, 3, pass(10));
      roll(of);
      expectProved(of);
      expectSound(of);
    }
    expect(of.state.dice.key!.key.number).toBe(first + 4);
    expect(of.state.rolls.map(({ epoch: number }) => number)).toEqual([0, 1, 2, 3, 4]);
  });

  test("throws by commit–reveal where three are left, and again by all shares when there are four", () => {
    const of = seated(house(4));
    change(of, 0, 1, 3);
    diceSettle(of);
    expect(of.state.dice.key).toBeUndefined();
    act(of, 0, pass(10));
    roll(of);
    expect(of.state.rolls.at(-1)!.randomness.type).toBe("revealed");
    expectProved(of);
    change(of, 0, 1, 2, 3);
    diceSettle(of);
    if (of.state.movesUntil === undefined) act(of, 0, pass(10));
    roll(of);
    expect(of.state.rolls.at(-1)!.randomness.type).toBe("distributed");
    expectProved(of);
  });

  test("that happens in spite of an open roll gives every bet back, and no chip is lost", () => {
    const of = seated(house(5));
    act(of, 0, pass(10));
    act(of, CHEAT, pass(30));
    act(of, 0, ROLL);
    change(of, 0, 1, 3, 4);
    expect(of.state.dice.roll).toBeUndefined();
    expect(of.state.ledger.accounts.map(({ free, locked }) => [free, locked])).toEqual(
      of.state.ledger.accounts.map(() => [1_000, 0]),
    );
    expectSound(of);
    diceSettle(of);
    act(of, 0, pass(10));
    roll(of);
    expect(of.state.rolls.at(-1)!.lock.roll).toBe(2);
  });
});

describe("who has lost the seat", () => {
  const stake = (of: House, player: number) => {
    const { client, seat } = whereIs(of, player);
    order(of, client, seat, { type: "stake", counter: accountAt(of, player)!.nextCounter, amount: 1_000 as never });
  };

  test("earns nothing more: what is left of the stake is on its way out, and still in reach [M20] [P11]", () => {
    const of = seated(house(5, { places: 5 }));
    for (let player = 0; player < 5; player++) stake(of, player);
    const account = of.state.places[CHEAT]!;
    const scene = sceneOf(of);
    accuse(of, 0, contradiction(scene, CHEAT));
    expect(of.machine.house!.outcasts(of.state)).toHaveLength(1);
    // A vote of another view, which nobody had heard of yet.
    const late = contradiction(scene, CHEAT, { view: 2 });
    change(of, 0, 1, 3, 4);
    expect(of.machine.house!.outcasts(of.state)).toEqual([]);
    expect(of.state.places[CHEAT]).toBeUndefined();
    expect(of.state.ledger.accounts[account]).toMatchObject({ free: 0, stake: 0, unbonding: 500 });
    passTime(of, 2 * DAY);
    expect(of.state.ledger.accounts[account]).toMatchObject({ free: 0, stake: 0, unbonding: 500 });
    expect(accountAt(of, 0)!.free).toBeGreaterThan(0);
    expect(orderBytes(of, 0, 0, accusing(of, 0, late, 0))).toMatchObject({ type: "convicted", chips: 250 });
    expect(of.machine.house!.outcasts(of.state)).toEqual([]);
    expect(text(orderBytes(of, 1, 0, accusing({ ...of, state: of.machine.initial() }, 1, late, 0)))).toBe(
      "refused: known evidence",
    );
    expectSound(of);
  });

  test("or gave it up by itself vouches for nothing any more: the whole stake is on its way out, and not sooner than others' [M20]", () => {
    const of = seated(house(5, { places: 5 }));
    for (const player of [1, CHEAT]) stake(of, player);
    const account = of.state.places[CHEAT]!;
    change(of, 0, 1, 3, 4);
    expect(of.state.ledger.accounts[account]).toMatchObject({ free: 0, stake: 0, unbonding: 1_000 });
    expect(accountAt(of, 1)).toMatchObject({ free: 0, stake: 1_000, unbonding: 0 });
    const staker = of.state.stakes.stakers.find((each) => each.account === account)!;
    expect(staker.unbonding).toEqual([{ chips: 1_000, releaseAt: START + of.now + 7 * DAY }]);
    expectSound(of);
  });

  test("may be let in again, and finds its account as it was; a new offence costs the seat anew [P10] [P11]", () => {
    const of = seated(house(5, { places: 5 }));
    stake(of, CHEAT);
    accuse(of, 0, contradiction(sceneOf(of), CHEAT));
    change(of, 0, 1, 3, 4);
    change(of, 0, 1, 2, 3, 4);
    expect(of.machine.house!.outcasts(of.state)).toEqual([]);
    passTime(of, 9 * DAY);
    expect(order(of, CHEAT, 0, { type: "sit" })).toMatchObject({ type: "sat", place: CHEAT, free: 0 });
    const { nextCounter } = accountAt(of, CHEAT)!;
    expect(order(of, CHEAT, 0, { type: "withdraw", counter: nextCounter })).toEqual({ type: "done" });
    expect(accountAt(of, CHEAT)).toMatchObject({ free: 500, unbonding: 0 });
    expect(accuse(of, 0, contradiction(sceneOf(of), CHEAT))).toMatchObject({ excluded: true, chips: 0 });
    expect(of.machine.house!.outcasts(of.state)).toHaveLength(1);
  });
});

test("a table of another epoch than its dice is no snapshot", () => {
  const of = seated(house(4));
  const bytes = of.machine.snapshot({ ...of.state, epochs: [{ ...of.state.epochs[0]!, epoch: epoch(1) }] });
  expect(of.machine.restore(bytes)).toBeUndefined();
  expect(of.machine.restore(of.machine.snapshot(of.state))).toBeDefined();
  const answer = execute(of.machine, of.state, { client: 0, seat: 0, bytes: undefined, time: START + of.now });
  expect(answer).toBeUndefined();
});
