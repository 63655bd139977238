/** Ten thousand random schedules of commands, air and wire against the modem; each asserts on its way what must hold. */
import { runSchedule } from "../firmware-js/modem/schedule.ts";
import type { Row } from "./bench.ts";

const SCHEDULES = 10_000;

export function bench(): Row[] {
  const sums = new Map<string, number>();
  let sizeMax = 0;
  for (let seed = 0; seed < SCHEDULES; seed++) {
    const { size, ...counts } = runSchedule(seed);
    sizeMax = Math.max(sizeMax, size);
    for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return [
    { metric: "schedules", value: SCHEDULES, unit: "without a breach" },
    ...[...sums].map(([metric, value]): Row => ({ metric, value, unit: "in all" })),
    { metric: "size-max", value: sizeMax, unit: "bytes kept at a time" },
  ];
}
