/** What keys must be to each other. */
import { type Config, faultsOf } from "./defaults.ts";
import { TRANSPORTS } from "./transports.ts";

export interface BrokenRule {
  readonly path: readonly string[];
  readonly why: string;
}

export function brokenRules({ table, consensus, radios }: Config): BrokenRule[] {
  const broken: BrokenRule[] = [];
  const bears = faultsOf(table.kiosks);
  if (consensus.max_faulty_nodes > bears) {
    const why = `a table of ${table.kiosks} bears ${bears}; ${3 * consensus.max_faulty_nodes + 1} kiosks bear ${consensus.max_faulty_nodes}`;
    broken.push({ path: ["consensus", "max_faulty_nodes"], why });
  }
  const { timeoutMinMs } = TRANSPORTS[consensus.transport];
  if (consensus.timeout_ms < timeoutMinMs) {
    const why = `over ${consensus.transport} it is ${timeoutMinMs} at least: what is lost is said again before anybody is suspected`;
    broken.push({ path: ["consensus", "timeout_ms"], why });
  }
  if (new Set(radios).size < radios.length) broken.push({ path: ["radios"], why: "a radio stands there twice" });
  return broken;
}
