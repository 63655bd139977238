/** How good a link is, as moving averages, and what that advises. */
import { CONNECTION_INTERVAL_MIN_MS, MTU_MIN, RELIABILITY_POOR, RSSI_POOR_DBM } from "../core/limits.ts";

export interface Quality {
  /** Undefined before the first sample: an average that starts at zero would lie for a minute. */
  rssiDbm: number | undefined;
  latencyMs: number | undefined;
  bytesPerSecond: number | undefined;
  /** Share of fragments that had to be sent again. */
  loss: number;
  /** Share of packets that the neighbour's host took. */
  reliability: number;
}

export const quality = (): Quality => ({
  rssiDbm: undefined,
  latencyMs: undefined,
  bytesPerSecond: undefined,
  loss: 0,
  reliability: 1,
});

export function onRssi(state: Quality, rssiDbm: number): void {
  state.rssiDbm = average(state.rssiDbm, rssiDbm, 0.1);
}

export function onLatency(state: Quality, latencyMs: number): void {
  state.latencyMs = average(state.latencyMs, latencyMs, 0.1);
}

export function onThroughput(state: Quality, bytesPerSecond: number): void {
  state.bytesPerSecond = average(state.bytesPerSecond, bytesPerSecond, 0.1);
}

/** Slower than the others: losses come in bursts. */
export function onFragment(state: Quality, lost: boolean): void {
  state.loss = average(state.loss, lost ? 1 : 0, 0.05);
}

export function onPacket(state: Quality, taken: boolean): void {
  state.reliability = average(state.reliability, taken ? 1 : 0, 0.1);
}

/** Where packets get lost, a shorter interval brings the repetition sooner. */
export const advisedIntervalMs = (state: Quality, intervalMs: number): number =>
  state.reliability < RELIABILITY_POOR ? Math.max(CONNECTION_INTERVAL_MIN_MS, intervalMs / 2) : intervalMs;

/** Under a weak signal, a shorter value has the better chance. */
export const advisedMtu = (state: Quality, mtu: number): number =>
  state.rssiDbm !== undefined && state.rssiDbm < RSSI_POOR_DBM ? Math.max(MTU_MIN, Math.floor(mtu * 0.8)) : mtu;

const average = (before: number | undefined, sample: number, weight: number): number =>
  before === undefined ? sample : (1 - weight) * before + weight * sample;
