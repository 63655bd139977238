/** `hardway restore`: a kiosk's folder out of a backup, after it was looked at, and never over one that is there. */
import { resolve } from "node:path";
import { readBackup } from "../../backup/read-backup.ts";
import { restoreBackup } from "../../backup/restore.ts";
import { type Command, InputError, UsageError } from "../command.ts";
import { exitOfFault } from "../read-text.ts";
import { bewareOf, wordsOf } from "./backup.ts";
import { passphraseIn } from "./passphrase.ts";

/** Two processes with one key accuse themselves: nobody can tell them from a kiosk that lies. */
const TWICE =
  "Of this kiosk there must be one alone: where the one that the backup is of still runs, or starts again somewhere, the two \
sign against each other, and the table punishes that.";

const NO_KEY =
  "Its key is not in the backup. Put it there first (hardway identity restore), or the folder gets another one when the kiosk \
starts, which the table does not know.";

export const restore: Command = {
  words: ["restore"],
  takes: "FILE",
  about: "Makes a kiosk's folder out of a backup, and nothing over one that is there.",
  more: "A restored kiosk asks the others first, and signs nothing until the table is far beyond its backup.",
  options: {
    at: { value: "FOLDER", about: "the folder that it makes" },
    check: { about: "looks whether the backup is whole, and makes nothing" },
    "passphrase-file": { value: "FILE", about: "its first line opens what is secret in it" },
    yes: { about: "does not ask" },
  },
  async run({ operands, text, flag }, io) {
    const [file] = operands;
    const at = text("at");
    if (operands.length !== 1) throw new UsageError("restore takes the FILE of one backup");
    if ((at === undefined) !== flag("check")) throw new UsageError("restore takes --at FOLDER, or --check");
    const passphraseFile = text("passphrase-file");
    const passphrase = passphraseFile === undefined ? undefined : passphraseIn(passphraseFile);
    const read = await readBackup(file, passphrase).catch((error: Error) => {
      throw new InputError(exitOfFault(error.message), `reading ${file}: ${error.message}.`, "Name a backup.");
    });
    if (!read.ok) throw new InputError("unsound", `${file}: ${read.why}.`, `${read.next}.`);
    const { manifest } = read;
    io.err(`${file}: ${wordsOf(manifest)}.`);
    for (const line of bewareOf(manifest)) io.err(line);
    if (at === undefined) {
      if (io.json) io.record({ type: "sound", file, ...manifest });
      else io.out(`${file} is whole.`);
      return "done";
    }
    io.err(TWICE);
    if (!flag("yes")) {
      const answer = await io.ask(`Make ${resolve(at)} out of it? [y/N]`);
      if (answer === undefined) throw new UsageError("nobody is there to be asked: --yes does not ask");
      if (!/^y(?:es)?$/i.test(answer.trim())) return "interrupted";
    }
    let restored: ReturnType<typeof restoreBackup>;
    try {
      restored = restoreBackup(read, at);
    } catch (error) {
      const { message } = error as Error;
      throw new InputError(exitOfFault(message), `restoring to ${at}: ${message}.`, "Nothing was left there.");
    }
    if (!restored.ok) throw new InputError("busy", `${restored.why}.`, `${restored.next}.`);
    if (io.json) io.record({ type: "restored", at: resolve(at), made: restored.made });
    else io.out(`${resolve(at)}: ${restored.made.join(", ")}.`);
    if (manifest.key !== "under a passphrase") io.err(NO_KEY);
    if (manifest.secret === "under a passphrase" && passphrase === undefined) {
      io.err("The table's secret stays in the backup: restore with --passphrase-file, or set it again.");
    }
    return "done";
  },
};
