import { describe, expect, it } from "vitest";
import { boards } from "../../../../hardware/boards/boards.ts";
import {
  type Duties,
  describeBattery,
  hours,
  meanMilliamps,
  wattHours,
  wattsFor,
} from "../../../../hardware/virtual/air/energy.ts";

const BATTERY = { milliampHours: 1000, usable: 0.8 };
const duties = (links: number, intervalMs: number): Duties => ({
  links,
  intervalMs,
  scan: 0.1,
  cpu: 0.05,
  packetsPerSecond: 10,
});

describe("the energy model", () => {
  it.each([
    ["nrf52", 20, [564, 252, 190], 0.003],
    ["nrf52", 200, [724, 625, 578], 0.003],
    ["esp32", 20, [22, 8.1, 5.9], 0.02],
    ["esp32", 200, [32, 25, 23], 0.02],
  ] as const)(
    "gives the calculated hours of %s at %d ms for 1, 6 and 9 links [J06]",
    (chip, intervalMs, expected, within) => {
      [1, 6, 9].forEach((links, place) => {
        const lasts = hours(BATTERY, meanMilliamps(boards[chip].power, duties(links, intervalMs)));
        expect(Math.abs(lasts / expected[place]! - 1)).toBeLessThan(within);
      });
    },
  );

  it("carries a stock radio of each chip over eight hours in each power state [J06]", () => {
    for (const board of Object.values(boards)) {
      const links = Math.max(board.ble.linksAsServer, board.ble.linksAsClient);
      for (const intervalMs of [20, 50, 100, 200])
        expect(hours(BATTERY, meanMilliamps(board.power, duties(links, intervalMs)))).toBeGreaterThan(8);
    }
  });

  it("leaves the host 0.79 W, which is what decides the eight hours [J06]", () => {
    const supply = { milliampHours: 2000, volts: 3.7, efficiency: 0.85 };
    expect(wattHours(supply)).toBeCloseTo(6.29, 2);
    expect(wattsFor(supply, 8)).toBeCloseTo(0.786, 3);
  });

  it("is printed with each of its inputs, which add up to its current [J06]", () => {
    const { power, title } = boards.nrf52;
    const text = describeBattery(title, power, duties(6, 20), BATTERY);
    expect(text.split("\n")).toHaveLength(7);
    for (const input of ["1000 mAh", "80 %", "6 x 7 uC / 20 ms", "10 % x 6.3 mA", "5 % x 3.3 mA", "10/s x 0.027 mC"])
      expect(text).toContain(input);
    const parts = [...text.matchAll(/= ([\d.]+) mA/g)].map((match) => Number(match[1]));
    const sum = parts.reduce((total, part) => total + part, power.baseMilliamps);
    expect(sum).toBeCloseTo(Number(text.match(/at ([\d.]+) mA/)![1]), 2);
  });
});
