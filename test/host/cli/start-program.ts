/** What `npm start` runs, as a process: `on` sees each line of the answer and may press keys. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { programFile } from "../../../host/cli/repository.ts";

export interface Ran {
  readonly status: number | null;
  readonly lines: readonly string[];
  readonly stderr: string;
}

export function startProgram(
  words: readonly string[],
  more: { readonly [name: string]: string },
  on: (line: string, press: (key: string) => void) => void = () => {},
): Promise<Ran> {
  const env = { ...process.env, ...more };
  const child = spawn(process.execPath, [programFile("hardway"), "start", ...words], { env });
  const lines: string[] = [];
  let stderr = "";
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  createInterface(child.stdout).on("line", (line) => {
    lines.push(line);
    on(line, (key) => child.stdin.write(`${key}\n`));
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, lines, stderr })));
}
