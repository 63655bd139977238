/** Runs a program of XS on Node: the same emitted file, so that whatever differs is the engine's. */
import { spawnSync } from "node:child_process";
import { repositoryRoot } from "./root.ts";
import { emitted } from "./run.ts";

export interface NodeRun {
  readonly exit: number | null;
  readonly lines: readonly string[];
  readonly stderr: string;
}

export function runOnNode(entry: string, args: readonly string[] = []): NodeRun {
  const words = [emitted("test/xs/engine/on-node.ts"), emitted(entry), ...args];
  const ran = spawnSync(process.execPath, words, { cwd: repositoryRoot, encoding: "utf8", timeout: 60_000 });
  const lines = ran.stdout.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return { exit: ran.status, lines, stderr: ran.stderr };
}
