import { describe, expect, it } from "vitest";
import { NRF52_BLE } from "../../../../hardware/boards/nrf52-ble.ts";
import { goodput, pairUs } from "../../../../hardware/virtual/air/air-time.ts";
import {
  burstDropsPerHour,
  independent,
  independentDropsPerHour,
  meanLoss,
} from "../../../../hardware/virtual/air/bursts.ts";
import { discoveryMs } from "../../../../hardware/virtual/air/discovery.ts";
import { addedDelay, carried, discovered, dropsPerHour, FREE } from "./measure.ts";

const near = (value: number, formula: number, within: number): void => {
  expect(value / formula).toBeGreaterThan(1 - within);
  expect(value / formula).toBeLessThan(1 + within);
};

describe("what a link carries agrees with the formula within 3 %", () => {
  it.each(["1M", "2M", "codedS8"] as const)("on %s at each interval of a power state", (phy) => {
    for (const intervalMs of [20, 50, 100, 200])
      near(carried({ phy, intervalMs }), goodput({ phy, intervalMs, links: 1 }), 0.03);
  });

  it.each([2, 4, 8])("when %d links share a radio", (links) => {
    for (const intervalMs of [20, 50, 100, 200])
      near(carried({ links, intervalMs }), goodput({ phy: "1M", links, intervalMs }), 0.03);
  });

  it("on a stock nRF52, one packet an event and direction", () => {
    for (const intervalMs of [20, 200]) {
      const formula = goodput({ phy: "1M", intervalMs, links: 1, packetsPerEvent: 1 });
      near(carried({ facts: NRF52_BLE, intervalMs, seconds: 20 }), formula, 0.03);
      near(carried({ facts: NRF52_BLE, intervalMs, seconds: 20, bothWays: true }), formula, 0.03);
    }
  });

  it("when encrypted, when events are cut short, and when both ends speak", () => {
    near(
      carried({ intervalMs: 20, encrypted: true }),
      goodput({ phy: "1M", intervalMs: 20, links: 1, encrypted: true }),
      0.03,
    );
    const short = { ...FREE, eventMs: 5 };
    near(carried({ facts: short, intervalMs: 50 }), goodput({ phy: "1M", intervalMs: 50, links: 1, eventMs: 5 }), 0.03);
    const perEvent = Math.floor(100_000 / pairUs("1M", 251, 251, false));
    near(carried({ intervalMs: 100, bothWays: true }), (perEvent * 244 * 1000) / 100, 0.03);
  });
});

describe("discovery agrees with the formula within 3 %", () => {
  it("over the duty of a scan: half the duty takes more than twice as long [I10]", () => {
    let before = 0;
    for (const duty of [0.5, 0.2, 0.1, 0.05]) {
      const mean = discovered(100, duty, 1, 10_000);
      near(mean, discoveryMs(100, duty, 1), 0.03);
      expect(mean).toBeGreaterThan(2 * before);
      before = mean;
    }
  });

  it("over the interval of the adverts, from Active to Sleep [I10]", () => {
    for (const intervalMs of [100, 250, 1000])
      near(discovered(intervalMs, 0.2, 1, 10_000), discoveryMs(intervalMs, 0.2, 1), 0.03);
  });

  it("among so many advertisers that they collide [I10]", () => {
    near(discovered(50, 0.2, 20, 5000), discoveryMs(50, 0.2, 20), 0.03);
    near(discovered(100, 0.5, 10, 5000), discoveryMs(100, 0.5, 10), 0.03);
    expect(discoveryMs(50, 0.2, 20)).toBeGreaterThan(1.2 * discoveryMs(50, 0.2, 1));
  });

  it("but not for a scanner in step with the adverts: it misses them again and again [I10]", () => {
    expect(discovered(100, 0.2, 1, 4000, 100) / discoveryMs(100, 0.2, 1)).toBeGreaterThan(1.3);
  });
});

describe("loss", () => {
  it("is delay: as many more intervals as tries failed", () => {
    near(addedDelay(0.2, 50, 10_000), (50 * 0.2) / 0.8, 0.05);
  });

  it("costs a link where it comes in bursts, and almost never where the same share is spread out", () => {
    const rules = { goodMs: 4000, badMs: 400, lossGood: 0, lossBad: 1 };
    near(dropsPerHour(rules, 50, 500, 4), burstDropsPerHour(rules, 50, 500), 0.05);
    expect(dropsPerHour(rules, 50, 4000, 1)).toBe(0);
    expect(independentDropsPerHour(meanLoss(rules), 50, 500)).toBeLessThan(0.001);
    expect(dropsPerHour(independent(meanLoss(rules)), 50, 500, 1)).toBe(0);
  });

  it("that is independent costs a link by a run as long as the timeout", () => {
    near(dropsPerHour(independent(0.3), 100, 500, 8), independentDropsPerHour(0.3, 100, 500), 0.05);
  });
});
