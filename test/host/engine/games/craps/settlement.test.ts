import { describe, expect, test } from "vitest";
import { bankGain } from "../../../../../host/engine/game/exposure.ts";
import type { Settlement } from "../../../../../host/engine/game/game.ts";
import { POINTS, ROLLS, type Roll } from "../../../../../host/engine/games/craps/dice.ts";
import { partsOf } from "../../../../../host/engine/games/craps/one-roll.ts";
import { works } from "../../../../../host/engine/games/craps/rule.ts";
import { ruleOf } from "../../../../../host/engine/games/craps/rules.ts";
import { settleRoll } from "../../../../../host/engine/games/craps/settle.ts";
import { SPOTS, type Spot } from "../../../../../host/engine/games/craps/spots.ts";
import { type Bet, type CrapsState, emptyTable } from "../../../../../host/engine/games/craps/state.ts";
import { chance, drawBelow } from "../../../../../protocol/core/chance.ts";
import { specified } from "./specified.ts";
import { OPEN } from "./stories.ts";

/** A stake that every bet pays to the chip. */
const STAKE = 2 ** 4 * 3 ** 2 * 5 ** 3 * 7 * 11;
const RICH = 2 ** 50;

function tableWith(point: number, bets: readonly Bet[], seats = 2): CrapsState {
  const table = emptyTable(seats);
  Object.assign(table, { point, rolling: true, fresh: false, afterSeven: false });
  table.seats[0].push(...bets.map((bet) => ({ ...bet })));
  return table;
}

const betOf = (spot: Spot, working: Bet["working"] = "usual", stake = STAKE): Bet => ({
  code: spot.code,
  stake,
  fee: 0,
  working,
  progress: 0,
});

const canLie = ({ family, number }: Spot, point: number): boolean => {
  if (["passOdds", "dontPassOdds", "come", "dontCome"].includes(family)) return point !== 0;
  return family !== "put" || point === number;
};

const callsOf = ({ code }: Spot): Bet["working"][] =>
  ruleOf(code).calls === undefined ? ["usual"] : ["usual", "on", "off"];

function everyCase(look: (spot: Spot, point: number, bet: Bet, roll: Roll) => void): void {
  for (const spot of SPOTS) {
    for (const point of [0, ...POINTS]) {
      if (!canLie(spot, point)) continue;
      for (const working of callsOf(spot)) for (const roll of ROLLS) look(spot, point, betOf(spot, working), roll);
    }
  }
}

function deltaOf({ seats }: Settlement, seat = 0): number {
  return seats[seat].won - seats[seat].lost;
}

describe("every bet, with every point, called or not, on every roll", () => {
  test("comes to what the printed rules say [L21]", () => {
    let said = 0;
    const wrong: string[] = [];
    everyCase((spot, point, bet, roll) => {
      const before = { point, shooter: 0 };
      const on = works(ruleOf(spot.code), bet, before, OPEN);
      const wanted = specified({ family: spot.family, number: spot.number, roll, point, on });
      if (wanted === undefined) return;
      const table = tableWith(point, [bet]);
      const settlement = settleRoll(OPEN, table, roll, RICH);
      const name = `${spot.name} ${bet.working} on ${point}: ${roll.first}-${roll.second}`;
      const net = typeof wanted === "number" ? Math.round(wanted * STAKE) : 0;
      const left = table.seats[0].reduce((sum, { stake }) => sum + stake, 0);
      if (deltaOf(settlement) !== net) wrong.push(`${name}: ${deltaOf(settlement)} and not ${net}`);
      if (wanted === "back" && settlement.seats[0].returned !== STAKE) wrong.push(`${name}: does not come back`);
      if (wanted === "stands" && left !== STAKE) wrong.push(`${name}: does not stand`);
      said += 1;
    });
    expect(wrong).toEqual([]);
    expect(said).toBeGreaterThan(30_000);
  });

  test("loses its stake, nothing, or wins no more than was reserved; the bank has the other side", () => {
    const wrong: string[] = [];
    everyCase((spot, point, bet, roll) => {
      const most = ruleOf(spot.code).winMax(spot, bet, OPEN, point);
      const table = tableWith(point, [bet]);
      const settlement = settleRoll(OPEN, table, roll, RICH);
      const delta = deltaOf(settlement);
      const left = table.seats[0].reduce((sum, { stake }) => sum + stake, 0);
      const held = STAKE - settlement.seats[0].lost - settlement.seats[0].returned;
      const allowed = delta === 0 || delta === -STAKE || (delta > 0 && delta <= most);
      if (!allowed || bankGain(settlement) + delta !== 0 || left !== held) wrong.push(`${spot.name} ${delta}`);
    });
    expect(wrong).toEqual([]);
  });

  test("is decided by the table before the roll: a place bet rests on a come-out seven and on the roll that sets the point", () => {
    const place = SPOTS.find(({ name }) => name === "place-6")!;
    expect(deltaOf(settleRoll(OPEN, tableWith(0, [betOf(place)]), { first: 3, second: 4 }, RICH))).toBe(0);
    expect(deltaOf(settleRoll(OPEN, tableWith(0, [betOf(place)]), { first: 2, second: 4 }, RICH))).toBe(0);
    expect(deltaOf(settleRoll(OPEN, tableWith(5, [betOf(place)]), { first: 3, second: 4 }, RICH))).toBe(-STAKE);
    expect(deltaOf(settleRoll(OPEN, tableWith(6, [betOf(place)]), { first: 2, second: 4 }, RICH))).toBe(
      (STAKE / 6) * 7,
    );
  });
});

