/** The program as a person runs it: a process with its streams. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { programFile } from "../../../host/cli/repository.ts";

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const hardway = (...words: string[]): Promise<Ran> => hardwayIn(process.cwd(), ...words);

export function hardwayIn(folder: string, ...words: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [programFile("hardway"), ...words], {
    ...{ cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve) => child.once("close", (status) => resolve({ status, stdout, stderr })));
}

export interface Air {
  /** A line of JSON each. */
  readonly next: () => Promise<{ readonly type: string; readonly [name: string]: unknown }>;
  readonly tell: (line: string) => void;
  readonly end: () => Promise<number | null>;
}

/** `hardway virtual`, which ends with its input. */
export function virtualAir(...words: string[]): Air {
  const child = spawn(process.execPath, [programFile("hardway"), "virtual", ...words, "--json"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error("the virtual air has ended");
      return JSON.parse(value);
    },
    tell: (line) => child.stdin.write(`${line}\n`),
    end() {
      child.stdin.end();
      return ended;
    },
  };
}
