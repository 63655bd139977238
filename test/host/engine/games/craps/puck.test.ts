import { describe, expect, test } from "vitest";
import { keepTurn } from "../../../../../host/engine/game/play.ts";
import { ratioText } from "../../../../../host/engine/game/ratio.ts";
import { solve } from "../../../../../host/engine/game/solve.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import { POINTS, ROLLS, totalOf } from "../../../../../host/engine/games/craps/dice.ts";
import { chance, drawBelow } from "../../../../../protocol/core/chance.ts";
import { act, bet, doStep, roll, table } from "./stories.ts";

describe("the puck", () => {
  test("goes from every phase by every roll where the rules say, and a seven-out alone passes the dice [L01]", () => {
    for (const point of [0, ...POINTS]) {
      for (const dice of ROLLS) {
        const sitting = table(3);
        Object.assign(sitting.play.state, { point, fresh: false, afterSeven: false, shooter: 1 });
        roll(sitting, dice);
        const total = totalOf(dice);
        const sevenOut = point !== 0 && total === 7;
        const next = point === 0 ? (POINTS.includes(total) ? total : 0) : total === point || total === 7 ? 0 : point;
        expect(sitting.play.state, `${point} ${total}`).toMatchObject({
          point: next,
          shooter: sevenOut ? 2 : 1,
          fresh: sevenOut,
          afterSeven: total === 7,
          rolling: false,
        });
      }
    }
  });

  test("lets a shooter roll 1671/196 times on the average [L01]", () => {
    // States: the puck off, and on each point; from the engine's own puck.
    const places = [0, ...POINTS];
    const states = places.map((point) =>
      ROLLS.map((dice) => {
        const sitting = table(2);
        Object.assign(sitting.play.state, { point, fresh: false, afterSeven: false });
        roll(sitting, dice);
        const { fresh, point: next } = sitting.play.state;
        return { to: fresh ? -1 : places.indexOf(next), weight: 1, total: 36, counts: [1] };
      }),
    );
    expect(solve({ states, start: 0, counts: [0] }).map(ratioText)).toEqual(["1671/196"]);
  });

  test("a hand of 154 rolls or more has the chance that is printed", () => {
    let hands = [1n, ...POINTS.map(() => 0n)];
    for (let rolls = 1; rolls < 154; rolls++) {
      const next = hands.map(() => 0n);
      hands.forEach((count, at) => {
        for (const dice of ROLLS) {
          const total = totalOf(dice);
          if (at !== 0 && total === 7) continue;
          const made = at !== 0 && total === POINTS[at - 1];
          next[at === 0 ? POINTS.indexOf(total) + 1 : made ? 0 : at] += count;
        }
      });
      hands = next;
    }
    const share = (hands.reduce((sum, count) => sum + count, 0n) * 10n ** 14n) / 36n ** 153n;
    expect(Number(share) / 1e14).toBeCloseTo(1.7888e-10, 13);
  });
});

describe("the shooter", () => {
  test("needs a line bet to come out, and nobody else rolls [L01]", () => {
    const sitting = table(3);
    expect(doStep(sitting, act({ type: "roll" }))).toMatchObject({ ok: false, why: "no line bet" });
    expect(doStep(sitting, act({ type: "roll" }, 1))).toMatchObject({ ok: false, why: "not the shooter" });
    expect(doStep(sitting, bet("dont-pass", 5)).ok).toBe(true);
    expect(doStep(sitting, act({ type: "roll" })).ok).toBe(true);
    expect(doStep(sitting, bet("field", 5, 1))).toMatchObject({ ok: false, why: "not now" });
    expect(doStep(sitting, { type: "chance", outcome: { first: 2, second: 2 } }).ok).toBe(true);
    expect(doStep(sitting, act({ type: "passDice" }))).toMatchObject({ ok: false, why: "puck is on" });
    expect(doStep(sitting, act({ type: "roll" })).ok).toBe(true);
  });

  test("may decline on a come-out, and the dice go round the table", () => {
    const sitting = table(3);
    for (const seat of [0, 1, 2]) {
      expect(sitting.play.state.shooter).toBe(seat);
      expect(doStep(sitting, act({ type: "passDice" }, seat)).ok).toBe(true);
    }
    expect(sitting.play.state).toMatchObject({ shooter: 0, fresh: true, afterSeven: true });
  });

  test("is passed by when the time is over: to who has a line bet, or the house rolls for what stands", () => {
    const sitting = table(4);
    const overdue = () => doStep(sitting, { type: "overdue" });
    expect(overdue().ok).toBe(false);
    doStep(sitting, bet("field", 5, 1));
    expect(overdue()).toMatchObject({ ok: true, why: "the table rolls" });
    roll(sitting, { first: 3, second: 4 });
    doStep(sitting, bet("pass", 5, 2));
    expect(overdue()).toMatchObject({ ok: true, why: "the dice pass" });
    expect(sitting.play.state).toMatchObject({ shooter: 2, rolling: false });
    expect(overdue()).toMatchObject({ ok: true, why: "the table rolls" });
    expect(overdue().ok).toBe(false);
  });

  test("is never an empty place where anybody sits, and a shooter who has left is followed by the next, whatever the puck says", () => {
    const { play } = table(4);
    const { state } = play;
    const sits = (...seats: number[]) => keepTurn(craps, play, (seat) => seats.includes(seat));
    Object.assign(state, { fresh: false, afterSeven: false, shooter: 1 });
    for (const seats of [[], [1], [0, 1, 2]]) {
      sits(...seats);
      expect(state).toMatchObject({ shooter: 1, fresh: false });
    }
    sits(0, 3);
    expect(state).toMatchObject({ shooter: 3, fresh: true, afterSeven: true });
    Object.assign(state, { point: 6, fresh: false, afterSeven: false });
    sits(0, 2);
    expect(state).toMatchObject({ shooter: 0, point: 6, fresh: false, afterSeven: false });
    state.rolling = true;
    sits(2);
    expect(state.shooter).toBe(0);
  });

  test("has eight seats to go round, and two [L19]", () => {
    for (const seats of [2, 8]) {
      const sitting = table(seats);
      const from = chance(seats);
      for (let hands = 0; hands < 3 * seats; ) {
        const { shooter } = sitting.play.state;
        roll(sitting, ROLLS[drawBelow(from, 36)]);
        if (!sitting.play.state.fresh) continue;
        hands += 1;
        expect(sitting.play.state.shooter).toBe((shooter + 1) % seats);
      }
    }
    expect(() => table(1)).toThrow("the game has as many seats");
    expect(() => table(9)).toThrow("the game has as many seats");
  });
});
