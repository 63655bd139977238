import { describe, expect, test } from "vitest";
import { happen, sit } from "../../../../../host/engine/game/sitting.ts";
import type { CrapsConfig } from "../../../../../host/engine/games/craps/config.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import { leastOn, legalMoves } from "../../../../../host/engine/games/craps/legal.ts";
import { ruleOf } from "../../../../../host/engine/games/craps/rules.ts";
import { type Family, SPOTS, TRAVELLED } from "../../../../../host/engine/games/craps/spots.ts";
import { act, bet, type CrapsStep, doStep, OPEN, roll, story, table } from "./stories.ts";

const PHASES = ["new shooter", "come-out", "come-out after a seven", "point 6"] as const;
type Phase = (typeof PHASES)[number];

function tableIn(phase: Phase) {
  const sitting = table(2, 2 ** 40, 2 ** 45);
  const { state } = sitting.play;
  if (phase !== "new shooter") Object.assign(state, { fresh: false, afterSeven: phase === "come-out after a seven" });
  if (phase === "point 6") state.point = 6;
  return sitting;
}

/** When a bet may be made: the printed matrix. */
function mayBe(family: Family, number: number, phase: Phase): boolean {
  const on = phase === "point 6";
  switch (family) {
    case "pass":
    case "dontPass":
    case "muggsy":
      return !on;
    case "come":
    case "dontCome":
      return on;
    case "put":
      return on && number === 6;
    case "passOdds":
    case "dontPassOdds":
    case "comeOdds":
    case "dontComeOdds":
    case "comeOn":
    case "dontComeOn":
      return false;
    case "fire":
    case "hotRoller":
    case "rideTheLine":
    case "replay":
      return phase === "new shooter";
    case "small":
    case "tall":
    case "all":
    case "repeater":
    case "twiceHard":
    case "differentDoubles":
      return phase === "new shooter" || phase === "come-out after a seven";
    default:
      return true;
  }
}

describe("when a bet may be made", () => {
  test.each(PHASES)("%s: each bet by the matrix, and the buttons say the same [L18]", (phase) => {
    for (const spot of SPOTS) {
      const sitting = tableIn(phase);
      const chips = leastOn(OPEN, sitting.play.state, spot);
      const listed = legalMoves(OPEN, sitting.play.state, 0, { free: 2 ** 40, bank: 2 ** 45 }).some(
        (move) => move.type === "bet" && move.code === spot.code,
      );
      const answer = doStep(sitting, act({ type: "bet", code: spot.code, chips }));
      expect(answer.ok, spot.name).toBe(mayBe(spot.family, spot.number, phase));
      expect(listed, spot.name).toBe(answer.ok);
    }
  });

  test("odds stand behind a flat bet on their number, no higher than the table's multiple [L18] [L04]", () => {
    expect(story("bet pass 10; roll 6; bet pass-odds 50; refuse bet pass-odds 1: above the odds")).toBe("holds");
    expect(story("bet pass 10; roll 4; bet pass-odds 30; refuse bet pass-odds 1: above the odds")).toBe("holds");
    expect(story("bet pass 10; roll 9; bet pass-odds 40; refuse bet pass-odds 1: above the odds")).toBe("holds");
    expect(story("bet dont-pass 10; roll 4; bet dont-pass-odds 60; refuse bet dont-pass-odds 1: above the odds")).toBe(
      "holds",
    );
    expect(story("bet dont-pass 10; roll 5; bet dont-pass-odds 60; refuse bet dont-pass-odds 1: above the odds")).toBe(
      "holds",
    );
    expect(story("bet dont-pass 10; roll 8; bet dont-pass-odds 60; refuse bet dont-pass-odds 1: above the odds")).toBe(
      "holds",
    );
    expect(story("roll 6; refuse bet pass-odds 5: no flat bet; refuse bet come-odds-5 5: no flat bet")).toBe("holds");
    expect(story("roll 6; bet come 10; roll 5; refuse bet come-odds-6 5: no flat bet; bet come-odds-5 40")).toBe(
      "holds",
    );
  });

  test("a contract stays, and what is against the dice may leave but not grow [L18]", () => {
    expect(story("bet pass 10; take pass 5; roll 6; refuse take pass 1: contract")).toBe("holds");
    expect(story("roll 6; bet come 10; take come 5; roll 4; refuse take come-on-4 1: contract")).toBe("holds");
    expect(
      story("bet dont-pass 10; roll 6; refuse bet dont-pass 1: only on a come-out; take dont-pass 4; take dont-pass 6"),
    ).toBe("holds");
    expect(story("roll 6; put; net 0".replace("put", "bet put-6 5; refuse take put-6 5: contract"))).toBe("holds");
  });
});

