import { expect, test } from "vitest";
import { pointsOf } from "../../../../host/engine/judge/points.ts";
import { agreedMillis } from "../../../../protocol/core/units.ts";
import { START } from "../dice/kiosks.ts";
import { type House, house, order, passTime, whereIs } from "./house.ts";

const HOUR = 3_600_000;
const points = (of: House): number[] =>
  of.kiosks.map(({ member }) => pointsOf(of.state.judge.points, member.key, agreedMillis(START + of.now)));

test("an hour of play is worth five points to a kiosk at which somebody sits, however many sit there and roll [P14]", () => {
  const of = house(4);
  passTime(of, 1_000);
  for (const player of [0, 1, 4]) {
    const { client, seat } = whereIs(of, player);
    expect(order(of, client, seat, { type: "sit" }).type).toBe("sat");
  }
  const counts = [1, 2, 3].map(() => {
    passTime(of, HOUR);
    return points(of);
  });
  expect(counts).toEqual([
    [105, 105, 100, 100],
    [110, 110, 100, 100],
    [115, 115, 100, 100],
  ]);
  // However long nobody looked, it is one.
  passTime(of, 10 * HOUR);
  expect(points(of)).toEqual([120, 120, 100, 100]);
});
