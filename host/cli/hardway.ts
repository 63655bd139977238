/** The program `hardway`. Ctrl-C asks a command to stop; the second one does not ask. */
import { createInterface } from "node:readline/promises";
import { COMMANDS } from "./commands.ts";
import { exitCode } from "./exit-codes.ts";
import { main } from "./main.ts";

const stop = new AbortController();
const onSignal = (): void => {
  if (stop.signal.aborted) process.exit(exitCode("interrupted"));
  stop.abort();
};
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, onSignal);

/** Whoever read our answers has gone, as `head` does: he wanted no more of them. */
let isUnread = false;
/** Why an answer could not be written, as on a full disk. */
let unwritten: string | undefined;
for (const stream of [process.stdout, process.stderr]) {
  // In order: boards are let go, and temporary folders removed.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") isUnread = true;
    else if (!isUnread) unwritten ??= error.message;
    stop.abort();
  });
}

/** Nobody is there to answer where the input is no terminal, or ends, or after Ctrl-C. */
async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || stop.signal.aborted) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // While lines are read from a terminal, its Ctrl-C is a letter to the reader and no signal.
  lines.on("SIGINT", onSignal);
  const ended = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
  try {
    return await Promise.race([lines.question(`${question} `, { signal: stop.signal }), ended]);
  } catch {
    return undefined;
  } finally {
    lines.close();
  }
}

const { stdout, stderr } = process;
const exit = await main(process.argv.slice(2), COMMANDS, { stdout, stderr, ask }, stop.signal);
for (const stream of [stdout, stderr]) {
  // What was written is written first, or is known not to be.
  await new Promise<void>((resolve) => stream.write("", () => setImmediate(resolve)));
}
if (unwritten !== undefined)
  stderr.write(`writing what it has to say: ${unwritten}.\nNext: make room there, or choose another place.\n`);
const isDone = isUnread && exit === "interrupted";
// A port or a timer that somebody forgot must not keep a finished command alive.
process.exit(exitCode(unwritten !== undefined ? "failed" : isDone ? "done" : exit));
