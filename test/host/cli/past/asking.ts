/** A command as a person types it, in this process: what it answered, what it said beside that, and how it ended. */
import { COMMANDS } from "../../../../host/cli/commands.ts";
import type { Exit } from "../../../../host/cli/exit-codes.ts";
import { main } from "../../../../host/cli/main.ts";

export interface Asked {
  readonly exit: Exit;
  readonly out: string;
  readonly err: string;
}

export async function ask(...words: string[]): Promise<Asked> {
  let out = "";
  let err = "";
  const stdout = { write: (text: string) => (out += text) };
  const stderr = { write: (text: string) => (err += text) };
  const streams = { stdout, stderr, ask: async () => undefined };
  const exit = await main(words, COMMANDS, streams, new AbortController().signal);
  return { exit, out, err };
}

export async function asked<T = { readonly [name: string]: unknown }>(...words: string[]): Promise<T> {
  const { out } = await ask(...words, "--json");
  return JSON.parse(out) as T;
}
