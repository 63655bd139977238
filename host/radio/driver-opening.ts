/** The driver's way from a closed port to a hello, and back: opens, listens at one rate after the other, gives up, waits. */
import { millis } from "../../protocol/core/units.ts";
import { backOffMs } from "./back-off.ts";
import type { DriverEvent, RadioStateKind } from "./driver-events.ts";
import { forgetRates, tune } from "./driver-rates.ts";
import { type Driver, plugged, type Work } from "./driver-state.ts";
import {
  babblingWords,
  inSeconds,
  listeningWords,
  silentWords,
  stateOf,
  waitingState,
  withoutHello,
} from "./driver-words.ts";
import { HUNT_MS, LISTEN_MS } from "./limits.ts";

export function open(driver: Driver, work: Work): void {
  driver.stage = "opening";
  driver.deadline = undefined;
  driver.baud = driver.config.rates[driver.rate];
  work.effects.push({ type: "open", attempt: driver.attempt, baud: driver.baud });
}

export function onFailed(driver: Driver, event: DriverEvent & { type: "failed" }, work: Work): void {
  driver.device = event.device;
  const delay = wait(driver);
  work.effects.push({ type: "state", state: waitingState(driver, event.problem, delay) });
}

export function onOpened(driver: Driver, event: DriverEvent & { type: "opened" }, work: Work): void {
  const { bytesIn, framesIn, damaged } = driver.session.link.counters;
  driver.device = event.device;
  driver.isElsewhere = event.isElsewhere;
  driver.baudMax = event.baudMax;
  driver.bytesAtOpen = bytesIn;
  driver.framesAtOpen = framesIn;
  driver.damagedAtOpen = damaged;
  listen(driver, work);
  work.events.push(plugged(driver));
}

export function listen(driver: Driver, work: Work): void {
  driver.stage = "listening";
  driver.test = undefined;
  driver.hello = undefined;
  driver.held.length = 0;
  driver.framesAtRate = driver.session.link.counters.framesIn;
  driver.huntBy = hasOtherRate(driver) ? millis(driver.now + HUNT_MS) : undefined;
  driver.deadline = millis(driver.now + LISTEN_MS);
  work.effects.push({ type: "state", state: stateOf(driver, "listening", listeningWords(driver)) });
}

/** A board that started over is at its first rate, whatever was agreed before. */
const hasOtherRate = ({ baudMax, baud, rate, config: { rates } }: Driver): boolean =>
  baudMax !== undefined && (rates.length > 1 || baud !== rates[rate]);

/** A rate at which something makes sense is not left. */
export function hunt(driver: Driver, work: Work): void {
  driver.huntBy = undefined;
  if (driver.stage !== "listening" || driver.session.link.counters.framesIn > driver.framesAtRate) return;
  const { rates } = driver.config;
  if (driver.baud === rates[driver.rate]) driver.rate = (driver.rate + 1) % rates.length;
  driver.huntBy = millis(driver.now + HUNT_MS);
  tune(driver, rates[driver.rate], work);
}

export function giveUp(driver: Driver, work: Work): void {
  const { bytesIn, framesIn } = driver.session.link.counters;
  const bytes = bytesIn - driver.bytesAtOpen;
  if (framesIn > driver.framesAtOpen) onNoHello(driver, work);
  else if (bytes > 0) again(driver, "babbling", babblingWords(bytes), work);
  else again(driver, "silent", silentWords(), work);
}

export function onNoHello(driver: Driver, work: Work): void {
  const { kind, words } = withoutHello(driver);
  again(driver, kind, words, work);
}

/** The port is closed and opened anew: on some hosts only that wakes one that fell silent, and a handshake must be fresh. */
export function again(driver: Driver, kind: RadioStateKind, words: string, work: Work): void {
  shut(driver, work);
  work.effects.push({ type: "close" });
  const delay = wait(driver);
  const state = stateOf(driver, kind, words, `opening it again ${inSeconds(delay)}`);
  work.effects.push({ type: "state", state });
}

export function onClosed(driver: Driver, why: string, work: Work): void {
  shut(driver, work);
  // It may come back with another cable, bridge or board.
  forgetRates(driver);
  const delay = wait(driver);
  const state = stateOf(driver, "waiting", why, `opening it again ${inSeconds(delay)}`);
  work.effects.push({ type: "state", state });
}

/** The session hears of it in its turn; the port is somebody else's. */
export function shut(driver: Driver, work: Work): void {
  work.events.push({ type: "unplugged", at: driver.now });
  driver.test = undefined;
  driver.hello = undefined;
  driver.huntBy = undefined;
  driver.held.length = 0;
}

function wait(driver: Driver): number {
  driver.stage = "waiting";
  driver.attempt += 1;
  const delay = backOffMs(driver.attempt, driver.chance);
  driver.deadline = millis(driver.now + delay);
  return delay;
}

export const isOpen = ({ stage }: Driver): boolean =>
  stage !== "idle" && stage !== "opening" && stage !== "waiting" && stage !== "ended";