describe("many bets", () => {
  /** A seat's worth of different bets that may lie together. */
  function some(seed: number, point: number): Bet[] {
    const from = chance(seed);
    const spots = SPOTS.filter((spot) => canLie(spot, point) && drawBelow(from, 6) === 0);
    return spots.map((spot) => betOf(spot));
  }

  test("come to the same in any order, and to the sum of what each comes to alone", () => {
    for (let seed = 1; seed <= 30; seed++) {
      const point = [0, ...POINTS][seed % 7];
      const bets = some(seed, point).filter(({ code }) => ![2, 3].includes(code));
      for (const roll of ROLLS) {
        const together = settleRoll(OPEN, tableWith(point, bets), roll, RICH);
        const backward = settleRoll(OPEN, tableWith(point, [...bets].reverse()), roll, RICH);
        expect(backward.seats).toEqual(together.seats);
        const alone = bets.map((bet) => deltaOf(settleRoll(OPEN, tableWith(point, [bet]), roll, RICH)));
        expect(deltaOf(together)).toBe(alone.reduce((sum, each) => sum + each, 0));
      }
    }
  });

  test("a stake in two halves, at two seats, comes to the same", () => {
    const wrong: string[] = [];
    everyCase((spot, point, bet, roll) => {
      const table = tableWith(point, [{ ...bet, stake: STAKE * 2 }]);
      const halves = tableWith(point, [bet]);
      halves.seats[1].push({ ...bet });
      const whole = deltaOf(settleRoll(OPEN, table, roll, RICH));
      const settlement = settleRoll(OPEN, halves, roll, RICH);
      if (deltaOf(settlement, 0) + deltaOf(settlement, 1) !== whole) wrong.push(spot.name);
    });
    expect(wrong).toEqual([]);
  });

  test("a bet of several parts comes to the sum of its parts, each made by itself", () => {
    const parts: { readonly [name: string]: readonly string[] } = {
      horn: ["single-2", "single-3", "single-11", "single-12"],
      "horn-high-11": ["single-2", "single-3", "single-11", "single-12", "single-11"],
      world: ["single-2", "single-3", "single-11", "single-12", "any-seven"],
      "craps-eleven": ["any-craps", "single-11"],
      "hi-lo": ["single-2", "single-12"],
      "three-way": ["single-2", "single-3", "single-12"],
      "hi-lo-yo": ["single-2", "single-12", "single-11"],
      "hop-sevens": ["hop-1-6", "hop-2-5", "hop-3-4"],
    };
    const spot = (name: string): Spot => SPOTS.find((each) => each.name === name)!;
    for (const [name, of] of Object.entries(parts)) {
      expect(partsOf(spot(name)).length).toBe(of.length);
      for (const roll of ROLLS) {
        const whole = deltaOf(
          settleRoll(OPEN, tableWith(0, [betOf(spot(name), "usual", STAKE * of.length)]), roll, RICH),
        );
        const each = of.map((part) => deltaOf(settleRoll(OPEN, tableWith(0, [betOf(spot(part))]), roll, RICH)));
        expect(
          each.reduce((sum, delta) => sum + delta, 0),
          `${name} ${roll.first}-${roll.second}`,
        ).toBe(whole);
      }
    }
  });
});

describe("in the long run", () => {
  test.each([
    ["field", 1.0787, 2, -1 / 18],
    ["any-seven", 1.8634, 3, -1 / 6],
    ["single-12", 5.0944, 3, -5 / 36],
  ] as const)("%s comes within four deviations of its edge", (name, deviation, fieldTwelvePays, expected) => {
    const rolls = 20_000;
    const spot = SPOTS.find((each) => each.name === name)!;
    const config = { ...OPEN, fieldTwelvePays: fieldTwelvePays as 2 | 3 };
    const from = chance(7);
    let net = 0;
    for (let i = 0; i < rolls; i++) {
      const roll = ROLLS[drawBelow(from, 36)];
      net += deltaOf(settleRoll(config, tableWith(0, [betOf(spot, "usual", 1)]), roll, RICH));
    }
    expect(Math.abs(net / rolls - expected)).toBeLessThan((4 * deviation) / Math.sqrt(rolls));
  });

  test.each([
    ["pass", 0.9999, -7 / 495],
    ["dont-pass", 0.9864, -27 / 1925],
    ["hard-6", 2.8748, -1 / 11],
    ["small", 4.9657, -139241 / 760760],
  ] as const)("%s too, played from its beginning to its end [L02] [L03]", (name, deviation, expected) => {
    const games = 12_000;
    const spot = SPOTS.find((each) => each.name === name)!;
    const config = { ...OPEN, smallPays: 30, hardStays: false };
    const from = chance(11);
    let net = 0;
    for (let game = 0; game < games; game++) {
      const table = tableWith(0, [betOf(spot, "usual", 1)]);
      while (table.seats[0].length > 0) {
        table.rolling = true;
        net += deltaOf(settleRoll(config, table, ROLLS[drawBelow(from, 36)], RICH));
      }
    }
    expect(Math.abs(net / games - expected)).toBeLessThan((4 * deviation) / Math.sqrt(games));
  });
});
