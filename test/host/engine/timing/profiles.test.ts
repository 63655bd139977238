import { describe, expect, test } from "vitest";
import { ROUND_MAX_MS, TIMEOUT_ROUND_TRIPS_MIN } from "../../../../host/engine/timing/limits.ts";
import {
  atInterval,
  BLE,
  fastPathWindowMs,
  LAN,
  PROFILES,
  requestMs,
} from "../../../../host/engine/timing/profiles.ts";
import { POWER_RULES } from "../../../../protocol/power/rules.ts";

describe("profiles", () => {
  test("the LAN has the server's figures", () => {
    expect([LAN.proposeMs, LAN.prepareMs, LAN.commitMs, LAN.checkpointMs, LAN.viewChangeMs]).toEqual([
      100, 100, 50, 500, 1000,
    ]);
    expect([LAN.fastPathMs, LAN.rotateMs, BLE.rotateMs]).toEqual([20, 30_000, 30_000]);
  });

  test("the air is given longer for everything, and still a round ends within five seconds", () => {
    for (const figure of ["proposeMs", "prepareMs", "commitMs", "checkpointMs", "viewChangeMs", "statusMs"] as const) {
      expect([figure, BLE[figure] > LAN[figure]]).toEqual([figure, true]);
    }
    expect(BLE.batchMs + requestMs(BLE)).toBeLessThan(ROUND_MAX_MS);
    expect(BLE.timeoutMaxMs).toBe(4_000);
    expect(TIMEOUT_ROUND_TRIPS_MIN).toBe(4);
  });

  test("on the air the fast path waits one connection interval of whatever the power state allows, on a wire 20 ms", () => {
    const intervals = Object.values(POWER_RULES).map((rules) => rules.intervalMs);
    expect(intervals.map((intervalMs) => fastPathWindowMs(BLE, intervalMs))).toEqual([20, 50, 100, 200]);
    expect(intervals.map((intervalMs) => fastPathWindowMs(LAN, intervalMs))).toEqual([20, 20, 20, 20]);
    for (const intervalMs of intervals) expect(fastPathWindowMs(BLE, intervalMs)).toBeLessThan(BLE.commitMs);
    expect(intervals.map((intervalMs) => atInterval(BLE, intervalMs).fastPathMs)).toEqual([20, 50, 100, 200]);
  });

  test("nobody changes a figure while others wait by it", () => {
    for (const profile of PROFILES) expect(Object.isFrozen(profile)).toBe(true);
    expect(Object.isFrozen(PROFILES)).toBe(true);
  });
});
