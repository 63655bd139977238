import { expect, test } from "vitest";
import { ceilings, measuredCosts } from "./costs.ts";

const costs = measuredCosts();
const metrics = Object.keys(costs);

test("every operation that is measured has a ceiling, and every ceiling an operation", () => {
  expect(metrics.length).toBeGreaterThan(10);
  expect(Object.keys(ceilings)).toEqual(metrics);
});

test("no operation costs XS more than its ceiling", () => {
  const width = Math.max(...metrics.map((metric) => metric.length));
  const steps = (value: number) => value.toFixed(0).padStart(7);
  console.log(
    ["XS steps for a packet of 244 B, and the ceiling"]
      .concat(metrics.map((metric) => `  ${metric.padEnd(width)} ${steps(costs[metric]!)} ${steps(ceilings[metric]!)}`))
      .join("\n"),
  );
  expect(metrics.filter((metric) => !(costs[metric]! > 0 && costs[metric]! <= ceilings[metric]!))).toEqual([]);
});

test("a second run costs the same", () => {
  expect(measuredCosts()).toEqual(costs);
});
