import { describe, expect, test } from "vitest";
import * as quality from "../../../protocol/power/quality.ts";

describe("link quality", () => {
  test("averages weigh the new sample by a tenth, loss by a twentieth [I05]", () => {
    const link = quality.quality();
    quality.onRssi(link, -60);
    expect(link.rssiDbm).toBe(-60);
    quality.onRssi(link, -80);
    expect(link.rssiDbm).toBeCloseTo(-62, 10);
    quality.onLatency(link, 40);
    quality.onLatency(link, 140);
    expect(link.latencyMs).toBeCloseTo(50, 10);
    quality.onThroughput(link, 10_000);
    quality.onThroughput(link, 0);
    expect(link.bytesPerSecond).toBeCloseTo(9_000, 10);
    quality.onFragment(link, true);
    expect(link.loss).toBeCloseTo(0.05, 10);
    quality.onFragment(link, false);
    expect(link.loss).toBeCloseTo(0.0475, 10);
    quality.onPacket(link, false);
    expect(link.reliability).toBeCloseTo(0.9, 10);
    quality.onPacket(link, true);
    expect(link.reliability).toBeCloseTo(0.91, 10);
  });

  test("below 0.9 reliability half the interval, below -70 dBm four fifths of the MTU [I05]", () => {
    const link = quality.quality();
    expect(quality.advisedIntervalMs(link, 20)).toBe(20);
    expect(quality.advisedMtu(link, 247)).toBe(247);
    link.reliability = 0.9;
    expect(quality.advisedIntervalMs(link, 20)).toBe(20);
    link.reliability = 0.899;
    expect([200, 100, 50, 20, 10].map((ms) => quality.advisedIntervalMs(link, ms))).toEqual([100, 50, 25, 10, 7.5]);
    link.rssiDbm = -70;
    expect(quality.advisedMtu(link, 247)).toBe(247);
    link.rssiDbm = -70.1;
    expect([247, 185, 25].map((mtu) => quality.advisedMtu(link, mtu))).toEqual([197, 148, 23]);
  });
});
