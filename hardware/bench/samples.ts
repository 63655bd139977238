/** From packets to figures: what one measurement saw, and what several of a point say together. */
import { SLICES } from "./limits.ts";
import { MEASUREMENTS, type Measurement, type MeasurementName, measurement } from "./measurements.ts";
import { meanOf, quantileOf, shareOf } from "./statistics.ts";
import { type Direction, isBroken, type Traffic } from "./traffic.ts";

export interface Samples {
  /** Bytes a second, slice by slice. */
  readonly rates: { readonly [direction in Direction]: readonly number[] };
  readonly oneWayMs: readonly number[];
  readonly settledMs: readonly number[];
  readonly counts: Counts;
}

export interface Counts {
  readonly given: number;
  readonly sent: number;
  readonly dropped: number;
  readonly unknown: number;
  /** By the reason's name. */
  readonly dropReasons: { readonly [why: string]: number };
  readonly linksLost: number;
  /** Of all radios of the point; undefined where one did not tell. */
  readonly counters: Counted | undefined;
}

export interface Counted {
  readonly airRepeats: number;
  readonly wireRepeats: number;
  readonly wireDamaged: number;
}

/** Of packets that were given from `from` on and before `to`. */
export function samplesOf(
  traffic: Traffic,
  from: number,
  to: number,
  linksLost: number,
  counters: Counted | undefined,
): Samples {
  const oneWayMs: number[] = [];
  const settledMs: number[] = [];
  const dropReasons: { [why: string]: number } = {};
  const count = { given: 0, sent: 0, dropped: 0, unknown: 0 };
  for (const { packets } of traffic.flows) {
    for (const { at, outcome, settledAt, arrivedAt } of packets) {
      if (at < from || at >= to) continue;
      count.given += 1;
      if (arrivedAt !== undefined) oneWayMs.push(arrivedAt - at);
      if (outcome === undefined) continue;
      count[outcome.type] += 1;
      if (outcome.type === "sent" && settledAt !== undefined) settledMs.push(settledAt - at);
      if (outcome.type === "dropped") dropReasons[outcome.why] = (dropReasons[outcome.why] ?? 0) + 1;
    }
  }
  const rates = { up: ratesOf(traffic, "up", from, to), down: ratesOf(traffic, "down", from, to) };
  return { rates, oneWayMs, settledMs, counts: { ...count, dropReasons, linksLost, counters } };
}

/** Promises that radios made and did not keep; none of them is a matter of a bad link. */
export function brokenPromises(traffic: Traffic): string[] {
  const unsettled = traffic.flows.reduce((sum, { underway }) => sum + underway, 0);
  const vanished = traffic.flows.reduce((sum, { packets }) => sum + packets.filter(isBroken).length, 0);
  const words: readonly [number, string][] = [
    [unsettled, "never settled"],
    [vanished, "called sent and never arrived"],
    [traffic.repeated, "arrived twice"],
    [traffic.misordered, "arrived out of order"],
    [traffic.spoilt, "arrived that nobody gave so"],
  ];
  return words.filter(([count]) => count > 0).map(([count, what]) => `${count} packets ${what}`);
}

/** All measurements of a point as if they had been one. */
export function measurementsOf(repeats: readonly Samples[]): Measurement[] {
  const up = repeats.flatMap(({ rates }) => rates.up);
  const down = repeats.flatMap(({ rates }) => rates.down);
  const both = up.map((rate, slice) => rate + down[slice]);
  const made: Measurement[] = [];
  for (const [name, rates] of [
    ["throughput", both],
    ["throughputDown", down],
    ["throughputUp", up],
  ] as const) {
    const estimate = meanOf(rates);
    if (estimate !== undefined) made.push(measurement(name, { ...estimate, low: Math.max(0, estimate.low) }));
  }
  made.push(
    ...quantiles(
      "oneWay",
      repeats.flatMap(({ oneWayMs }) => oneWayMs),
    ),
  );
  made.push(
    ...quantiles(
      "settled",
      repeats.flatMap(({ settledMs }) => settledMs),
    ),
  );
  const given = sum(repeats.map(({ counts }) => counts.given));
  for (const name of ["dropped", "unknown"] as const) {
    const estimate = shareOf(sum(repeats.map(({ counts }) => counts[name])), given);
    if (estimate !== undefined) made.push(measurement(name, estimate, 100));
  }
  for (const name of ["airRepeats", "wireRepeats", "wireDamaged"] as const) {
    const counted = repeats.flatMap(({ counts }) => (counts.counters === undefined ? [] : [counts.counters[name]]));
    if (counted.length < repeats.length || given === 0) continue;
    made.push({ name, unit: MEASUREMENTS[name].unit, value: sum(counted) / given, samples: given });
  }
  return made;
}

function quantiles(of: "oneWay" | "settled", samples: number[]): Measurement[] {
  const sorted = samples.sort((a, b) => a - b);
  return ([50, 95, 99] as const).flatMap((percent) => {
    const name: MeasurementName = `${of}P${percent}`;
    const estimate = quantileOf(sorted, percent / 100);
    return estimate === undefined ? [] : [measurement(name, estimate)];
  });
}

function ratesOf(traffic: Traffic, direction: Direction, from: number, to: number): number[] {
  const sliceMs = (to - from) / SLICES;
  const packets = new Array<number>(SLICES).fill(0);
  for (const { at, direction: way } of traffic.arrivals) {
    const slice = Math.floor((at - from) / sliceMs);
    if (way === direction && slice >= 0 && slice < SLICES) packets[slice] += 1;
  }
  return packets.map((count) => (count * traffic.payload * 1000) / sliceMs);
}

const sum = (of: readonly number[]): number => of.reduce((total, each) => total + each, 0);
