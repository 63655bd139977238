/**
 * `npm run -s fuzz -- NAME|all --cases N [--seed S] [--from K]` runs decoders over damaged bytes. A failure prints what runs
 * that one case again.
 */
import { parseArgs } from "node:util";
import { natural, wordsBy } from "../command-line.ts";
import { CASES_MAX, type FuzzFailure, type FuzzRange, fuzz, SEED_MAX } from "./fuzz.ts";
import { targets } from "./targets.ts";

const USAGE = `usage: fuzz NAME|all [--cases N] [--seed S] [--from K]\nNAME is one of:\n  ${[...targets.keys()].join("\n  ")}\n`;

const order = parse(process.argv.slice(2));
if (order === undefined) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  process.exitCode = order.names.map((name) => runOne(name, order.range)).every((ok) => ok) ? 0 : 1;
}

interface Order {
  readonly names: readonly string[];
  readonly range: FuzzRange;
}

function parse(words: string[]): Order | undefined {
  const parsed = wordsBy(() => parseWords(words));
  if (parsed === undefined || parsed.positionals.length !== 1) return undefined;
  const [name] = parsed.positionals;
  const names = name === "all" ? [...targets.keys()] : targets.has(name) ? [name] : [];
  const seed = natural(parsed.values.seed, SEED_MAX);
  const from = natural(parsed.values.from, CASES_MAX - 1);
  const cases = natural(parsed.values.cases, CASES_MAX);
  if (names.length === 0 || seed === undefined || from === undefined || cases === undefined) return undefined;
  return from + cases <= CASES_MAX ? { names, range: { seed, from, cases } } : undefined;
}

function parseWords(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      cases: { type: "string", default: "100000" },
      seed: { type: "string", default: "1" },
      from: { type: "string", default: "0" },
    },
  });
}

function runOne(name: string, range: FuzzRange): boolean {
  const target = targets.get(name);
  if (target === undefined) return false;
  const started = performance.now();
  const rate = (done: number): string => {
    const seconds = Math.max(0.001, (performance.now() - started) / 1000);
    return `${Math.round(done / seconds).toLocaleString("en")} cases/s`;
  };
  let told = 0;
  const { cases, hash, failure } = fuzz(target, range, (done) => {
    const now = performance.now();
    if (!process.stderr.isTTY || now - told < 200) return;
    told = now;
    process.stderr.write(
      `\r${name}: ${done.toLocaleString("en")} of ${range.cases.toLocaleString("en")}, ${rate(done)}\x1b[K`,
    );
  });
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  const outcome = failure === undefined ? "no failure" : "FAILED";
  process.stdout.write(
    `${name}: ${cases.toLocaleString("en")} cases, ${rate(cases)}, seed ${range.seed}, answers ${(hash >>> 0).toString(16).padStart(8, "0")}: ${outcome}\n`,
  );
  if (failure !== undefined) process.stdout.write(failureText(name, failure));
  return failure === undefined;
}

function failureText(name: string, failure: FuzzFailure): string {
  return [
    `  seed ${failure.seed}, case ${failure.case}: ${failure.why}`,
    `  input, ${failure.input.length} bytes: ${Buffer.from(failure.input).toString("hex")}`,
    `  again: npm run -s fuzz -- ${JSON.stringify(name)} --seed ${failure.seed} --from ${failure.case} --cases 1`,
    "",
  ].join("\n");
}
