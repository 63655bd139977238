/** The moment in which a host is told that its radio is up, and what the radio is told again then. */
import { assert } from "../../protocol/core/assert.ts";
import { shift } from "../../protocol/core/queue.ts";
import { type Driver, order, type Work } from "./driver-state.ts";
import { stateOf, upWords } from "./driver-words.ts";
import { RESTORE_AHEAD } from "./limits.ts";
import { nextBar, restoring } from "./wanted.ts";

export function tellUp(driver: Driver, work: Work): void {
  const { hello, measure } = driver;
  assert(hello !== undefined, "only a radio that said hello is up");
  driver.stage = "up";
  driver.told = true;
  driver.deadline = undefined;
  driver.upAt = driver.now;
  const rebooted = driver.toldBoot !== hello.boot;
  driver.toldBoot = hello.boot;
  if (measure !== undefined) work.effects.push({ type: "tested", measure });
  work.effects.push({ type: "state", state: stateOf(driver, "up", upWords(driver, hello)) });
  work.effects.push({ type: "up", hello, rebooted });
  for (const report of driver.held.splice(0)) work.effects.push({ type: "news", report });
  for (const each of restoring(driver.wanted)) work.events.push(order(driver, each));
  for (let each = shift(driver.orders); each !== undefined; each = shift(driver.orders)) {
    work.events.push(order(driver, each));
  }
}

/** A few at a time: the link holds no more commands of their class than a radio holds bars. */
export function restoreBars(driver: Driver, work: Work): void {
  const { hello, session, wanted } = driver;
  assert(hello !== undefined, "only a radio that said hello is up");
  while (session.up && session.link.waiting[0].length + work.events.length < RESTORE_AHEAD) {
    const bar = nextBar(wanted, hello.boot, driver.now);
    if (bar === undefined) return;
    work.events.push(order(driver, bar));
  }
}
