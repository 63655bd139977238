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
process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);

/** Whoever read our answers has gone, as `head` does: there is nobody to tell. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : exitCode("failed")));
}

/** Nobody is there to answer where the input is no terminal. */
async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(`${question} `, { signal: stop.signal });
  } finally {
    lines.close();
  }
}

const { stdout, stderr } = process;
const exit = await main(process.argv.slice(2), COMMANDS, { stdout, stderr, ask }, stop.signal);
process.exitCode = exitCode(exit);
// A port or a timer that somebody forgot must not keep a finished command alive; what was written is written first.
stdout.write("", () => stderr.write("", () => process.exit()));
