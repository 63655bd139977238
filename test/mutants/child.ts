/** A program that may run for ever: what it is told to do has a fault in it. */
import { spawn } from "node:child_process";

export interface Ended {
  /** Undefined where it had to be stopped. */
  readonly status: number | undefined;
  readonly text: string;
}

/** Node with these words, in that folder. */
export function runNode(words: readonly string[], folder: string, timeoutMs: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const said: Buffer[] = [];
    child.stdout.on("data", (bytes: Buffer) => said.push(bytes));
    child.stderr.on("data", (bytes: Buffer) => said.push(bytes));
    let isStopped = false;
    const timer = setTimeout(() => {
      isStopped = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    child.on("error", reject);
    child.on("close", (status) => {
      clearTimeout(timer);
      const text = Buffer.concat(said).toString("utf8");
      resolve({ status: isStopped ? undefined : (status ?? -1), text });
    });
  });
}
