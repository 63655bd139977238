import { expect, test } from "vitest";
import { ATTACKS, FAULTS } from "./kinds.ts";
import { orderOf } from "./order.ts";
import { planOf } from "./plan.ts";
import { failureText } from "./report.ts";
import { run } from "./run.ts";
import { runSeeds } from "./seeds.ts";
import { shrink } from "./shrink.ts";
import { addOutcome, summary } from "./summary.ts";

const FIRST = 1;
const SEEDS_MIN = 120;
const SEEDS_MAX = 1_000;

test("whatever fails and whoever lies, within f: no invariant breaks, and what is wanted happens when faults end", () => {
  const sum = summary();
  const isAllMet = (): boolean =>
    [...Object.values(sum.faults), ...Object.values(sum.attackers)].every((times) => times > 0);
  // As many as it takes to meet every kind of fault and of attacker.
  for (let seed = FIRST; sum.seeds < SEEDS_MIN || (!isAllMet() && sum.seeds < SEEDS_MAX); seed++)
    addOutcome(sum, run(seed));
  expect(sum.firstFailure).toBeUndefined();
  expect(isAllMet()).toBe(true);
  const shares = [sum.seedsWithViewChange, sum.seedsWithStableCheckpoint].map((seeds) => seeds / sum.seeds);
  expect([sum.decided / sum.seeds > 35, shares.every((share) => share > 0.3)]).toEqual([true, true]);
  expect([sum.transfers, sum.epochs, sum.fastCommitsAcrossViews].every((times) => times > 0)).toBe(true);
}, 300_000);

test("one seed is one run, event by event, also where it is told; another seed is another", () => {
  const [first, again, told, other] = [run(77), run(77), run(77, {}, true), run(78)];
  expect([again.trace, told.trace]).toEqual([first.trace, first.trace]);
  expect(other.trace).not.toBe(first.trace);
  expect([first.story, (told.story ?? []).length > 100]).toEqual([undefined, true]);
});

test("with real signatures and every message in its bytes the same rules hold", () => {
  const outcome = run(12, { real: true });
  expect([outcome.plan.real, outcome.violation, outcome.decided > 20]).toEqual([true, undefined, true]);
});

test("one attacker more than the table bears makes honest kiosks disagree, and the failure is made small and told", () => {
  const wish = { extra: 1 };
  const isLess = (of: ReturnType<typeof shrink>): boolean => (of?.wish.without ?? []).length > 0;
  let seed = FIRST;
  let shrunk: ReturnType<typeof shrink>;
  for (; seed < FIRST + 500 && !isLess(shrunk); seed++) {
    shrunk = run(seed, wish).violation?.rule === "agreement" ? shrink(seed, wish) : undefined;
  }
  seed -= 1;
  const whole = run(seed, wish);
  expect(shrunk?.failure.rule).toBe("agreement");
  // Less happens in it, and it is said which kinds of things were of no use.
  expect(shrunk!.outcome.plan.mishaps.length).toBeLessThanOrEqual(whole.plan.mishaps.length);
  expect(isLess(shrunk)).toBe(true);
  const text = failureText(seed, wish);
  expect(text).toMatch(/^seed \d+: agreement\n/);
  expect(text).toMatch(/again: npm run -s simulate -- --scope engine --seed \d+ --byzantine-extra 1/);
  expect(text).toMatch(/says to all: ballot of \d/);
}, 300_000);

test("kinds that are left out do not move what else happens", () => {
  const [whole, without] = [planOf(5), planOf(5, { without: ["loss", "crash"] })];
  expect([without.n, without.submits, without.faulty]).toEqual([whole.n, whole.submits, whole.faulty]);
  expect(without.mishaps).toEqual(whole.mishaps.filter(({ kind }) => kind !== "crash"));
});

test("threads share the seeds without a gap", () => {
  const alone = runSeeds({ first: 1, seeds: 6, step: 1, wish: {} });
  const shares = [0, 1].map((at) => runSeeds({ first: 1 + at, seeds: 6 - at, step: 2, wish: {} }));
  expect(shares.map(({ seeds }) => seeds)).toEqual([3, 3]);
  expect(shares.reduce((sum, { decided }) => sum + decided, 0)).toBe(alone.decided);
});

test("the command line is read, and refused where it says nothing", () => {
  expect(orderOf(["--scope", "engine", "--seeds", "20000", "--json"])).toMatchObject({
    first: 1,
    seeds: 20_000,
    json: true,
  });
  expect(orderOf(["--seed", "7", "--n", "10"])).toMatchObject({ first: 7, seeds: 1, wish: { n: 10 } });
  for (const words of [
    "--n 3",
    "--n 11",
    "--seeds many",
    "--seed -1",
    "--scope mesh",
    "--without nothing",
    "--workers 0",
    "--what",
  ]) {
    expect([words, orderOf(words.split(" "))]).toEqual([words, undefined]);
  }
  expect([...ATTACKS, ...FAULTS].every((kind) => orderOf(["--without", kind]) !== undefined)).toBe(true);
});
