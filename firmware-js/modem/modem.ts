/** Everything that a radio does between its UART and its BLE stack, as one machine. The host decides: it tells the role,
 * orders connections, keeps or drops what comes; the radio cuts and joins packets, paces itself, and keeps out whom the
 * host or its own filter has barred. */
import { crc16 } from "../../protocol/bytes/crc16.ts";
import { assert, unreachable } from "../../protocol/core/assert.ts";
import { type Millis, millis } from "../../protocol/core/units.ts";
import type { Crc } from "../../protocol/frame/frame.ts";
import { nextDeadline as serialDeadline } from "../../protocol/link/link.ts";
import { nextDeadline as outboxDeadline } from "../../protocol/packet/outbox.ts";
import { nextDeadline as powerDeadline } from "../../protocol/power/power.ts";
import { onOutboxEffect, onOutboxEvent, onValue } from "./data.ts";
import { onAdvert } from "./discovery.ts";
import { applyDuty, feedPower, onBattery, onMtu, onQualityDue, onSignal } from "./duty.ts";
import type { ModemEffect, ModemEvent } from "./events.ts";
import { healthDeadline, onBytes, onHealthDue } from "./health.ts";
import { onConnected, onConnectFailed, onDisconnected, onKeepDue } from "./links.ts";
import { changeRate, watchRate } from "./rate.ts";
import { flushBacklog, tell } from "./reports.ts";
import { onSerialEffect, voidSession } from "./session.ts";
import { linkOfHandle, type Modem } from "./state.ts";
import { feedOutbox, feedSerial, type Work, work as workOn } from "./work.ts";

/** `crc`: a board puts the native one of its SDK here. */
export function step(state: Modem, event: ModemEvent, effects: ModemEffect[], crc: Crc = crc16): void {
  assert(event.at >= state.now, "time runs forward");
  state.now = event.at;
  if (state.stopped) return;
  const work = workOn(effects, crc);
  onEvent(state, event, work);
  drain(state, work);
  if (state.now >= state.dueAt) {
    onTime(state, work);
    drain(state, work);
  }
  if (state.voidDue) {
    voidSession(state, work);
    drain(state, work);
  }
  if (state.baudDue !== undefined && !state.stopped) {
    changeRate(state, state.baudDue, work);
    drain(state, work);
  }
  watchRate(state);
  if (!state.stopped) applyDuty(state, work);
  state.dueAt = earliest(state);
  assert(!state.hosted || state.serial.mode === "open", "a host is there while the serial link is open");
}

/** When the radio wants a tick; undefined once it is to restart. */
export const nextDeadline = (state: Modem): Millis | undefined => (state.stopped ? undefined : millis(state.dueAt));

/** Asked once a step: most steps bring a few bytes and change none of it. */
function earliest(state: Modem): number {
  let at = Math.min(
    serialDeadline(state.serial) ?? Number.POSITIVE_INFINITY,
    outboxDeadline(state.outbox) ?? Number.POSITIVE_INFINITY,
    powerDeadline(state.power),
    state.qualityAt ?? Number.POSITIVE_INFINITY,
    healthDeadline(state),
  );
  for (let i = 0; i < state.links.length; i++) at = Math.min(at, state.links[i].keepBy ?? Number.POSITIVE_INFINITY);
  return at;
}

function onEvent(state: Modem, event: ModemEvent, work: Work): void {
  switch (event.type) {
    case "boot":
      feedSerial(state, { type: "open", at: event.at, session: state.config.boot }, work);
      break;
    case "serial":
      feedSerial(state, { type: "received", at: event.at, bytes: event.bytes }, work);
      onBytes(state, work);
      break;
    case "writable":
      feedSerial(state, event, work);
      break;
    case "ready":
      onReady(state, event);
      break;
    case "connected":
      onConnected(state, event, work);
      break;
    case "connectFailed":
      onConnectFailed(state);
      break;
    case "disconnected":
      onDisconnected(state, event, work);
      break;
    case "mtu":
      onMtu(state, event, work);
      break;
    case "interval": {
      const link = linkOfHandle(state, event.handle);
      if (link === undefined) {
        state.counters.airStale += 1;
        break;
      }
      const { at, intervalMs } = event;
      feedOutbox({ type: "interval", at, generation: link.generation, intervalMs }, work);
      break;
    }
    case "value":
      onValue(state, event, work);
      break;
    case "advert":
      onAdvert(state, event);
      break;
    case "rssi":
      onSignal(state, event, work);
      break;
    case "battery":
      onBattery(state, event.percent, work);
      break;
    case "log":
      if (event.level <= state.logLevel) feedSerial(state, event, work);
      break;
    case "tick":
      break;
    default:
      unreachable(event);
  }
}

/** Whatever is due, whichever event brought the moment. */
function onTime(state: Modem, work: Work): void {
  if (state.now >= (serialDeadline(state.serial) ?? Number.POSITIVE_INFINITY)) {
    feedSerial(state, { type: "tick", at: state.now }, work);
  }
  if (state.now >= (outboxDeadline(state.outbox) ?? Number.POSITIVE_INFINITY)) {
    feedOutbox({ type: "tick", at: state.now }, work);
  }
  if (state.now >= powerDeadline(state.power)) feedPower(state, { type: "tick", at: state.now }, work);
  onKeepDue(state, work);
  onQualityDue(state, work);
  onHealthDue(state, work);
}

/** What the outbox did comes first: it belongs to the session in which it was done. */
function drain(state: Modem, work: Work): void {
  while (!state.stopped) {
    if (work.toAirDone < work.toAir.length) {
      onOutboxEvent(state, work.toAir[work.toAirDone++], work);
    } else if (work.airDone < work.air.length) {
      onOutboxEffect(state, work.air[work.airDone++], work);
    } else if (work.serialDone < work.serial.length) {
      const at = work.serialDone++;
      onSerialEffect(state, work.serial[at], at < work.voidBefore, work);
    } else if (state.backlogLength === 0 || !flushBacklog(state, work)) {
      return;
    }
  }
}

function onReady(state: Modem, event: ModemEvent & { type: "ready" }): void {
  if (state.role !== event.role || state.ready) {
    state.counters.airStale += 1;
    return;
  }
  state.ready = true;
  state.readyBy = undefined;
  tell(state, { type: "ready", role: event.role });
}