describe("chips that may not be", () => {
  test("are named: none, less than none, a part, not a number, more than integers hold", () => {
    const sitting = table();
    for (const chips of [0, -5, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(doStep(sitting, bet("pass", chips))).toMatchObject({ ok: false, why: "not a whole stake" });
    }
    expect(doStep(sitting, bet("place-6", 7))).toMatchObject({ ok: false, why: "not a multiple of the unit" });
    expect(doStep(sitting, bet("horn", 5))).toMatchObject({ ok: false, why: "not a multiple of the unit" });
    expect(doStep(sitting, bet("pass", 5, 2))).toMatchObject({ ok: false, why: "no such seat" });
    expect(doStep(sitting, bet("pass", 5)).ok).toBe(true);
    expect(doStep(sitting, act({ type: "take", code: 0, chips: 6 }))).toMatchObject({ why: "not so many chips there" });
    expect(doStep(sitting, act({ type: "take", code: 0, chips: -1 }))).toMatchObject({ why: "not a whole stake" });
    expect(doStep(sitting, act({ type: "take", code: 1, chips: 1 }))).toMatchObject({ why: "no bet there" });
    expect(sitting.held).toEqual([5, 0]);
  });

  test("are between the table's minimum and maximum, no more than the seat has, and a hundredth of the free bank [L19]", () => {
    const at = (config: Partial<CrapsConfig>, chips: number, free = 2 ** 40, bank = 2 ** 40): string => {
      const whole = { ...craps.config.usual, ...config };
      const sitting = sit(craps, whole, { seats: 2, chips: free, bank });
      const answer = happen(craps, whole, sitting, bet("pass", chips));
      return answer.ok ? "made" : (answer.why ?? "");
    };
    expect([1, 10_000_000, 10_000_001].map((chips) => at({}, chips))).toEqual(["made", "made", "above the maximum"]);
    expect([4, 5, 50, 51].map((chips) => at({ stakeMin: 5, stakeMax: 50 }, chips))).toEqual([
      ...["below the minimum", "made", "made", "above the maximum"],
    ]);
    expect([99, 100, 101].map((chips) => at({}, chips, 100))).toEqual(["made", "made", "not enough chips"]);
    expect([100, 101].map((chips) => at({}, chips, 1000, 10_000))).toEqual(["made", "above the bank's share"]);
    // The share is of what the bank does not owe yet: of 7,800 chips, and then of 7,722.
    const sitting = sit(craps, craps.config.usual, { seats: 2, bank: 7_800 });
    const put = (name: string, chips: number) => happen(craps, craps.config.usual, sitting, bet(name, chips)).why;
    expect([put("pass", 79), put("pass", 78), put("dont-pass", 78), put("dont-pass", 77)]).toEqual([
      ...["above the bank's share", undefined, "above the bank's share", undefined],
    ]);
  });

  test("are what the bank can pay: every lasting bet in full, of the next roll the worst", () => {
    const config = { ...OPEN };
    const sitting = sit(craps, config, { seats: 2, bank: 1000 });
    const put = (name: string, chips: number, seat = 0) => happen(craps, config, sitting, bet(name, chips, seat)).why;
    expect(put("hard-8", 100)).toBe(undefined);
    expect(put("single-12", 4)).toBe("bank cannot cover");
    expect(put("single-12", 3)).toBe(undefined);
    expect(put("single-2", 3, 1)).toBe(undefined);
    expect(sitting.held).toEqual([103, 3]);
  });

  test("that a bet on the same roll is paid with are not taken away from under it", () => {
    const sitting = sit(craps, OPEN, { seats: 2, bank: 25 });
    const step = (each: CrapsStep) => happen(craps, OPEN, sitting, each).why;
    expect(step(bet("any-seven", 10, 1))).toBe("bank cannot cover");
    expect(step(bet("any-seven", 5, 1))).toBe(undefined);
    expect(step(bet("single-12", 1))).toBe(undefined);
    expect(step(act({ type: "take", code: 176, chips: 5 }, 1))).toBe("bank cannot cover");
    expect(step(act({ type: "take", code: 28, chips: 1 }))).toBe(undefined);
    expect(step(act({ type: "take", code: 176, chips: 5 }, 1))).toBe(undefined);
    expect(sitting.held).toEqual([0, 0]);
  });

  test("lie on 48 bets of a seat at most", () => {
    const sitting = table(2, 2 ** 30, 2 ** 40);
    let made = 0;
    for (const spot of SPOTS) {
      const chips = leastOn(OPEN, sitting.play.state, spot);
      const { ok, why } = doStep(sitting, act({ type: "bet", code: spot.code, chips }));
      if (ok) made += 1;
      else if (made === 48)
        expect(["too many bets", "only with a point", "no flat bet", "only by travelling"]).toContain(why);
    }
    expect(made).toBe(48);
  });

  test("find a beginner's layout of 20 to 30 bets, and a full one with all but the optional set [L19]", () => {
    const on = (layout: readonly string[]) =>
      SPOTS.filter(({ code }) => code < TRAVELLED && layout.includes(ruleOf(code).layout));
    expect(on(["beginner"]).length).toBeGreaterThanOrEqual(20);
    expect(on(["beginner"]).length).toBeLessThanOrEqual(30);
    expect(new Set(on(["everything"]).map(({ family }) => family))).toEqual(
      new Set([
        ...["yes", "no", "next", "fire", "small", "tall", "all", "repeater"],
        ...["hotRoller", "twiceHard", "rideTheLine", "muggsy", "replay", "differentDoubles"],
      ]),
    );
    const beginner = { ...craps.config.usual, bets: "beginner" as const };
    const sitting = sit(craps, beginner, { seats: 2 });
    expect(happen(craps, beginner, sitting, bet("horn", 4))).toMatchObject({ ok: false, why: "not on this layout" });
    expect(happen(craps, beginner, sitting, bet("field", 4)).ok).toBe(true);
  });
});

describe("a bank that runs low", () => {
  test("pays what it owes, and takes down bets that it could not pay again", () => {
    const sitting = sit(craps, OPEN, { seats: 2, bank: 45 });
    expect(doStep(sitting, bet("hard-8", 5)).ok).toBe(true);
    const { events } = roll(sitting, { first: 4, second: 4 });
    expect(events.map(({ type, net }) => [type, net])).toEqual([
      ["won", 45],
      ["returned", 0],
    ]);
    expect([sitting.bank, sitting.held[0], sitting.play.state.seats[0]]).toEqual([0, 0, []]);
  });
});
