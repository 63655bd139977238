/** The virtual air beside the formulas it must agree with: what links carry, how long discovery takes, which losses end a
 * link, how long a battery lasts. The baseline is the formula, the ratio ours by it. */
import { boards } from "../../hardware/boards/boards.ts";
import { NRF52_BLE } from "../../hardware/boards/nrf52-ble.ts";
import { goodput } from "../../hardware/virtual/air/air-time.ts";
import {
  type BurstRules,
  burstDropsPerHour,
  independent,
  independentDropsPerHour,
  meanLoss,
} from "../../hardware/virtual/air/bursts.ts";
import { discoveryMs } from "../../hardware/virtual/air/discovery.ts";
import { type Duties, describeBattery, hours, meanMilliamps } from "../../hardware/virtual/air/energy.ts";
import { addedDelay, carried, discovered, dropsPerHour } from "../hardware/virtual/air/measure.ts";
import type { Row } from "./bench.ts";

const BURSTS: BurstRules = { goodMs: 4000, badMs: 400, lossGood: 0, lossBad: 1 };
const BATTERY = { milliampHours: 1000, usable: 0.8 };
/** Hours for 1, 6 and 9 links, as the design was calculated with. */
const EXPECTED_HOURS = [
  ["nrf52", "active", 20, [564, 252, 190]],
  ["nrf52", "sleep", 200, [724, 625, 578]],
  ["esp32", "active", 20, [22, 8.1, 5.9]],
  ["esp32", "sleep", 200, [32, 25, 23]],
] as const;

export const duties = (links: number, intervalMs: number): Duties => ({
  links,
  intervalMs,
  scan: 0.1,
  cpu: 0.05,
  packetsPerSecond: 10,
});

export function bench(): Row[] {
  const rows: Row[] = [];
  const row = (metric: string, value: number, unit: string, baseline: number) =>
    rows.push({ metric, value: round(value), unit, baseline: round(baseline), ratio: round(value / baseline) });
  for (const phy of ["1M", "2M"] as const) {
    for (const intervalMs of [20, 50, 100, 200])
      row(
        `goodput-${phy}-${intervalMs}ms`,
        carried({ phy, intervalMs }),
        "B/s",
        goodput({ phy, intervalMs, links: 1 }),
      );
  }
  for (const links of [2, 4, 8]) {
    for (const intervalMs of [20, 100])
      row(
        `goodput-${links}-links-${intervalMs}ms`,
        carried({ links, intervalMs }),
        "B/s a link",
        goodput({ phy: "1M", links, intervalMs }),
      );
  }
  for (const intervalMs of [20, 50, 100, 200]) {
    const formula = goodput({ phy: "1M", intervalMs, links: 1, packetsPerEvent: 1 });
    row(`goodput-nrf52-stock-${intervalMs}ms`, carried({ facts: NRF52_BLE, intervalMs, seconds: 20 }), "B/s", formula);
  }
  for (const duty of [0.05, 0.1, 0.2, 0.5])
    row(`discovery-duty-${duty * 100}%`, discovered(100, duty, 1, 10_000), "ms", discoveryMs(100, duty, 1));
  for (const advertisers of [4, 10, 20])
    row(
      `discovery-${advertisers}-advertisers`,
      discovered(100, 0.2, advertisers, 4000),
      "ms",
      discoveryMs(100, 0.2, advertisers),
    );
  row("discovery-duty-100%", discovered(100, 1, 1, 10_000, 100), "ms", discoveryMs(100, 1, 1));
  // A scanner in step with the adverts, and one out of it: what the formula leaves out.
  row("discovery-scan-60ms", discovered(100, 0.2, 1, 10_000, 60), "ms", discoveryMs(100, 0.2, 1));
  row("discovery-scan-100ms", discovered(100, 0.2, 1, 10_000, 100), "ms", discoveryMs(100, 0.2, 1));
  row("drops-bursts", dropsPerHour(BURSTS, 50, 500, 4), "links/h", burstDropsPerHour(BURSTS, 50, 500));
  row("drops-bursts-supervision-4s", dropsPerHour(BURSTS, 50, 4000, 4), "links/h", burstDropsPerHour(BURSTS, 50, 4000));
  const loss = meanLoss(BURSTS);
  const alike = dropsPerHour(independent(loss), 50, 500, 4);
  row("drops-independent-same-loss", alike, "links/h", independentDropsPerHour(loss, 50, 500));
  row(
    "drops-independent-30%",
    dropsPerHour(independent(0.3), 100, 500, 8),
    "links/h",
    independentDropsPerHour(0.3, 100, 500),
  );
  row("delay-loss-20%", addedDelay(0.2, 50, 10_000), "ms", (50 * 0.2) / 0.8);
  for (const [chip, state, intervalMs, expected] of EXPECTED_HOURS) {
    [1, 6, 9].forEach((links, place) => {
      const milliamps = meanMilliamps(boards[chip].power, duties(links, intervalMs));
      row(`battery-${chip}-${state}-${links}-links`, hours(BATTERY, milliamps), "h", expected[place]!);
    });
    process.stderr.write(
      `${describeBattery(boards[chip].title, boards[chip].power, duties(6, intervalMs), BATTERY)}\n`,
    );
  }
  return rows;
}

const round = (value: number): number => Number(value.toPrecision(5));
