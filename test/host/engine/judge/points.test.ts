import { describe, expect, test } from "vitest";
import { judgeState } from "../../../../host/engine/judge/judge-snapshot.ts";
import {
  credit,
  POINTS,
  POINTS_START,
  pointsOf,
  seemsPlayable,
  seemsVotable,
} from "../../../../host/engine/judge/points.ts";
import { at, DAY } from "../stakes/stakers.ts";
import { court, open, opened, points, vote } from "./court.ts";

test("to file a dispute and be right costs nothing, and to have a quorum against it costs sixty [P15]", () => {
  const of = court();
  const id = opened(of);
  expect(points(of, 0)).toBe(POINTS_START);
  for (const member of [1, 2, 3]) vote(of, member, "reject", id);
  expect(points(of, 0)).toBe(POINTS_START + POINTS.falseAccusation);
  expect(points(of, 2)).toBe(POINTS_START);
});

describe("points", () => {
  test("are those of the table, within a thousand either way [P14]", () => {
    expect(POINTS).toEqual({
      ...{ game: 5, commitMissed: -20, revealMissed: -30, badSignature: -50, cheat: -100 },
      ...{ disputeWon: 20, disputeLost: -40, falseAccusation: -60, timeout: -15 },
    });
    const of = court();
    const [key] = of.keys as [Uint8Array];
    for (const deed of Object.keys(POINTS) as (keyof typeof POINTS)[]) {
      const fresh = judgeState().points;
      credit(fresh, key, deed, at(0));
      expect(pointsOf(fresh, key, at(0))).toBe(100 + POINTS[deed]);
    }
    for (let i = 0; i < 20; i++) credit(of.state.points, key, "cheat", at(0));
    expect(points(of, 0, 0)).toBe(-1_000);
    for (let i = 0; i < 1_000; i++) credit(of.state.points, key, "game", at(0));
    expect(points(of, 0, 0)).toBe(1_000);
  });

  test("come back to a hundred by ten a day, from either side and not beyond [P10] [P14]", () => {
    const of = court();
    const [key, other] = of.keys as [Uint8Array, Uint8Array];
    credit(of.state.points, key, "cheat", at(0));
    for (let i = 0; i < 10; i++) credit(of.state.points, other, "game", at(0));
    const shown = (member: number, days: number): number => points(of, member, days * DAY);
    expect([shown(0, 0), shown(0, 0.9), shown(0, 1), shown(0, 9.5), shown(0, 10), shown(0, 400)]).toEqual([
      0, 0, 10, 90, 100, 100,
    ]);
    expect([shown(1, 0), shown(1, 4), shown(1, 5), shown(1, 6)]).toEqual([150, 110, 100, 100]);
  });

  test("are shown as too few to play from −501, to vote from −1, and refuse nothing [P14]", () => {
    expect([-500, -501].map(seemsPlayable)).toEqual([true, false]);
    expect([0, -1].map(seemsVotable)).toEqual([true, false]);
    const of = court();
    for (let i = 0; i < 20; i++) credit(of.state.points, of.keys[0]!, "cheat", at(0));
    expect(open(of, 0)).toMatchObject({ ok: true });
  });

  test("are kept of so many keys, and of those longest against whom something is known", () => {
    const of = court();
    const key = (i: number): Uint8Array => new Uint8Array(32).fill(i);
    credit(of.state.points, key(200), "cheat", at(0));
    for (let i = 0; i < 100; i++) credit(of.state.points, key(i), "game", at(1 + i));
    expect(of.state.points.rows).toHaveLength(32);
    expect(pointsOf(of.state.points, key(200), at(100))).toBe(0);
    expect(pointsOf(of.state.points, key(0), at(100))).toBe(100);
  });
});
