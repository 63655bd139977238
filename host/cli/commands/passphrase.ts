/** The passphrase of a key, from a file that is named or from a person; what opens a kiosk unattended must lie in a file. */
import { resolve } from "node:path";
import { PASSPHRASE_FILE_VARIABLE, readPassphrase } from "../../node/passphrase-file.ts";
import { InputError } from "../command.ts";
import type { Io } from "../io.ts";
import { askHidden } from "./hidden-answer.ts";

/** Of a file alone. */
export function passphraseIn(path: string): string {
  const read = readPassphrase(path);
  if (read.ok) return read.passphrase;
  throw new InputError("missing", `${read.why}.`, "Name a file whose first line is the passphrase.");
}

export interface WantedPassphrase {
  /** As in "the key": what it opens. */
  readonly what: string;
  /** Of the command line, or of the configuration. */
  readonly file: string | undefined;
  /** Which option names a file. */
  readonly option: string;
  /** A new one is typed twice. */
  readonly isNew?: boolean;
}

export async function wantedPassphrase({ what, file, option, isNew }: WantedPassphrase, io: Io): Promise<string> {
  const named = file ?? environmentFile();
  if (named !== undefined) return passphraseIn(resolve(named));
  const typed = await typedPassphrase(`Passphrase of ${what}:`, io);
  if (isNew !== true) return typed;
  if ((await typedPassphrase("Once more:", io)) === typed) return typed;
  throw new InputError("usage", "the two are not the same.", "Begin again; nothing was written.");

  async function typedPassphrase(question: string, { signal }: Io): Promise<string> {
    const answer = await askHidden(question, { keyboard: process.stdin, screen: process.stderr, signal });
    if (answer !== undefined && answer !== "") return answer;
    if (signal.aborted) throw new InputError("interrupted", "no passphrase.", "The same command, once more.");
    throw new InputError("missing", `${what} wants a passphrase, and nobody types one.`, `Name a file: ${option} FILE`);
  }
}

function environmentFile(): string | undefined {
  const named = process.env[PASSPHRASE_FILE_VARIABLE];
  return named === undefined || named === "" ? undefined : named;
}
