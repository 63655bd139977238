import { expect, test } from "vitest";
import { facesFit } from "../../../../host/engine/judge/chi-square.ts";
import {
  type DiceMonitor,
  diceMonitor,
  logEvidence,
  needle,
  rolled,
} from "../../../../host/engine/judge/dice-monitor.ts";
import { WINDOW_ROLLS_COUNT } from "../../../../host/engine/judge/limits.ts";
import { chiSquareCritical } from "../../../../host/engine/judge/tails.ts";
import { chance } from "../../../../protocol/core/chance.ts";
import { fairFace, loadedFace, many } from "./thrown.ts";

function throwDice(monitor: DiceMonitor, rolls: number, seed: number, more: number): void {
  const from = chance(seed);
  for (let roll = 0; roll < rolls; roll++) rolled(monitor, loadedFace(from, more), loadedFace(from, more));
}

test("fair dice give an alarm in at most one life of a thousand, though every roll is looked at [P05]", () => {
  const lives = many(1_500, (seed) => {
    const monitor = diceMonitor();
    throwDice(monitor, 200, seed, 0);
    return monitor.alarmedAt;
  });
  expect(lives.filter((at) => at !== undefined).length).toBeLessThanOrEqual(1);
});

test("a chi-square that is looked at again and again accuses fair dice, which is why it only reports [P05]", () => {
  const critical = chiSquareCritical(5, 0.001);
  const lives = many(400, (seed) => {
    const from = chance(seed);
    const counts = [0, 0, 0, 0, 0, 0];
    for (let dice = 1; dice <= 1_000; dice++) {
      counts[fairFace(from) - 1]! += 1;
      if (dice % 10 === 0 && dice >= 30) {
        const fit = facesFit(counts);
        if (fit !== undefined && fit.statistic > critical) return true;
      }
    }
    return false;
  });
  const alarms = lives.filter((each) => each).length / lives.length;
  expect(alarms).toBeGreaterThan(0.004);
  expect(alarms).toBeLessThan(0.04);
});

test("a face with a twentieth more is found in half the lives by 1,129 dice, in four of five by 1,800, in all by 4,000 [P05]", () => {
  const found = many(300, (seed) => {
    const monitor = diceMonitor();
    throwDice(monitor, 2_000, 5_000 + seed, 0.05);
    return 2 * (monitor.alarmedAt ?? Number.POSITIVE_INFINITY);
  }).sort((left, right) => left - right);
  expect(found[150]).toBeLessThanOrEqual(1_129);
  expect(found[240]).toBeLessThanOrEqual(1_800);
  expect(found[299]).toBeLessThanOrEqual(4_000);
});

test("a six that comes every third time is found within 500 dice [P05]", () => {
  const found = many(100, (seed) => {
    const monitor = diceMonitor();
    throwDice(monitor, 250, seed, 0.2);
    return monitor.alarmedAt;
  });
  expect(found.every((at) => at !== undefined)).toBe(true);
});

test("dice that were changed after two honest years of windows are found as if they were new ones [P06]", () => {
  const late = many(20, (seed) => {
    const monitor = diceMonitor();
    throwDice(monitor, 3 * WINDOW_ROLLS_COUNT, seed, 0);
    throwDice(monitor, 1_000, 900 + seed, 0.1);
    return (monitor.alarmedAt ?? Number.POSITIVE_INFINITY) - 3 * WINDOW_ROLLS_COUNT;
  });
  expect(late.filter((rolls) => rolls <= 500).length).toBeGreaterThanOrEqual(18);
});

test("it begins at one, keeps the room of its counts, and moves its needle to the end at the alarm [P05]", () => {
  const monitor = diceMonitor();
  expect(Math.exp(logEvidence(monitor))).toBeCloseTo(1, 12);
  expect(needle(monitor)).toBe(0);
  const size = JSON.stringify(monitor).length;
  throwDice(monitor, 5_000, 1, 0.1);
  expect(needle(monitor)).toBe(1);
  expect(JSON.stringify(monitor).length).toBeLessThan(size + 250);
  expect(structuredClone(monitor)).toEqual(monitor);
});
