import { expect, test } from "vitest";
import { noteHealth, radioHealth } from "../../../host/node/radio-health.ts";
import type { Told } from "../../../host/radio/run-driver.ts";
import { linkGeneration } from "../../../protocol/core/units.ts";
import type { Report } from "../../../protocol/radio/report.ts";

const LINK = linkGeneration(3);
const news = (report: Report) => ({ type: "news", report }) as Told;
const quality = (over: object = {}) =>
  news({ type: "quality", link: LINK, rssi: -61, lossPercent: 12, latencyMs: 48, throughput: 900, ...over });

test("a radio's last word on each of its links stands until the link or the radio is gone", () => {
  const of = radioHealth();
  noteHealth(of, quality(), 0);
  noteHealth(of, quality({ lossPercent: 3 }), 0);
  expect(of.links.get(LINK)).toEqual({ rssiDbm: -61, loss: 0.03, roundTripMs: 48 });
  noteHealth(of, news({ type: "linkDown", link: LINK, reason: "remote" } as Report), 0);
  expect(of.links.size).toBe(0);
  noteHealth(of, quality(), 0);
  noteHealth(of, { type: "down" } as Told, 0);
  expect(of.links.size).toBe(0);
});

test("what a board does not measure is not known, rather than nothing", () => {
  const of = radioHealth();
  noteHealth(of, quality({ rssi: 127, latencyMs: 0, lossPercent: 0 }), 0);
  expect(of.links.get(LINK)).toEqual({ rssiDbm: undefined, loss: 0, roundTripMs: undefined });
  expect(of).toMatchObject({ batteryPercent: undefined, power: undefined, build: undefined });
});

test("a board that has a battery is believed, and one that began anew is known by it", () => {
  const of = radioHealth();
  const battery = (percent: number): void => noteHealth(of, news({ type: "battery", percent, state: "active" }), 0);
  // Nobody whose board has none is told of one that is full.
  battery(100);
  expect(of).toMatchObject({ batteryPercent: undefined, power: "active" });
  battery(99);
  battery(100);
  expect(of.batteryPercent).toBe(100);
  noteHealth(of, news({ type: "battery", percent: 71, state: "powerSaver" }), 0);
  expect(of).toMatchObject({ batteryPercent: 71, power: "powerSaver" });
  const hello = { build: Uint8Array.of(1, 35, 69, 103, 137, 171, 205, 239), board: "nrf52-dk", uptimeMs: 4_000 };
  noteHealth(of, { type: "up", hello } as Told, 10_000);
  expect(of).toMatchObject({ isUp: true, board: "nrf52-dk", build: "0123456789abcdef", startedAt: 6_000 });
});
