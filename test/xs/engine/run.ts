/** Runs one emitted module on XS in a process of its own, in a memory of exact size, and tells how that ended. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { builtXs } from "./build.ts";
import { repositoryRoot } from "./root.ts";

/** Limits, not hints. Built-ins and loaded code are inside: the smoke program begins its work with 4,100
 * slots, 230 of the stack, and 20.5 KB of chunks (14.1 KB in 32 bits). */
export interface XsMemory {
  readonly chunkBytes?: number;
  readonly heapSlots?: number;
  readonly stackSlots?: number;
}

export interface XsProgram {
  /** A source below the repository, such as `test/xs/program/smoke.ts`; what runs is its emitted copy. */
  readonly entry: string;
  readonly memory?: XsMemory;
  readonly args?: readonly string[];
  /** A guard against a hang, far above what a program needs: no result depends on it. */
  readonly timeoutMs?: number;
  readonly bits?: 32 | 64;
}

export type XsExit =
  | "done"
  | "memory full"
  | "stack overflow"
  | "exception"
  | "unhandled rejection"
  | "never ends"
  | "not enough keys"
  | "timeout"
  | "usage"
  | "crash";

export interface XsRun {
  readonly exit: XsExit;
  readonly lines: readonly string[];
  readonly stderr: string;
}

export function runOnXs(program: XsProgram): XsRun {
  const path = builtXs({ bits: program.bits ?? 64 });
  const memory = program.memory ?? {};
  const words = [
    ...(memory.chunkBytes === undefined ? [] : ["--chunk", String(memory.chunkBytes)]),
    ...(memory.heapSlots === undefined ? [] : ["--heap", String(memory.heapSlots)]),
    ...(memory.stackSlots === undefined ? [] : ["--stack", String(memory.stackSlots)]),
    emitted(program.entry),
    ...(program.args ?? []),
  ];
  const ran = spawnSync(path, words, {
    cwd: repositoryRoot,
    encoding: "utf8",
    timeout: program.timeoutMs ?? 60_000,
    maxBuffer: OUTPUT_SIZE_MAX,
  });
  const lines = ran.stdout.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return { exit: exitOf(ran.status, ran.error), lines, stderr: ran.stderr };
}

/** Where `tsc -b` put what it made of a source. */
export function emitted(source: string): string {
  const path = join(repositoryRoot, "build", source.replace(/\.ts$/, ".js"));
  if (!existsSync(path)) throw new Error(`${path} does not exist: npm run build`);
  return path;
}

const OUTPUT_SIZE_MAX = 64 * 1024 * 1024;

/** The same numbers as in host.c: what XS itself ends with is 10 + its status. */
const EXITS: ReadonlyMap<number, XsExit> = new Map([
  [0, "done"],
  [2, "usage"],
  [11, "memory full"],
  [12, "stack overflow"],
  [15, "exception"],
  [16, "not enough keys"],
  [18, "unhandled rejection"],
  [30, "never ends"],
]);

function exitOf(status: number | null, error: Error | undefined): XsExit {
  if (error !== undefined && "code" in error && error.code === "ETIMEDOUT") return "timeout";
  return (status === null ? undefined : EXITS.get(status)) ?? "crash";
}
