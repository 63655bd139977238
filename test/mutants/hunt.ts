/** `node hunt.js FIRST COUNT` in a workshop: one seed of the simulator after another, until one finds something. */
import { run } from "../simulator/run.ts";

export interface Hunt {
  readonly seeds: number;
  readonly found: { readonly seed: number; readonly rule: string } | undefined;
}

const [first, count] = process.argv.slice(2).map(Number);
process.stdout.write(`${JSON.stringify(hunt(first, count))}\n`);

function hunt(first: number, count: number): Hunt {
  for (let seed = first; seed < first + count; seed++) {
    const { violation } = run(seed);
    if (violation !== undefined) return { seeds: seed - first + 1, found: { seed, rule: violation.rule } };
  }
  return { seeds: count, found: undefined };
}
