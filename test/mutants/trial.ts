/** One fault planted, and its killer sent after it. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { runNode } from "./child.ts";
import type { Hunt } from "./hunt.ts";
import { type Edit, editsOf, type Mutant } from "./mutant.ts";
import type { Workshop } from "./workshop.ts";

/** - killed: noticed. - survived: not. - broken: the fault does not compile, or what should notice it fails without it. */
export type Verdict = "killed" | "survived" | "broken";

export interface Trial {
  readonly name: string;
  readonly verdict: Verdict;
  /** By what, or why it is broken. */
  readonly by: string;
  readonly seconds: number;
}

export async function tried(of: Workshop, mutant: Mutant): Promise<Trial> {
  const started = performance.now();
  const judged = await judge(of, mutant).catch(
    (error: unknown): Judged => ({ verdict: "broken", by: (error as Error).message }),
  );
  return { name: mutant.name, ...judged, seconds: Math.round((performance.now() - started) / 100) / 10 };
}

type Judged = Pick<Trial, "verdict" | "by">;

async function judge(of: Workshop, mutant: Mutant): Promise<Judged> {
  const edits = editsOf(mutant);
  of.plant(edits);
  try {
    await compiled(of, edits);
    const { by, seeds } = mutant;
    const failed = await failureIn(of, [by.file], true);
    if (failed === undefined) return { verdict: "survived", by: by.file };
    if (seeds === undefined) return { verdict: "killed", by: failed };
    const { found } = await hunted(of, 1, seeds);
    if (found === undefined) return { verdict: "survived", by: `${seeds} seeds` };
    // A seed that fails on its own has not noticed anything.
    of.restore();
    await compiled(of, edits);
    const alone = await hunted(of, found.seed, 1);
    const what = `seed ${found.seed}: ${found.rule}`;
    if (alone.found !== undefined) return { verdict: "broken", by: `fails without any fault: ${what}` };
    return { verdict: "killed", by: `${failed}; ${what}` };
  } finally {
    of.restore();
  }
}

/** Why one of them fails; undefined where all pass. */
export async function failureIn(of: Workshop, files: readonly string[], stops: boolean): Promise<string | undefined> {
  const output = join(of.folder, "results.json");
  rmSync(output, { force: true });
  const words = [join(of.folder, "node_modules/vitest/vitest.mjs"), "run", "--reporter=json", `--outputFile=${output}`];
  const timeoutMs = TEST_MS * files.length;
  const { status, text } = await runNode([...words, ...(stops ? ["--bail=1"] : []), ...files], of.folder, timeoutMs);
  if (status === undefined) return `${files.join(" ")}: no end within ${timeoutMs / 1000} s`;
  if (status === 0) return undefined;
  if (!existsSync(output)) throw new Error(`no tests were run: ${text.slice(-TEXT_SHOWN_LENGTH)}`);
  const { testResults } = JSON.parse(readFileSync(output, "utf8")) as Results;
  for (const { name, message, assertionResults } of testResults) {
    const failed = assertionResults.find((each) => each.status === "failed");
    const file = name.slice(of.folder.length + 1);
    if (failed !== undefined) return `${file}: ${failed.title}`;
    if (message) return `${file}: ${message.split("\n")[0]}`;
  }
  throw new Error(`nothing failed, and yet: ${text.slice(-TEXT_SHOWN_LENGTH)}`);
}

interface Results {
  readonly testResults: readonly {
    readonly name: string;
    /** Why the file does not load. */
    readonly message: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

async function hunted(of: Workshop, first: number, count: number): Promise<Hunt> {
  const words = ["build/test/mutants/hunt.js", String(first), String(count)];
  const { status, text } = await runNode(words, of.folder, HUNT_MS);
  if (status === undefined) throw new Error(`${count} seeds take more than ${HUNT_MS / 1000} s`);
  if (status !== 0) throw new Error(text.slice(-TEXT_SHOWN_LENGTH));
  return JSON.parse(text) as Hunt;
}

/** A fault that is no program is no fault. What else does not compile is somebody else's. */
async function compiled(of: Workshop, edits: readonly Edit[]): Promise<void> {
  const projects = [...new Set(edits.map(({ file }) => projectOf(of, file)))];
  const compiler = join(of.folder, "node_modules/typescript/bin/tsc");
  const { text } = await runNode([compiler, "-b", "--pretty", "false", ...projects], of.folder, COMPILE_MS);
  const errors = text.split("\n").filter((line) => edits.some(({ file }) => line.startsWith(`${file}(`)));
  if (errors.length > 0) throw new Error(errors.join("\n").slice(0, TEXT_SHOWN_LENGTH));
}

function projectOf(of: Workshop, file: string): string {
  let folder = dirname(file);
  while (!existsSync(join(of.folder, folder, "tsconfig.json"))) folder = dirname(folder);
  return folder;
}

const TEST_MS = 120_000;
const HUNT_MS = 600_000;
const COMPILE_MS = 60_000;
const TEXT_SHOWN_LENGTH = 600;
