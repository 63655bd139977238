/** What the protocol costs on the boards' engine, in its own steps, beside the ceiling that a test holds each to. */
import { ceilings, measuredCosts } from "../xs/costs.ts";
import type { Row } from "./bench.ts";

export function bench(): Row[] {
  return Object.entries(measuredCosts()).map(([metric, value]) => {
    const baseline = ceilings[metric];
    const row: Row = { metric, value, unit: "XS steps" };
    return baseline === undefined ? row : { ...row, baseline, ratio: value / baseline };
  });
}
