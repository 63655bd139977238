/** The driver of one radio, as a pure machine: opens its port, finds the rate, greets, tests the wire, tells the host that it
 * is up, and begins anew whenever any of that ends, for ever. What was ordered before is ordered again; every packet given is
 * settled once. */
import { boardNamed } from "../../hardware/boards/boards.ts";
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { push } from "../../protocol/core/queue.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { DriverEffect, DriverEvent } from "./driver-events.ts";
import {
  again,
  giveUp,
  hunt,
  isOpen,
  listen,
  onClosed,
  onFailed,
  onNoHello,
  onOpened,
  open,
  shut,
} from "./driver-opening.ts";
import {
  beginTest,
  feedTest,
  follow,
  forgetRates,
  giveUpRate,
  leaveFor,
  pardon,
  takesNews,
  tune,
} from "./driver-rates.ts";
import { type Driver, order, plugged, type Work } from "./driver-state.ts";
import { restoreBars, tellUp } from "./driver-up.ts";
import { anotherWords, otherVersionWords, stateOf } from "./driver-words.ts";
import type { DownReason, Order, SessionEffect } from "./events.ts";
import { HELD_MAX, STEADY_AFTER_MS, UNFIT_RETRY_MS } from "./limits.ts";
import { nextDeadline as sessionDeadline, step as stepSession } from "./session.ts";
import { remember } from "./wanted.ts";

export function step(driver: Driver, event: DriverEvent, effects: DriverEffect[]): void {
  assert(event.at >= driver.now, "time runs forward");
  driver.now = event.at;
  if (driver.stage === "ended") {
    if (event.type === "send") dropSend(event.id, effects);
    return;
  }
  const work: Work = { effects, events: [] };
  onEvent(driver, event, work);
  drain(driver, work);
  onTime(driver, work);
  drain(driver, work);
}

export function nextDeadline(driver: Driver): Millis | undefined {
  const at = Math.min(
    driver.deadline ?? Number.POSITIVE_INFINITY,
    driver.huntBy ?? Number.POSITIVE_INFINITY,
    driver.test?.by ?? Number.POSITIVE_INFINITY,
    sessionDeadline(driver.session) ?? Number.POSITIVE_INFINITY,
  );
  return at === Number.POSITIVE_INFINITY ? undefined : millis(at);
}

function onEvent(driver: Driver, event: DriverEvent, work: Work): void {
  switch (event.type) {
    case "begin":
      if (driver.stage === "idle") open(driver, work);
      break;
    case "appeared":
      if (driver.stage === "waiting") open(driver, work);
      break;
    case "opened":
      if (driver.stage === "opening") onOpened(driver, event, work);
      break;
    case "failed":
      if (driver.stage === "opening") onFailed(driver, event, work);
      break;
    case "closed":
      if (isOpen(driver)) onClosed(driver, event.why, work);
      break;
    case "received":
    case "writable":
      if (isOpen(driver)) work.events.push(event);
      break;
    case "order":
      onOrder(driver, event.order, work);
      break;
    case "send":
      if (driver.stage === "up") work.events.push(event);
      else dropSend(event.id, work.effects);
      break;
    case "tick":
      break;
    case "end":
      shut(driver, work);
      driver.stage = "ended";
      driver.deadline = undefined;
      drain(driver, work);
      work.effects.push({ type: "close" });
      work.effects.push({ type: "state", state: stateOf(driver, "ended", "closed") });
      break;
    default:
      unreachable(event);
  }
}

function onTime(driver: Driver, work: Work): void {
  const { now } = driver;
  if (isOpen(driver) && now >= (sessionDeadline(driver.session) ?? Number.POSITIVE_INFINITY)) {
    work.events.push({ type: "tick", at: now });
    drain(driver, work);
  }
  if (now >= (driver.test?.by ?? Number.POSITIVE_INFINITY)) feedTest(driver, { type: "tick", at: now }, work);
  if (now >= (driver.huntBy ?? Number.POSITIVE_INFINITY)) hunt(driver, work);
  const due = now >= (driver.deadline ?? Number.POSITIVE_INFINITY);
  switch (driver.stage) {
    case "waiting":
      if (due) open(driver, work);
      break;
    case "listening":
      if (due) giveUp(driver, work);
      break;
    case "leaving":
      if (due || isAllSaid(driver)) follow(driver, work);
      break;
    case "switching":
      if (due) {
        giveUpRate(driver);
        tune(driver, baseRate(driver), work);
        listen(driver, work);
      }
      break;
    case "unfit":
      if (due) {
        driver.deadline = millis(now + UNFIT_RETRY_MS);
        work.events.push(plugged(driver));
      }
      break;
    case "up":
      restoreBars(driver, work);
      break;
    default:
      break;
  }
}

