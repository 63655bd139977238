/** From a command line to an exit: finds the command, runs it, and says plainly what went wrong. */
import { help, parse } from "./arguments.ts";
import { type Command, InputError, UsageError } from "./command.ts";
import type { Exit } from "./exit-codes.ts";
import { helpScreen } from "./help-screen.ts";
import { ioOf, printable, type Streams } from "./io.ts";
import { packageFacts } from "./version.ts";

export async function main(
  args: readonly string[],
  commands: readonly Command[],
  streams: Streams,
  signal: AbortSignal,
): Promise<Exit> {
  const parsed = parse(args, commands);
  if (parsed.type === "help") {
    const { command, words, isWhole } = parsed;
    const text = isWhole ? help(commands, command) : helpScreen(commands, command, words);
    streams.stdout.write(`${text}\n`);
    return "done";
  }
  if (parsed.type === "version") {
    streams.stdout.write(`hardway ${packageFacts().version}\n`);
    return "done";
  }
  if (parsed.type === "wrong") return usage(parsed.why, parsed.command, streams);
  const io = ioOf(streams, parsed.json, signal);
  try {
    const exit = await parsed.command.run(parsed.input, io);
    return signal.aborted && exit !== "done" ? "interrupted" : exit;
  } catch (error) {
    if (error instanceof UsageError) return usage(error.message, parsed.command, streams);
    if (error instanceof InputError) {
      io.err(`${error.message}\nNext: ${error.next}`);
      return error.exit;
    }
    if (signal.aborted) return "interrupted";
    throw error;
  }
}

function usage(why: string, command: Command | undefined, streams: Streams): Exit {
  const about =
    command === undefined ? "hardway --help lists the commands" : `hardway ${command.words.join(" ")} --help says more`;
  streams.stderr.write(`${printable(why)}${why.endsWith("?") ? "" : "."}\n${about}.\n`);
  return "usage";
}
