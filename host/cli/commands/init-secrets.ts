/** The two secrets of a new kiosk: its table's, drawn or brought from another kiosk, and the passphrase of its key. */
import { randomBytes } from "node:crypto";
import { existsSync, renameSync } from "node:fs";
import { resolve } from "node:path";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { readPrivate, writePrivate } from "../../node/private-file.ts";
import { secretIn } from "../../node/secret-file.ts";
import { TABLE_SECRET_SIZE } from "../../secure/limits.ts";
import { readSecret, secretText } from "../../secure/secret-text.ts";
import { InputError, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { readText } from "../read-text.ts";
import { askHidden } from "./hidden-answer.ts";
import { type Asked, askLine, freeName, isAsking, pathFrom } from "./init-answers.ts";
import { secretPath } from "./own-kiosk.ts";
import { passphraseIn } from "./passphrase.ts";

/** Eight groups of eight digits and what people leave around them. */
const SECRET_FILE_SIZE_MAX = 4_096;

export interface SecretAnswer {
  readonly secret: Uint8Array;
  /** It is of a new table. */
  readonly isFounded: boolean;
}

/** Undefined: the one that the file has stays. */
export async function secretAnswer(of: Asked, folder: string): Promise<SecretAnswer | undefined> {
  const { input, io, config } = of;
  const from = input.text("secret-file");
  if (from !== undefined && input.flag("new-secret")) throw new UsageError("init takes --secret-file or --new-secret");
  if (from !== undefined) return brought(await secretOf(from));
  if (input.flag("new-secret")) return drawn();
  if (config.table.secret !== undefined) return undefined;
  // Of an attempt that was broken off.
  const there = secretIn(secretPath(folder));
  if (there !== undefined) return { secret: there, isFounded: true };
  if (!isAsking(of)) return drawn();
  for (;;) {
    const line = await askLine(
      io,
      "Its table's secret: Enter founds a new table, paste asks for it, or name its file:",
    );
    if (line === "") return drawn();
    try {
      return brought(
        line === "paste" ? secretFrom(await hidden("Secret:", io), "what was pasted") : await secretOf(line),
      );
    } catch (error) {
      if (!(error instanceof InputError) || error.exit === "interrupted") throw error;
      io.err(`  ${error.message}`);
    }
  }
}

const drawn = (): SecretAnswer => ({ secret: new Uint8Array(randomBytes(TABLE_SECRET_SIZE)), isFounded: true });
const brought = (secret: Uint8Array): SecretAnswer => ({ secret, isFounded: false });

const secretOf = async (path: string): Promise<Uint8Array> =>
  secretFrom(await readText(path, SECRET_FILE_SIZE_MAX), path);

const SECRET_WORDS = Object.freeze({
  "not hexadecimal": "holds no secret: that is 64 digits of 0 to 9 and a to f",
  "wrong length": "holds no secret: that is 64 digits",
  "not random": "holds one that chance has not drawn: whoever hears a radio could guess it",
});

function secretFrom(text: string, where: string): Uint8Array {
  const read = readSecret(text);
  if (read.ok) return read.secret;
  throw new InputError("unsound", `${where} ${SECRET_WORDS[read.why]}.`, "The founder has it in the file secret.");
}

async function hidden(question: string, { signal }: Io): Promise<string> {
  const answer = await askHidden(question, { keyboard: process.stdin, screen: process.stderr, signal });
  if (answer !== undefined) return answer;
  throw new InputError("interrupted", "nothing was written.", "hardway init, once more.");
}

/** As people carry it to another kiosk. One of another table is kept beside it. */
export function keepSecret(folder: string, secret: Uint8Array): void {
  const path = secretPath(folder);
  const there = secretIn(path);
  if (there !== undefined && bytesEqual(there, secret)) return;
  if (existsSync(path)) renameSync(path, freeName(`${path}.before`));
  writePrivate(path, Buffer.from(`${secretText(secret)}\n`));
}

export interface PassphraseAnswer {
  /** As the configuration has it; undefined: the key lies there without one. */
  readonly file: string | undefined;
  readonly passphrase: string | undefined;
  /** The file is still to be written. */
  readonly isNew: boolean;
}

/** Where the configuration names a file already, that is it. */
export async function passphraseAnswer(of: Asked, configured: string | undefined): Promise<PassphraseAnswer> {
  const { input, io, file, config } = of;
  const given = input.text("passphrase-file");
  const named = given ?? configured;
  if (named !== undefined) {
    if (!existsSync(resolve(named)) && isAsking(of)) return newPassphrase(named, of);
    const inFile = given === undefined ? config.kiosk.passphrase_file : pathFrom(file, given);
    return { file: inFile, passphrase: passphraseIn(named), isNew: false };
  }
  if (!isAsking(of)) return { file: undefined, passphrase: undefined, isNew: false };
  io.err(
    "A key may lie under a passphrase. A kiosk that starts by itself reads it from a file, best on another medium.",
  );
  const line = await askLine(io, "File with the passphrase, there or to be made; Enter for a key without one:");
  if (line === "") return { file: undefined, passphrase: undefined, isNew: false };
  if (existsSync(resolve(line))) return { file: pathFrom(file, line), passphrase: passphraseIn(line), isNew: false };
  return newPassphrase(line, of);
}

async function newPassphrase(path: string, { io, file }: Asked): Promise<PassphraseAnswer> {
  for (;;) {
    const passphrase = await hidden("New passphrase:", io);
    if (passphrase !== "" && (await hidden("Once more:", io)) === passphrase) {
      return { file: pathFrom(file, path), passphrase, isNew: true };
    }
    io.err("  Empty, or not the same twice.");
  }
}

/** Nothing that is there is written over. */
export function keepPassphrase(path: string, passphrase: string): void {
  if (readPrivate(path) === undefined) writePrivate(path, Buffer.from(`${passphrase}\n`));
}
