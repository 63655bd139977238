/** A failure as people read it: what is broken, how to see it again, and who said what before. */
import type { Wish } from "./plan.ts";
import { run } from "./run.ts";
import { type Shrunk, shrink } from "./shrink.ts";

const LINES_COUNT = 80;

export function failureText(seed: number, wish: Wish): string {
  const shrunk = shrink(seed, wish);
  if (shrunk === undefined) return `seed ${seed} does not fail\n`;
  const { failure } = shrunk;
  const told = run(seed, shrunk.wish, true);
  const story = told.story ?? [];
  return [
    `seed ${seed}: ${failure.rule}`,
    `  ${failure.detail}`,
    `  after ${failure.events} events, at ${failure.atMs.toFixed(1)} ms`,
    ...scene(shrunk),
    `  again: ${command(seed, shrunk.wish)}`,
    `  the last ${Math.min(LINES_COUNT, story.length)} of ${story.length} lines:`,
    ...story.slice(-LINES_COUNT).map((line) => `    ${line}`),
    "",
  ].join("\n");
}

function scene({ outcome, wish, runs }: Shrunk): string[] {
  const { plan } = outcome;
  const { options } = plan;
  const faulty = plan.faulty.map(({ kiosk, kind }) => `${kiosk} ${kind}`).join(", ");
  const mishaps = plan.mishaps.map(({ kind, at }) => `${kind} at ${at.toFixed(0)}`).join(", ");
  return [
    `  table of ${plan.n}, window ${options.window}, checkpoint every ${options.checkpointEvery}, batches of ${options.batchLengthMax}`,
    `  ${options.fastPath ? "fast path" : "no fast path"}, ${options.bundles ? "bundles" : "votes apart"}, ${options.lazy ? "lazy" : "not lazy"}, ${options.profile.name}`,
    `  faulty: ${faulty === "" ? "nobody" : faulty}`,
    `  happens: ${mishaps === "" ? "nothing" : mishaps}`,
    `  ${(wish.without ?? []).length} kinds are not needed for it (${runs} runs to find out)`,
  ];
}

export function command(seed: number, wish: Wish): string {
  const words = ["npm run -s simulate -- --scope engine", `--seed ${seed}`];
  if (wish.app !== undefined) words.push(`--app ${wish.app}`);
  if (wish.n !== undefined) words.push(`--n ${wish.n}`);
  if (wish.extra !== undefined) words.push(`--byzantine-extra ${wish.extra}`);
  if (wish.without !== undefined && wish.without.length > 0) words.push(`--without ${wish.without.join(",")}`);
  if (wish.quietFromMs !== undefined) words.push(`--quiet-from-ms ${wish.quietFromMs}`);
  if (wish.submitsMax !== undefined) words.push(`--submits-max ${wish.submitsMax}`);
  return words.join(" ");
}
