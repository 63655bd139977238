/** The driver's test of its wire, and the way to the best rate: test, order the next better one, follow, test again; a bad
 * one is left for the next lower. A restart of either end in the middle brings both back to the board's first rate. */
import { unreachable } from "../../protocol/core/assert.ts";
import { millis } from "../../protocol/core/units.ts";
import { FAULT_CODES } from "../../protocol/radio/fault-code.ts";
import { type Driver, order, plugged, type Work } from "./driver-state.ts";
import { tellUp } from "./driver-up.ts";
import { stateOf, switchingWords, testingWords } from "./driver-words.ts";
import type { News } from "./events.ts";
import { SWITCH_AFTER_MS, SWITCH_TRIES_MAX, SWITCH_WITHIN_MS } from "./limits.ts";
import { isGood, step, type WireMeasure, type WireTestEvent, wireTest } from "./wire-test.ts";

export function beginTest(driver: Driver, work: Work): void {
  const baud = driver.baudMax === undefined ? undefined : driver.baud;
  driver.stage = "testing";
  driver.deadline = undefined;
  driver.target = undefined;
  driver.test = wireTest(baud, driver.good.includes(baud), driver.now, driver.chance);
  work.effects.push({ type: "state", state: stateOf(driver, "testing", testingWords(driver)) });
  feedTest(driver, { type: "begin", at: driver.now }, work);
}

/** Whether the news was an answer to the test. */
export function takesNews(driver: Driver, report: News, work: Work): boolean {
  if (
    driver.stage === "leaving" &&
    report.type === "fault" &&
    report.code === FAULT_CODES["the board has no such rate"]
  ) {
    if (driver.target !== undefined) condemn(driver, driver.target);
    driver.target = undefined;
    settle(driver, work);
    return true;
  }
  if (driver.test === undefined) return false;
  if (report.type === "echo") feedTest(driver, { type: "echoed", at: driver.now, bytes: report.bytes }, work);
  else if (report.type === "counters")
    feedTest(driver, { type: "counted", at: driver.now, values: report.values }, work);
  else return false;
  return true;
}

export function feedTest(driver: Driver, event: WireTestEvent, work: Work): void {
  if (driver.test === undefined) return;
  const done: Parameters<typeof step>[3] = [];
  step(driver.test, event, driver.session.link.counters, done);
  for (const effect of done) {
    switch (effect.type) {
      case "tell":
        work.events.push(order(driver, effect.order));
        break;
      case "measured":
        onMeasured(driver, effect.measure, work);
        break;
      default:
        unreachable(effect);
    }
  }
}

function onMeasured(driver: Driver, measure: WireMeasure, work: Work): void {
  driver.test = undefined;
  // A rate at which it does no harm does not mend a bridge.
  driver.cutsLong ||= measure.cutsLong;
  driver.measure = { ...measure, cutsLong: driver.cutsLong };
  if (isGood(measure)) {
    if (!driver.good.includes(measure.baud)) driver.good.push(measure.baud);
  } else if (driver.baudMax !== undefined) condemn(driver, driver.baud);
  settle(driver, work);
}

/** Goes on to another rate, or stays at this one. */
function settle(driver: Driver, work: Work): void {
  const next = nextRate(driver);
  if (next === undefined) tellUp(driver, work);
  else leaveFor(driver, next, work);
}

/** Upward while the wire is good, downward while it is not. */
function nextRate(driver: Driver): number | undefined {
  const { hello, baudMax, baud, pinned, bad } = driver;
  if (hello === undefined || baudMax === undefined) return undefined;
  const rates = hello.bauds.filter((each) => each <= baudMax && !bad.includes(each));
  if (pinned !== undefined && rates.includes(pinned)) return pinned === baud ? undefined : pinned;
  const better = bad.includes(baud) ? rates.filter((each) => each < baud) : rates.filter((each) => each > baud);
  return better.length === 0 ? undefined : Math.max(...better);
}

export function leaveFor(driver: Driver, baud: number, work: Work): void {
  driver.stage = "leaving";
  driver.target = baud;
  driver.test = undefined;
  driver.deadline = millis(driver.now + SWITCH_AFTER_MS);
  work.effects.push({ type: "state", state: stateOf(driver, "testing", switchingWords(baud)) });
  work.events.push(order(driver, { type: "baud", baud }));
}

/** The radio has the order, as far as this end can know: its acknowledgement came, or will not come at this rate. */
export function follow(driver: Driver, work: Work): void {
  const { target } = driver;
  if (target === undefined) return;
  driver.stage = "switching";
  driver.deadline = millis(driver.now + SWITCH_WITHIN_MS);
  tune(driver, target, work);
}

export function tune(driver: Driver, baud: number, work: Work): void {
  driver.baud = baud;
  driver.framesAtRate = driver.session.link.counters.framesIn;
  work.effects.push({ type: "baud", baud });
  work.events.push(plugged(driver));
}

/** Nobody was heard at the rate that was ordered. */
export function giveUpRate(driver: Driver): void {
  driver.tries += 1;
  if (driver.tries >= SWITCH_TRIES_MAX && driver.target !== undefined) condemn(driver, driver.target);
  driver.target = undefined;
}

function condemn(driver: Driver, baud: number): void {
  driver.tries = 0;
  if (driver.pinned === baud) driver.pinned = undefined;
  if (!driver.bad.includes(baud)) driver.bad.push(baud);
  const at = driver.good.indexOf(baud);
  if (at >= 0) driver.good.splice(at, 1);
}

/** A rate that failed once is tried again when somebody asks for it. */
export function pardon(driver: Driver, baud: number): void {
  driver.tries = 0;
  const at = driver.bad.indexOf(baud);
  if (at >= 0) driver.bad.splice(at, 1);
}

/** Another radio, or another cable. */
export function forgetRates(driver: Driver): void {
  driver.bad.length = 0;
  driver.good.length = 0;
  driver.cutsLong = false;
  driver.tries = 0;
}
