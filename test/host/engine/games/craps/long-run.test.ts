import { describe, expect, test } from "vitest";
import { domainDigest } from "../../../../../host/crypto/domain-digest.ts";
import { outcomeOf } from "../../../../../host/engine/game/law.ts";
import { longTrial } from "../../../../../host/engine/game/long-trial.ts";
import { happen, type Sitting, sit } from "../../../../../host/engine/game/sitting.ts";
import { chanceStep } from "../../../../../host/engine/game/trial.ts";
import { craps } from "../../../../../host/engine/games/craps/craps.ts";
import { DICE_LAW, type Roll } from "../../../../../host/engine/games/craps/dice.ts";
import type { CrapsState } from "../../../../../host/engine/games/craps/state.ts";
import { chance, drawBelow } from "../../../../../protocol/core/chance.ts";
import { hashOf, OPEN } from "./stories.ts";
import { VARIANTS } from "./variants.ts";

describe("twenty thousand operations at random tables", () => {
  test("conserve every chip, reserve every payout, replay to the same hash and leave no bet behind [L21]", () => {
    const found = longTrial(craps, { operations: 20_000, seed: 1, variants: VARIANTS }, domainDigest);
    expect(found.fault).toBeUndefined();
    expect(found.operations).toBe(20_000);
    expect(found.chances).toBeGreaterThan(2_000);
    expect(found.done).toBeGreaterThan(12_000);
    expect(found.refused).toBeGreaterThan(500);
  });
});

describe("fifty replicas of one table", () => {
  test("are in one state after each of two hundred rolls [L21]", () => {
    const replicas: Sitting<CrapsState>[] = [];
    for (let i = 0; i < 50; i++) replicas.push(sit(craps, OPEN, { seats: 8, chips: 100_000, bank: 10_000_000 }));
    const from = chance(21);
    for (let rolls = 0; rolls < 200; rolls++) {
      for (let moves = 0; moves < 4; moves++) {
        const seat = drawBelow(from, 8);
        const purse = { free: replicas[0].free[seat], bank: replicas[0].bank };
        const legal = craps.legalActions(OPEN, replicas[0].play.state, seat, purse);
        if (legal.length === 0) break;
        const step = { type: "act", seat, action: legal[drawBelow(from, legal.length)] } as const;
        for (const replica of replicas) happen(craps, OPEN, replica, step);
      }
      for (const replica of replicas) replica.play.state.rolling = true;
      const step = chanceStep(craps, OPEN, replicas[0].play.state, from);
      for (const replica of replicas) happen(craps, OPEN, replica, step);
      expect(new Set(replicas.map(hashOf)).size).toBe(1);
      expect(new Set(replicas.map(({ bank, free }) => `${bank} ${free}`)).size).toBe(1);
    }
  });
});

describe("dice from bytes", () => {
  test("show each of the thirty-six pairs for seven of the 256 values, and four values for none", () => {
    const seen: { [dice: string]: number } = {};
    let none = 0;
    for (let byte = 0; byte < 256; byte++) {
      const roll: Roll | undefined = outcomeOf(DICE_LAW, Uint8Array.of(byte));
      if (roll === undefined) none += 1;
      else seen[`${roll.first}-${roll.second}`] = (seen[`${roll.first}-${roll.second}`] ?? 0) + 1;
    }
    expect(none).toBe(4);
    expect(Object.keys(seen).length).toBe(36);
    expect(new Set(Object.values(seen))).toEqual(new Set([7]));
  });

  test("are v div 6 + 1 and v mod 6 + 1, of the first byte below 252", () => {
    expect(outcomeOf(DICE_LAW, Uint8Array.of(252, 255, 36 + 8, 0))).toEqual({ first: 2, second: 3 });
    expect(outcomeOf(DICE_LAW, Uint8Array.of(252, 253, 254, 255))).toBeUndefined();
  });
});