/** What a session asks for belongs to the wire in the order of its events. */
function drain(driver: Driver, work: Work): void {
  for (let event = work.events.shift(); event !== undefined; event = work.events.shift()) {
    const done: SessionEffect[] = [];
    stepSession(driver.session, event, done);
    for (const effect of done) onSessionEffect(driver, effect, work);
  }
}

function onSessionEffect(driver: Driver, effect: SessionEffect, work: Work): void {
  switch (effect.type) {
    case "up":
      driver.hello = effect.hello;
      onHello(driver, work);
      break;
    case "down":
      onDown(driver, effect.why, work);
      break;
    case "news":
      if (takesNews(driver, effect.report, work)) break;
      if (driver.stage === "up") work.effects.push(effect);
      else if (driver.held.length < HELD_MAX) driver.held.push(effect.report);
      break;
    // What the driver itself orders is tried again.
    case "refused":
      if (driver.stage === "up") work.effects.push(effect);
      break;
    default:
      work.effects.push(effect);
  }
}

function onHello(driver: Driver, work: Work): void {
  const { hello } = driver;
  assert(hello !== undefined, "a hello is at hand");
  driver.huntBy = undefined;
  driver.held.length = 0;
  const chip = hello.chip.join();
  if (chip !== driver.chip && driver.chip !== "" && driver.isElsewhere) {
    again(driver, "stranger", anotherWords(hello), work);
    return;
  }
  if (chip !== driver.chip) {
    driver.chip = chip;
    forgetRates(driver);
  }
  if (driver.config.testsWire) beginTest(driver, work);
  else tellUp(driver, work);
}

function onDown(driver: Driver, why: DownReason, work: Work): void {
  const wasTold = driver.told;
  driver.told = false;
  if (wasTold) work.effects.push({ type: "down", why });
  if (wasTold && driver.now - driver.upAt >= STEADY_AFTER_MS) driver.attempt = 0;
  if (!isOpen(driver) || driver.stage === "leaving" || driver.stage === "switching") return;
  switch (why) {
    case "unplugged":
      break;
    case "restarted":
      listen(driver, work);
      break;
    case "silent":
      again(driver, "silent", "nothing has come for a while", work);
      break;
    case "no hello":
      onNoHello(driver, work);
      break;
    case "other version": {
      if (driver.stage === "unfit") break;
      const { peer } = driver.session.link;
      listen(driver, work);
      driver.stage = "unfit";
      driver.deadline = millis(driver.now + UNFIT_RETRY_MS);
      const words = otherVersionWords(peer?.major ?? 0, peer?.minor ?? 0);
      work.effects.push({ type: "state", state: stateOf(driver, "otherVersion", words) });
      if (!wasTold) work.effects.push({ type: "down", why });
      break;
    }
    default:
      unreachable(why);
  }
}

function onOrder(driver: Driver, given: Order, work: Work): void {
  const isUp = driver.stage === "up";
  const isRestored = remember(driver.wanted, given, isUp ? driver.hello?.boot : undefined, driver.now);
  if (given.type === "baud") {
    if (!isUp || driver.baudMax === undefined) refuse(given, work);
    else {
      driver.pinned = given.baud;
      pardon(driver, given.baud);
      leaveFor(driver, given.baud, work);
    }
  } else if (isUp) work.events.push(order(driver, given));
  else if (isRestored) return;
  // Of a connection that went with its session.
  else if (given.type === "keep" || given.type === "disconnect" || !isOpen(driver)) refuse(given, work);
  else if (!push(driver.orders, given)) work.effects.push({ type: "refused", order: given.type, why: "full" });
}

function refuse(given: Order, work: Work): void {
  work.effects.push({ type: "refused", order: given.type, why: "no radio" });
}

function dropSend(id: number, effects: DriverEffect[]): void {
  effects.push({ type: "settled", id, outcome: { type: "dropped", why: "no radio" } });
}

const isAllSaid = ({ session: { link } }: Driver): boolean => link.inFlight.length === 0 && link.waitingSize === 0;

/** The rate at which the board opens, and to which it returns by itself. */
function baseRate(driver: Driver): number {
  const named = driver.hello === undefined ? undefined : boardNamed(driver.hello.board);
  return named?.baud ?? driver.config.rates[driver.rate];
}
