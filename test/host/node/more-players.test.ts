import { expect, test } from "vitest";
import { PASS, SPOTS } from "../../../host/engine/games/craps/spots.ts";
import { TableAnswer } from "../../../host/engine/table/answer.ts";
import { TableOperation } from "../../../host/engine/table/operation.ts";
import { decode, encode } from "../../../protocol/bytes/codec.ts";
import { utf8Decode } from "../../../protocol/bytes/utf8.ts";
import { CrapsJoiners } from "./craps-joiners.ts";
import { toldOf } from "./craps-kiosks.ts";

const FIELD = SPOTS.find(({ name }) => name === "field")!.code;

/** Everybody who has a place bets, and whose turn it is throws. */
async function roll(of: CrapsJoiners, players: readonly number[]): Promise<void> {
  const shooter = of.stateOf(0)!.play.state.shooter;
  const [thrower] = players.filter((at) => of.placeOf(at) === shooter);
  for (const at of players) of.act(at, { type: "bet", code: at === thrower ? PASS : FIELD, chips: 5 });
  const lies = (at: number) => of.stateOf(0)!.play.state.seats[of.placeOf(at)]!.length > 0;
  expect(await of.run(30_000, () => players.every(lies) && of.isSettled()), "all have bet").toBe(true);
  const before = of.stateOf(0)!.dice.lastRoll;
  of.act(thrower!, { type: "roll" });
  const isOver = (at: number) => of.stateOf(at)!.dice.lastRoll > before && of.stateOf(at)!.dice.roll === undefined;
  expect(await of.run(60_000, () => players.every(isOver) && of.isSettled()), "the dice have fallen").toBe(true);
}

const lastRefusal = (of: CrapsJoiners, at: number): string | undefined => {
  const last = toldOf(of.kiosks[at]!.told, "answered").at(-1);
  const answer = last === undefined ? undefined : decode(TableAnswer, last.result);
  return answer?.ok && answer.value.type === "refused" ? utf8Decode(answer.value.why) : undefined;
};

test("four found a table with eight places, four more join, and all eight play; the ninth player is refused with the reason, at the door and at the table [H12]", async () => {
  const of = new CrapsJoiners(9, [0, 2, 4, 6], 8);
  await of.startFounders();
  for (const at of [0, 2, 4, 6]) expect(await of.sat(at)).toBe(true);
  for (const at of [1, 3, 5, 7]) {
    const node = await of.join(at, 0);
    expect(typeof node, `${node}`).toBe("object");
    expect(await of.followed(at)).toBe(true);
    expect(await of.sat(at)).toBe(true);
    if (at === 1) await roll(of, [0, 1, 2, 4, 6]);
  }
  const players = [0, 1, 2, 3, 4, 5, 6, 7];
  await roll(of, players);
  expect(new Set(players.map((at) => of.placeOf(at))).size).toBe(8);
  expect(new Set(players.map((at) => of.stateOf(at)!.places.length))).toEqual(new Set([8]));
  expect(await of.join(8, 0)).toBe("noSeatFree: no seat is free");
  // A second player at a kiosk that has one.
  of.kiosks[0]!.node!.submit(1, encode(TableOperation, { type: "sit" }).slice());
  expect(await of.run(30_000, () => lastRefusal(of, 0) === "no free place")).toBe(true);
  // Who wants no place may come: ten kiosks agree, and eight play.
  const ninth = await of.join(8, 0, { seats: 0 });
  expect(typeof ninth, `${ninth}`).toBe("object");
  expect(await of.followed(8)).toBe(true);
  expect(of.stateOf(8)!.dice.members.length).toBe(9);
}, 60_000);
