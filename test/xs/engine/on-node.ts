/** `node on-node.js PROGRAM [ARGUMENT ...]`: gives Node the global `host` that host.c gives XS, then runs the same emitted
 * file. Node counts no steps and tells no slots, so the meter stands still. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [program = "", ...args] = process.argv.slice(2);

const host = {
  args,
  print: (text: string): void => void process.stdout.write(`${text}\n`),
  readText: (path: string): string => readFileSync(path, "utf8"),
  meter: (): number => 0,
  gc: (): void => {},
};
Object.assign(globalThis, { host });
await import(pathToFileURL(resolve(program)).href);
