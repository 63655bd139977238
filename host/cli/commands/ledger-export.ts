/** `hardway ledger export`: a table's ledger as a file that anyone can check. */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyPair } from "../../crypto/ed25519-keys.ts";
import { ownKey } from "../../node/key-file.ts";
import { PASSPHRASE_FILE_VARIABLE, readPassphrase } from "../../node/passphrase-file.ts";
import { type Command, type Input, InputError, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { readKioskJournal } from "../past/kiosk-journal.ts";
import { checkLedger } from "../past/ledger-check.ts";
import { type LedgerFile, ledgerFile, signed } from "../past/ledger-file.ts";
import { exitOf, progressOf } from "../past/tell-journal.ts";
import { exitOfFault } from "../read-text.ts";

export const ledgerExport: Command = {
  words: ["ledger", "export"],
  takes: "FOLDER",
  about: "Writes a table's accounts to a file, with what its members signed, for hardway ledger audit FILE to check.",
  more: `FOLDER is a kiosk's, as in FOLDER/kiosk-0. The kiosk's own key signs the file where it can be opened. In it are every account,
the certificate of the last decision and the last state that a quorum has signed; no key and no secret.`,
  options: {
    out: { value: "FILE", about: "where to; what is there is replaced" },
    "passphrase-file": {
      value: "FILE",
      about: `its first line opens the kiosk's key; else the file that ${PASSPHRASE_FILE_VARIABLE} names`,
    },
  },
  async run(input, io) {
    const out = input.text("out");
    if (input.operands.length !== 1 || out === undefined)
      throw new UsageError("ledger export takes one FOLDER, and --out FILE");
    const journal = readKioskJournal(input.operands[0]);
    const { replayed, checks, proofs } = checkLedger(journal, progressOf(io, journal));
    const bad = checks.filter(({ ok }) => !ok);
    for (const { name, words } of bad) io.err(`BAD ${name}: ${words}`);
    const bare = ledgerFile(replayed, journal.founders, proofs);
    const pair = keyOf(journal.folder, input, io);
    const isMember = pair !== undefined && bare.members.includes(Buffer.from(pair.publicKey.bytes).toString("hex"));
    if (pair !== undefined && !isMember) io.err("The kiosk's key is none of a member: the file is not signed.");
    const file = isMember ? signed(bare, pair) : bare;
    write(out, file);
    const by =
      file.signature === undefined ? "not signed" : `signed by member ${file.members.indexOf(file.signature.key)}`;
    if (io.json)
      io.record({ type: "exported", file: out, sequence: file.sequence, isSigned: file.signature !== undefined });
    io.out(`${out}: ${file.accounts.length} accounts after sequence ${file.sequence}, ${by}`);
    return exitOf(journal, bad.length === 0 ? "done" : "unsound", io);
  },
};

/** Undefined where it is not there or cannot be opened, which is said. */
function keyOf(folder: string, input: Input, io: Io): KeyPair | undefined {
  const path = join(folder, "key");
  if (!existsSync(path)) {
    io.err(`${path} is not there: the file is not signed.`);
    return undefined;
  }
  try {
    // A passphrase that is named beside a bare key would put the key under it.
    const isBare = /^[0-9a-f]{64}\s*$/.test(readFileSync(path, "latin1"));
    const opened = ownKey(folder, isBare ? undefined : passphraseOf(input));
    if (opened.ok) return opened.pair;
    io.err(`${opened.why}: the file is not signed.\nNext: ${opened.next}.`);
  } catch (error) {
    if (error instanceof InputError) throw error;
    io.err(`reading ${path}: ${(error as Error).message}; the file is not signed.`);
  }
  return undefined;
}

function passphraseOf(input: Input): string | undefined {
  const named = input.text("passphrase-file") ?? process.env[PASSPHRASE_FILE_VARIABLE];
  if (named === undefined || named === "") return undefined;
  const read = readPassphrase(named);
  if (!read.ok) throw new InputError("missing", read.why, "a file whose first line is the passphrase");
  return read.passphrase;
}

/** Whole, or as it was. */
function write(path: string, file: LedgerFile): void {
  const begun = `${path}.new`;
  try {
    writeFileSync(begun, `${JSON.stringify(file, undefined, 1)}\n`);
    renameSync(begun, path);
  } catch (error) {
    rmSync(begun, { force: true });
    const { message } = error as Error;
    throw new InputError(exitOfFault(message), `writing ${path}: ${message}.`, "Choose a place that you may write to.");
  }
}
