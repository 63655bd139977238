/** How much must be seen before a cheat of a given size shows: the figures that the page on fairness has. One face is preferred
 * by `more`, at the others' cost alike. For people; part of no agreed state. */
import { assert } from "../../../protocol/core/assert.ts";
import { FACE_COUNT } from "./chi-square.ts";
import { chiSquareCritical, normalCritical, shiftedChiSquareTail } from "./tails.ts";

export interface Wanted {
  /** How often chance alone may be taken for a cheat. */
  readonly falseAlarm: number;
  /** How often the cheat is found. */
  readonly power: number;
}

const USUAL: Wanted = Object.freeze({ falseAlarm: 0.001, power: 0.9 });

/** Dice for a chi-square over all six faces. */
export const diceForFaces = (more: number, wanted: Wanted = USUAL): number =>
  shiftFor(FACE_COUNT - 1, wanted) / shiftOfDie(more);

/** The smallest preference that shows in so many dice. */
export const leastPreference = (dice: number, wanted: Wanted = USUAL): number =>
  Math.sqrt(shiftFor(FACE_COUNT - 1, wanted) / (dice * shiftOfDie(1)));

/** Trials for a test of one event that comes `more` often than its chance: one face, or a seven. */
export function trialsForEvent(chance: number, more: number, { falseAlarm, power }: Wanted = USUAL): number {
  const there = chance + more;
  assert(chance > 0 && there < 1 && more > 0, "a chance and a larger one");
  const reach =
    normalCritical(falseAlarm) * Math.sqrt(chance * (1 - chance)) +
    normalCritical(1 - power) * Math.sqrt(there * (1 - there));
  return (reach / more) ** 2;
}

/** Dice that a sequential test takes on the average, which knows beforehand what it looks for (Wald 1945). */
export function diceInSequence(more: number, { falseAlarm, power }: Wanted = USUAL): number {
  const missed = 1 - power;
  const decided = power * Math.log(power / falseAlarm) + missed * Math.log(missed / (1 - falseAlarm));
  const high = 1 / FACE_COUNT + more;
  const low = 1 / FACE_COUNT - more / (FACE_COUNT - 1);
  const each = high * Math.log(FACE_COUNT * high) + (FACE_COUNT - 1) * low * Math.log(FACE_COUNT * low);
  return decided / each;
}

/** n Σ (p − 1/6)² / (1/6) is `shiftOfDie` a die. */
const shiftOfDie = (more: number): number => FACE_COUNT * (more * more + (more * more) / (FACE_COUNT - 1));

/** How far off a law must be to show. */
function shiftFor(degrees: number, { falseAlarm, power }: Wanted): number {
  const critical = chiSquareCritical(degrees, falseAlarm);
  let low = 0;
  let high = 1_000;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (shiftedChiSquareTail(degrees, middle, critical) < power) low = middle;
    else high = middle;
  }
  return high;
}
