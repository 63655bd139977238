/** Commands run inside a test, with a person who answers or with nobody. */
import { COMMANDS } from "../../../host/cli/commands.ts";
import type { Exit } from "../../../host/cli/exit-codes.ts";
import { main } from "../../../host/cli/main.ts";

export interface Said {
  readonly exit: Exit;
  readonly out: string;
  readonly err: string;
  readonly questions: readonly string[];
}

/** `answers`: one to each question, in their order; after the last nobody is there. */
export async function inside(words: readonly string[], answers: readonly string[] = []): Promise<Said> {
  const said = { out: "", err: "" };
  const questions: string[] = [];
  const left = [...answers];
  const streams = {
    stdout: { write: (text: string) => (said.out += text) },
    stderr: { write: (text: string) => (said.err += text) },
    async ask(question: string) {
      questions.push(question);
      return left.shift();
    },
  };
  const exit = await main(words, COMMANDS, streams, new AbortController().signal);
  return { exit, ...said, questions };
}

export const recordsIn = (out: string): Record<string, unknown>[] =>
  out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
