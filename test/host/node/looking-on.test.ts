import { expect, test } from "vitest";
import { PASS } from "../../../host/engine/games/craps/spots.ts";
import { tableMachine } from "../../../host/engine/table/table-machine.ts";
import { CrapsJoiners } from "./craps-joiners.ts";
import { toldOf } from "./craps-kiosks.ts";

/** The founders' shooter bets and throws, as often. */
async function rolls(of: CrapsJoiners, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const state = of.stateOf(0)!;
    const thrower = [0, 1, 2, 3].find((at) => of.placeOf(at) === state.play.state.shooter)!;
    const before = state.dice.lastRoll;
    if ((state.play.state.seats[of.placeOf(thrower)] ?? []).length === 0) {
      of.act(thrower, { type: "bet", code: PASS, chips: 5 });
      await of.run(20_000, () => of.stateOf(0)!.play.state.seats[of.placeOf(thrower)]!.length > 0);
    }
    of.act(thrower, { type: "roll" });
    await of.run(30_000, () => of.stateOf(0)!.dice.lastRoll > before && of.stateOf(0)!.dice.roll === undefined);
  }
}

const stateAt = (of: CrapsJoiners, at: number): string =>
  Buffer.from(tableMachine(of.rulesOf(at)).snapshot(of.stateOf(at)!)).toString("base64");

test("whoever only looks on is given the state, sees each roll that falls, and has no vote; after a while away it is where all are again [H12] [D09]", async () => {
  const of = new CrapsJoiners(5, [0, 1, 2, 3], 4);
  await of.startFounders();
  for (const at of [0, 1, 2, 3]) await of.sat(at);
  await rolls(of, 4);
  const node = await of.lookOn(4, 0);
  if (typeof node === "string") throw new Error(node);
  expect(node.replica.me).toBe(-1);
  expect(await of.run(60_000, () => of.isSettled()), "it has what all have").toBe(true);
  expect(stateAt(of, 4)).toBe(stateAt(of, 0));
  const before = of.seen[4]!.length;
  await rolls(of, 3);
  expect(await of.run(30_000, () => of.isSettled())).toBe(true);
  expect(of.seen[4]!.slice(before).map(({ roll }) => roll)).toEqual(of.seen[0]!.slice(-3).map(({ roll }) => roll));

  // So long that what it missed is in no kiosk's memory but as a state.
  await of.kill(4);
  await rolls(of, 5);
  await of.lookOnAgain(4);
  expect(await of.run(180_000, () => of.isSettled()), "it is there again").toBe(true);
  expect(stateAt(of, 4)).toBe(stateAt(of, 0));

  // With two of the four away nothing is agreed on: the fifth counts for nothing.
  await of.kill(2);
  await of.kill(3);
  const { executed } = of.kiosks[0]!.node!.replica;
  of.act(0, { type: "bet", code: PASS, chips: 5 });
  await of.run(20_000);
  expect(of.kiosks[0]!.node!.replica.executed).toBe(executed);
  expect(of.kiosks[4]!.node!.submit(0, new Uint8Array(1))?.words).toMatch(/no place at the table/);
  expect(toldOf(of.kiosks[4]!.told, "persist").some(({ record }) => record.type === "voted")).toBe(false);
}, 60_000);
