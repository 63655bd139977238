import { describe, expect, test } from "vitest";
import { DiceOperation } from "../../../../host/engine/dice/operation.ts";
import { pointsOf } from "../../../../host/engine/judge/points.ts";
import { decode, encode } from "../../../../protocol/bytes/codec.ts";
import { agreedMillis } from "../../../../protocol/core/units.ts";
import { START } from "../dice/kiosks.ts";
import { act, diceSettle, type House, house, order, pass, passTime, ROLL, silence, whereIs } from "./house.ts";
import { expectSound } from "./sound.ts";

/** Everybody sits, has a bet of its own size on the table, and the roll is locked. */
function locked(count: number, revealAlways = false): House {
  const of = house(count, { revealAlways });
  for (let player = 0; player < count; player++) {
    const { client, seat } = whereIs(of, player);
    order(of, client, seat, { type: "sit" });
  }
  for (let player = 0; player < count; player++) act(of, player, pass(10 * (player + 1)));
  act(of, 0, ROLL);
  expect(of.state.dice.roll?.phase).toBe("committing");
  return of;
}

function end(of: House): void {
  diceSettle(of);
  for (let turn = 0; turn < 10 && of.state.dice.roll !== undefined; turn++) passTime(of, 16_000);
  expect(of.state.dice.roll).toBeUndefined();
  expectSound(of);
}

const voided = (of: House) => of.answers.filter((answer) => answer?.type === "voided");
const free = (of: House): number[] => of.state.ledger.accounts.map((each) => each.free);
const points = (of: House): number[] =>
  of.kiosks.map(({ member }) => pointsOf(of.state.judge.points, member.key, agreedMillis(START + of.now)));

const says = (type: DiceOperation["type"]) => (bytes: Uint8Array) => {
  const decoded = decode(DiceOperation, bytes);
  return decoded.ok && decoded.value.type === type;
};

describe("commit–reveal", () => {
  test("among three: who has committed and keeps the secret back loses what its players have in the roll, to the pool; the others have theirs again [K03]", () => {
    for (const withholder of [0, 1, 2]) {
      const of = locked(3);
      const { pool } = of.state.ledger;
      silence(of, withholder, says("reveal"));
      end(of);
      const forfeited = 10 * (withholder + 1);
      expect(voided(of)).toEqual([{ type: "voided", roll: 1, forfeited }]);
      expect(free(of)).toEqual([0, 1, 2].map((player) => (player === withholder ? 1_000 - forfeited : 1_000)));
      expect(of.state.ledger).toMatchObject({ pool: pool + forfeited, reserved: 0 });
      expect(points(of)).toEqual([0, 1, 2].map((member) => (member === withholder ? 70 : 100)));
    }
  });

  test("to stop a roll costs whoever stops it no less than the worst roll would, whatever it had on the table [K03]", () => {
    const of = locked(3);
    silence(of, 2, says("reveal"));
    const worst = of.state.ledger.accounts[2]!.locked;
    end(of);
    expect(1_000 - free(of)[2]!).toBe(worst);
  });

  test("among two nobody forfeits, for it would be by the forfeiter's own word [K03]", () => {
    const of = locked(2);
    silence(of, 1, says("reveal"));
    end(of);
    expect(voided(of)).toEqual([{ type: "voided", roll: 1, forfeited: 0 }]);
    expect([free(of), points(of)]).toEqual([
      [1_000, 1_000],
      [100, 100],
    ]);
  });

  test("where it is chosen among four, the same is so by a quorum's word, and all else is returned [K03]", () => {
    const of = locked(4, true);
    silence(of, 3, says("reveal"));
    end(of);
    expect(voided(of)).toEqual([{ type: "voided", roll: 1, forfeited: 40 }]);
    expect(free(of)).toEqual([1_000, 1_000, 1_000, 960]);
  });

  test("who never commits stops nothing and forfeits nothing: the others roll without it [K02] [K03]", () => {
    const of = locked(3);
    silence(of, 1, says("commit"));
    end(of);
    expect(voided(of)).toEqual([]);
    expect(of.state.rolls).toHaveLength(1);
    expect(points(of)).toEqual([100, 80, 100]);
  });

  test("a roll for which too few commit is void, and every bet goes back [K02] [K03]", () => {
    const of = locked(3);
    for (const kiosk of [1, 2]) silence(of, kiosk, says("commit"));
    passTime(of, 16_000);
    const operation = encode(DiceOperation, { type: "giveUp", roll: 1 });
    order(of, 1, 0, { type: "dice", operation });
    end(of);
    expect(voided(of)).toEqual([{ type: "voided", roll: 1, forfeited: 0 }]);
    expect(free(of)).toEqual([1_000, 1_000, 1_000]);
    expect(points(of)).toEqual([100, 80, 80]);
  });
});
