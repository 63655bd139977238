import { describe, expect, it } from "vitest";
import { FRAME_SPACE_US, goodput, packetBits, packetUs, pairUs } from "../../../../hardware/virtual/air/air-time.ts";
import { bursts, lossAt, meanLoss } from "../../../../hardware/virtual/air/bursts.ts";
import { channelAt, hopping, identifierOf } from "../../../../hardware/virtual/air/channel-selection.ts";
import { bitErrorRate, drawShadow, packetErrorRate, rssiDbm } from "../../../../hardware/virtual/air/path-loss.ts";
import { chance } from "../../../../protocol/core/chance.ts";

describe("a packet's time on the air", () => {
  it.each([
    ["1M", 80, 2088, 2468],
    ["2M", 44, 1048, 1392],
    ["codedS2", 462, 4478, 5240],
    ["codedS8", 720, 16784, 17804],
  ] as const)("is that of the standard on %s", (phy, empty, full, pair) => {
    expect(packetUs(phy, 0, false)).toBe(empty);
    expect(packetUs(phy, 251, false)).toBe(full);
    expect(pairUs(phy, 251, 0, false)).toBe(pair);
    expect(full + empty + 2 * FRAME_SPACE_US).toBe(pair);
  });

  it("grows by the integrity code when encrypted, but for an empty packet", () => {
    expect(packetUs("1M", 251, true) - packetUs("1M", 251, false)).toBe(32);
    expect(packetUs("2M", 251, true) - packetUs("2M", 251, false)).toBe(16);
    expect(packetUs("1M", 0, true)).toBe(80);
    expect(packetBits(251, true) - packetBits(251, false)).toBe(32);
  });

  it("leaves eight full packets in 20 ms on 1M, and 12.2 kB/s where an event carries one", () => {
    expect(goodput({ phy: "1M", intervalMs: 20, links: 1 })).toBe((8 * 244 * 1000) / 20);
    expect(goodput({ phy: "1M", intervalMs: 20, links: 1, packetsPerEvent: 1 })).toBe(12_200);
    expect(goodput({ phy: "1M", intervalMs: 20, links: 8 })).toBe(12_200);
    expect(goodput({ phy: "1M", intervalMs: 20, links: 9 })).toBe(0);
    expect(goodput({ phy: "1M", intervalMs: 100, links: 1, eventMs: 7.5 })).toBe(7320);
  });
});

describe("channel selection", () => {
  it("#2 gives the sample data of the standard", () => {
    const identifier = identifierOf(0x8e89bed6);
    expect(identifier).toBe(0x305f);
    const channels = [0, 1, 2, 3].map((event) => channelAt({ kind: 2, identifier }, event));
    expect(channels).toEqual([25, 20, 6, 21]);
    const used = [9, 10, 21, 22, 23, 33, 34, 35, 36];
    expect([6, 7, 8].map((event) => channelAt({ kind: 2, identifier }, event, used))).toEqual([23, 9, 34]);
  });

  it.each([1, 2] as const)("#%d visits all channels alike, and only those of the map", (kind) => {
    const counts = new Array<number>(37).fill(0);
    const hops = hopping(kind, chance(4));
    for (let event = 0; event < 37_000; event++) counts[channelAt(hops, event)]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1150);
    const used = [3, 8, 30];
    const mapped = new Set(Array.from({ length: 1000 }, (_, event) => channelAt(hops, event, used)));
    expect([...mapped].sort((a, b) => a - b)).toEqual(used);
  });
});

describe("a signal", () => {
  const room = { exponent: 2.4, shadowDb: 2, walls: [] };
  const here = { x: 0, y: 0 };

  it("fades with the logarithm of the distance, and behind a wall by what the wall takes", () => {
    expect(rssiDbm(0, here, { x: 1, y: 0 }, room, 0)).toBe(-40);
    expect(rssiDbm(0, here, { x: 10, y: 0 }, room, 0)).toBe(-64);
    expect(rssiDbm(3, here, { x: 10, y: 0 }, room, 2)).toBe(-63);
    const wall = { from: { x: 5, y: -1 }, to: { x: 5, y: 1 }, lossDb: 12 };
    expect(rssiDbm(0, here, { x: 10, y: 0 }, { ...room, walls: [wall] }, 0)).toBe(-76);
    expect(rssiDbm(0, here, { x: 4, y: 0 }, { ...room, walls: [wall] }, 0)).toBeGreaterThan(-55);
  });

  it("is shadowed by a normal amount", () => {
    const random = chance(8);
    const drawn = Array.from({ length: 20_000 }, () => drawShadow(room, random));
    const mean = drawn.reduce((sum, each) => sum + each, 0) / drawn.length;
    const spread = Math.sqrt(drawn.reduce((sum, each) => sum + (each - mean) ** 2, 0) / drawn.length);
    expect(Math.abs(mean)).toBeLessThan(0.05);
    expect(spread).toBeCloseTo(2, 1);
  });

  it("is good or not at all within a few decibels of the sensitivity", () => {
    const lost = (rssi: number) => packetErrorRate(bitErrorRate(rssi, -95), 2080);
    expect(lost(-95)).toBeCloseTo(1 - 0.999 ** 2080, 9);
    expect(lost(-91)).toBeLessThan(0.001);
    expect(lost(-97)).toBeGreaterThan(0.999);
    expect(bitErrorRate(-200, -95)).toBe(0.5);
  });
});

describe("bursts", () => {
  it("have their shares and lengths, however often one looks", () => {
    const rules = { goodMs: 900, badMs: 100, lossGood: 0.01, lossBad: 0.9 };
    const random = chance(2);
    for (const [lookMs, within] of [
      [1, 0.15],
      [700, 0.02],
    ] as const) {
      const state = bursts(rules, 0, random);
      let loss = 0;
      const looks = 200_000;
      for (let look = 1; look <= looks; look++) loss += lossAt(state, look * lookMs * 1000, random);
      expect(Math.abs(loss / looks / meanLoss(rules) - 1)).toBeLessThan(within);
    }
    const state = bursts(rules, 0, random);
    let ends = 0;
    let bad = 0;
    for (let ms = 1; ms < 400_000; ms++) {
      const before = state.bad;
      lossAt(state, ms * 1000, random);
      if (state.bad) bad += 1;
      else if (before) ends += 1;
    }
    expect(bad / ends).toBeGreaterThan(90);
    expect(bad / ends).toBeLessThan(112);
  });
});
