/** Runs one emitted module on XS in a process of its own, in a memory of exact size, and tells how that ended. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { MemoryFacts } from "../../../hardware/boards/board.ts";
import { builtXs } from "./build.ts";
import { repositoryRoot } from "./root.ts";

/** Limits, not hints, unless it may grow. Built-ins and loaded code are inside: the smoke program begins its work with 4,100
 * slots, 230 of the stack, and 20.5 KB of chunks (14.1 KB in 32 bits). */
export interface XsMemory {
  readonly chunkBytes?: number;
  readonly heapSlots?: number;
  readonly stackSlots?: number;
  readonly growth?: XsGrowth;
}

/** Memory that grows by such steps when a collection does not help, so that what is reserved in the end was needed. */
export interface XsGrowth {
  readonly chunkStep: number;
  readonly heapStep: number;
  /** Chunks, slots and stack; a slot is 16 bytes as on a board. */
  readonly bound: MemoryFacts;
}

export interface XsProgram {
  /** A source below the repository, such as `test/xs/program/smoke.ts`; what runs is its emitted copy. */
  readonly entry: string;
  readonly memory?: XsMemory;
  readonly args?: readonly string[];
  /** A file that the program reads by `host.readInput`. */
  readonly input?: string;
  /** A guard against a hang, far above what a program needs: no result depends on it. */
  readonly timeoutMs?: number;
  readonly bits?: 32 | 64;
}

/** What `host.memory()` says. */
export interface XsUse {
  readonly chunkBytes: number;
  readonly chunkBytesMax: number;
  readonly heapSlots: number;
  readonly heapSlotsMax: number;
  readonly stackSlots: number;
  readonly stackSlotsPeak: number;
  readonly slotBytes: 16 | 32;
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
  const options = { ...sizes(memory), ...(program.input === undefined ? {} : { input: program.input }) };
  const words = [
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
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

function sizes(memory: XsMemory): { [option: string]: number } {
  const { chunkBytes, heapSlots, stackSlots, growth } = memory;
  return {
    ...(chunkBytes === undefined ? {} : { chunk: chunkBytes }),
    ...(heapSlots === undefined ? {} : { heap: heapSlots }),
    ...(stackSlots === undefined ? {} : { stack: stackSlots }),
    ...(growth === undefined ? {} : { "chunk-step": growth.chunkStep, "heap-step": growth.heapStep }),
    ...(growth?.bound.kind === "block" ? { block: growth.bound.bytes } : {}),
    ...(growth?.bound.kind === "split"
      ? { "chunk-max": growth.bound.chunkBytes, "heap-max": growth.bound.heapSlots }
      : {}),
  };
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
