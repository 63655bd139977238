/**
 * A table's dice, watched for as long as the table lives, in the room of a few counts. The alarm tells people; it punishes nobody,
 * for dice have no owner: whoever loads them, the statistics cannot say who.
 *
 * Half a mind for the whole life, and a part for each window of it, the j-th with a weight of 1/(j (j + 1)): dice that were honest
 * for a year and are not any more show within their window, and the whole is still one e-process. For people; part of no agreed
 * state.
 */
import { assert } from "../../../protocol/core/assert.ts";
import { FACE_COUNT } from "./chi-square.ts";
import { faceShares, fell, logAverage, logFaces, pairShares, type Shares } from "./evidence-meter.ts";
import { ALARM_EVIDENCE, WINDOW_ROLLS_COUNT } from "./limits.ts";

export interface DiceMonitor {
  rolls: number;
  /** Of both dice together. */
  readonly faces: Shares;
  /** First · 6 + second. */
  readonly pairs: Shares;
  windowFaces: Shares;
  /** From 1. */
  window: number;
  /** What windows that are over have brought, weighted. */
  over: number;
  /** Of the highest moment: what was once proved against fair dice is not taken back by later luck. */
  highestLog: number;
  /** The roll after which the alarm was given. */
  alarmedAt: number | undefined;
}

export const diceMonitor = (): DiceMonitor => ({
  rolls: 0,
  faces: faceShares(),
  pairs: pairShares(),
  windowFaces: faceShares(),
  window: 1,
  over: 0,
  highestLog: 0,
  alarmedAt: undefined,
});

/** Dice from 1 to 6. */
export function rolled(monitor: DiceMonitor, first: number, second: number): void {
  for (const face of [first, second]) {
    assert(Number.isInteger(face) && face >= 1 && face <= FACE_COUNT, "a die shows a face");
    fell(monitor.faces, face - 1);
    fell(monitor.windowFaces, face - 1);
  }
  fell(monitor.pairs, (first - 1) * FACE_COUNT + second - 1);
  monitor.rolls += 1;
  monitor.highestLog = Math.max(monitor.highestLog, logEvidence(monitor));
  if (monitor.alarmedAt === undefined && monitor.highestLog >= Math.log(ALARM_EVIDENCE)) {
    monitor.alarmedAt = monitor.rolls;
  }
  if (monitor.rolls % WINDOW_ROLLS_COUNT === 0) closeWindow(monitor);
}

/** ln E, now. */
export const logEvidence = (monitor: DiceMonitor): number =>
  logAverage([
    { weight: 0.7, log: logFaces(monitor.faces) },
    { weight: 0.1, log: monitor.pairs.log },
    { weight: 0.2, log: Math.log(windowsOf(monitor)) },
  ]);

/** Of the meter on the page, from 0 to 1: how far to the alarm, at its highest. */
export const needle = (monitor: DiceMonitor): number => Math.min(1, monitor.highestLog / Math.log(ALARM_EVIDENCE));

/** Those that are over, the one that is open, and a 1 for each that is to come. */
function windowsOf({ over, window, windowFaces }: DiceMonitor): number {
  return over + weightOf(window) * bounded(logFaces(windowFaces)) + 1 / (window + 1);
}

function closeWindow(monitor: DiceMonitor): void {
  monitor.over = Math.min(E_MAX, monitor.over + weightOf(monitor.window) * bounded(logFaces(monitor.windowFaces)));
  monitor.window += 1;
  monitor.windowFaces = faceShares();
}

const weightOf = (window: number): number => 1 / (window * (window + 1));
/** Beyond this nothing is more certain, and sums still are numbers. To understate keeps it an e-process. */
const E_MAX = 1e100;
const bounded = (log: number): number => Math.min(E_MAX, Math.exp(log));
