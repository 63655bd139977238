/** What radios have said of themselves and of their links, the last of each kind: for people to look at. */
import type { LinkGeneration } from "../../protocol/core/units.ts";
import type { PowerState } from "../../protocol/power/rules.ts";
import { COUNTER_NAMES } from "../../protocol/radio/counter-names.ts";
import type { Report } from "../../protocol/radio/report.ts";
import type { Told } from "../radio/run-driver.ts";

export interface RadioHealth {
  board: string;
  /** The first bytes of its firmware's digest, in hexadecimal text; undefined before it said. */
  build: string | undefined;
  /** Plain words: what is awaited or wrong, or that it is up. */
  words: string;
  isUp: boolean;
  /** Of the running clock, when it began, by its own word. */
  startedAt: number | undefined;
  /** Undefined of boards that have none, or do not measure it. */
  batteryPercent: number | undefined;
  power: PowerState | undefined;
  /** The radio's own, by name, as of its last report of them. */
  counters: { readonly [name: string]: number };
  readonly links: Map<LinkGeneration, LinkHealth>;
}

export interface LinkHealth {
  /** Undefined where the board does not measure it. */
  readonly rssiDbm: number | undefined;
  /** Of the packets that went over it, those that did not arrive, from 0 to 1. */
  readonly loss: number;
  /** From what went out to its acknowledgement; undefined before the first. */
  readonly roundTripMs: number | undefined;
}

export const radioHealth = (): RadioHealth => ({
  ...{ board: "", build: undefined, words: "", isUp: false, startedAt: undefined },
  ...{ batteryPercent: undefined, power: undefined, counters: {}, links: new Map() },
});

export function noteHealth(of: RadioHealth, told: Told, now: number): void {
  if (told.type === "state") of.words = told.state.words;
  else if (told.type === "up") {
    const { board, build, uptimeMs } = told.hello;
    Object.assign(of, { board, build: Buffer.from(build).toString("hex"), isUp: true, startedAt: now - uptimeMs });
  } else if (told.type === "down") {
    of.isUp = false;
    of.links.clear();
  } else if (told.type === "news") noteReport(of, told.report);
}

function noteReport(of: RadioHealth, report: Report): void {
  switch (report.type) {
    case "counters":
      of.counters = Object.fromEntries(COUNTER_NAMES.map((name, at) => [name, report.values[at] ?? 0]));
      break;
    case "battery":
      // A board without one says that it is full, and so does one that has not measured: less is the first that tells of any.
      if (report.percent < 100 || of.batteryPercent !== undefined) of.batteryPercent = report.percent;
      of.power = report.state;
      break;
    case "quality":
      of.links.set(report.link, {
        rssiDbm: report.rssi === RSSI_UNKNOWN ? undefined : report.rssi,
        loss: report.lossPercent / 100,
        roundTripMs: report.latencyMs === 0 ? undefined : report.latencyMs,
      });
      break;
    case "linkDown":
      of.links.delete(report.link);
      break;
  }
}

/** As a board says it that does not know. */
const RSSI_UNKNOWN = 127;
