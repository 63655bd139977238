/** How much a radio spends: the power state, and what follows from it. It paces the outbox, thins out scanning and
 * advertising, and asks for longer connection intervals where the board can. */
import { MTU_MAX, MTU_MIN } from "../../protocol/core/limits.ts";
import { millis } from "../../protocol/core/units.ts";
import { type PowerEffect, type PowerEvent, step as powerStep } from "../../protocol/power/power.ts";
import { advisedMtu, onLatency, onRssi, onThroughput } from "../../protocol/power/quality.ts";
import { POWER_RULES } from "../../protocol/power/rules.ts";
import type { ModemEvent } from "./events.ts";
import { QUALITY_EVERY_MS } from "./limits.ts";
import { requestParameters } from "./parameters.ts";
import { tell } from "./reports.ts";
import { hasLinkFor, linkOfHandle, type Modem, type RadioLink } from "./state.ts";
import { feedOutbox, type Work } from "./work.ts";

export function feedPower(state: Modem, event: PowerEvent, work: Work): void {
  const done: PowerEffect[] = [];
  powerStep(state.power, event, done);
  if (done.length === 0) return;
  feedOutbox({ type: "power", at: state.now, state: state.power.state }, work);
  for (const link of state.links) requestParameters(state, link, work);
  tellBattery(state);
}

export function onBattery(state: Modem, percent: number, work: Work): void {
  state.batteryPercent = Math.max(0, Math.min(100, Math.round(percent)));
  const entered = state.power.state;
  feedPower(state, { type: "battery", at: state.now, percent: state.batteryPercent }, work);
  if (state.power.state === entered) tellBattery(state);
}

/** Tells the stack what it should do now, if that is not what it does. */
export function applyDuty(state: Modem, work: Work): void {
  const rules = POWER_RULES[state.power.state];
  const alive = state.hosted && state.ready;
  const { advertising, scanning } = state;
  const advertise = alive && state.role !== "client" && hasLinkFor(state, "server") ? advertising : undefined;
  const advertisedMs = advertise === undefined ? undefined : Math.max(advertise.intervalMs, rules.advertiseMs);
  if (advertisedMs !== state.advertisedMs) {
    state.advertisedMs = advertisedMs;
    if (advertise === undefined || advertisedMs === undefined) work.effects.push({ type: "stopAdvertising" });
    else work.effects.push({ type: "advertise", intervalMs: advertisedMs, advert: advertise.advert });
  }
  const scan = alive && state.role !== "server" && state.connecting === undefined ? scanning : undefined;
  const scannedMs = scan === undefined ? undefined : Math.min(scan.windowMs, scan.intervalMs * rules.scanDuty);
  if (scannedMs === state.scannedMs) return;
  state.scannedMs = scannedMs;
  if (scan === undefined || scannedMs === undefined) work.effects.push({ type: "stopScanning" });
  else work.effects.push({ type: "scan", intervalMs: scan.intervalMs, windowMs: scannedMs });
}

/** Weak signals advise smaller values. */
export function onSignal(state: Modem, event: ModemEvent & { type: "rssi" }, work: Work): void {
  const link = linkOfHandle(state, event.handle);
  if (link === undefined) {
    state.counters.airStale += 1;
    return;
  }
  onRssi(link.quality, Math.max(-127, Math.min(20, event.rssi)));
  setMtu(state, link, work);
}

export function onMtu(state: Modem, event: ModemEvent & { type: "mtu" }, work: Work): void {
  const link = linkOfHandle(state, event.handle);
  if (link === undefined) {
    state.counters.airStale += 1;
    return;
  }
  link.mtu = Math.max(MTU_MIN, Math.min(MTU_MAX, event.mtu));
  setMtu(state, link, work);
  tell(state, { type: "mtu", link: link.generation, mtu: link.mtu });
}

export function onQualityDue(state: Modem, work: Work): void {
  if (state.qualityAt === undefined || state.now < state.qualityAt) return;
  state.qualityAt = millis(state.now + QUALITY_EVERY_MS);
  let reliability = 1;
  for (const link of state.links) {
    const { quality } = link;
    const latency = latencyOf(state, link);
    if (latency !== undefined) onLatency(quality, latency);
    onThroughput(quality, (link.moved * 1000) / QUALITY_EVERY_MS);
    link.moved = 0;
    reliability = Math.min(reliability, quality.reliability);
    tell(state, {
      type: "quality",
      link: link.generation,
      rssi: Math.round(quality.rssiDbm ?? 127),
      lossPercent: Math.round(100 * (1 - quality.reliability)),
      latencyMs: Math.min(0xffff, Math.round(quality.latencyMs ?? 0)),
      throughput: Math.min(0xffffff, Math.round(quality.bytesPerSecond ?? 0)),
    });
  }
  feedPower(state, { type: "quality", at: state.now, reliability }, work);
}

function setMtu(state: Modem, link: RadioLink, work: Work): void {
  const mtu = Math.round(advisedMtu(link.quality, link.mtu));
  feedOutbox({ type: "mtu", at: state.now, generation: link.generation, mtu }, work);
}

function latencyOf(state: Modem, link: RadioLink): number | undefined {
  for (const flow of state.outbox.flows) {
    if (flow.generation === link.generation) return flow.sender.window.trip.smoothedMs;
  }
  return undefined;
}

function tellBattery(state: Modem): void {
  tell(state, { type: "battery", percent: state.batteryPercent, state: state.power.state });
}
