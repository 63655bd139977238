/** Everything that a point measures: its unit, which way is better, and how much worse is worse. */
import type { Estimate } from "./statistics.ts";

export interface MeasurementKind {
  readonly unit: "B/s" | "ms" | "%" | "a packet";
  readonly better: "higher" | "lower";
  /** A smaller change is no change, however sure: a share of the baseline's value, or in the unit itself. */
  readonly tolerance: { readonly share: number } | { readonly absolute: number };
  readonly about: string;
}

const RATE = { unit: "B/s", better: "higher", tolerance: { share: 0.05 } } as const;
const TIME = { unit: "ms", better: "lower", tolerance: { share: 0.1 } } as const;
const SHARE = { unit: "%", better: "lower", tolerance: { absolute: 0.5 } } as const;
const COUNT = { unit: "a packet", better: "lower", tolerance: { absolute: 0.1 } } as const;

export const MEASUREMENTS = Object.freeze({
  throughput: { ...RATE, about: "application bytes that arrived, all links and both directions" },
  throughputDown: { ...RATE, about: "from servers to clients" },
  throughputUp: { ...RATE, about: "from clients to servers" },
  oneWayP50: { ...TIME, about: "from host to host" },
  oneWayP95: { ...TIME, about: "from host to host" },
  oneWayP99: { ...TIME, about: "from host to host" },
  settledP50: { ...TIME, about: "until the sender knows that the neighbour's host has it" },
  settledP95: { ...TIME, about: "until the sender knows that the neighbour's host has it" },
  settledP99: { ...TIME, about: "until the sender knows that the neighbour's host has it" },
  dropped: { ...SHARE, about: "packets that the neighbour does not have, and the sender knows it" },
  unknown: { ...SHARE, about: "packets that the neighbour may have" },
  airRepeats: { ...COUNT, about: "fragments said again on the air" },
  wireRepeats: { ...COUNT, about: "frames that radios said again to their hosts" },
  wireDamaged: { ...COUNT, about: "frames that radios heard damaged" },
} as const satisfies { readonly [name: string]: MeasurementKind });

export type MeasurementName = keyof typeof MEASUREMENTS;
export const MEASUREMENT_NAMES = Object.freeze(Object.keys(MEASUREMENTS) as MeasurementName[]);

export interface Measurement {
  readonly name: MeasurementName;
  readonly unit: MeasurementKind["unit"];
  readonly value: number;
  /** Of 95 %; absent where there is a single count. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
  readonly samples: number;
}

export function measurement(name: MeasurementName, estimate: Estimate, scale = 1): Measurement {
  const { value, low, high, samples } = estimate;
  const { unit } = MEASUREMENTS[name];
  return { name, unit, value: scale * value, low: scale * low, high: scale * high, samples };
}
