/** What operations cost on XS, in the engine's own steps, and what they may cost. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "./engine/root.ts";
import { runOnXs } from "./engine/run.ts";

export type Costs = { readonly [metric: string]: number };

/** Equal on every machine. */
export function measuredCosts(): Costs {
  const { exit, lines, stderr } = runOnXs({ entry: "test/xs/program/cost.ts" });
  if (exit !== "done") throw new Error(`the costs cannot be measured: ${exit}\n${stderr}`);
  const costs: { [metric: string]: number } = {};
  for (const line of lines) {
    const [metric = "", steps] = line.split(" ");
    costs[metric] = Number(steps);
  }
  return costs;
}

/** The first measurement × 1.1; raising one takes a page in docs/decisions. */
export const ceilings: Costs = JSON.parse(readFileSync(join(repositoryRoot, "test/xs/ceilings.json"), "utf8"));
