/** `hardway identity backup`: the key in a file under a passphrase, read back before it is called a backup. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { KEYSTORE_CHANCE_SIZE, KEYSTORE_WORDS, openKeystore, sealKeystore } from "../../crypto/keystore.ts";
import { readPrivate, writePrivate } from "../../node/private-file.ts";
import { type Command, type Input, InputError, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { exitOfFault } from "../read-text.ts";
import { FILE_OPTION } from "./config-source.ts";
import { fingerprint } from "./identity-words.ts";
import { hex, keyPath, keyThere, kioskAt, type OwnKiosk, PASSPHRASE_OPTION, refuseKey } from "./own-kiosk.ts";
import { wantedPassphrase } from "./passphrase.ts";

export const BACKUP_PASSPHRASE_OPTION = {
  "backup-passphrase-file": { value: "FILE", about: "its first line opens the backup; else it is the key's own" },
} as const;

export const identityBackup: Command = {
  words: ["identity", "backup"],
  takes: "FILE",
  about: "Writes the key into a file under a passphrase, and reads it back.",
  more: `It is the key alone: what a kiosk has played is in its journal and with the others at its table. Keep the file and the
passphrase in different places. A key without a passphrase wants one for its backup.`,
  options: { ...FILE_OPTION, ...BACKUP_PASSPHRASE_OPTION, ...PASSPHRASE_OPTION },
  async run(input, io) {
    if (input.operands.length !== 1) throw new UsageError("identity backup takes one FILE");
    const [path] = input.operands;
    const kiosk = await kioskAt(input, io);
    if (typeof kiosk === "string") return kiosk;
    if (existsSync(path)) throw new InputError("failed", `${path} is there already.`, "Choose another name.");
    const { file, passphrase, key } = await sealedKey(kiosk, input, io);
    try {
      writePrivate(path, file);
    } catch (error) {
      const { message } = error as Error;
      throw new InputError(exitOfFault(message), `writing ${path}: ${message}.`, "Choose another place.");
    }
    const again = openKeystore(readPrivate(path) ?? new Uint8Array(), passphrase);
    if (!again.ok || !bytesEqual(again.pair.publicKey.bytes, key)) {
      throw new InputError("unwritten", `${path} does not read back as it was written.`, "Choose another disk.");
    }
    const words = fingerprint(key);
    if (io.json) io.record({ type: "backed up", file: path, key: hex(key), words });
    io.out(`${path}: the key of ${words}, read back and opened.`);
    io.out("Never let two kiosks run with it: the one that signs otherwise is thrown out, and its stake with it.");
    return "done";
  },
};

interface SealedKey {
  readonly file: Uint8Array;
  readonly passphrase: string;
  readonly key: Uint8Array;
}

async function sealedKey(kiosk: OwnKiosk, input: Input, io: Io): Promise<SealedKey> {
  const there = keyThere(kiosk.folder);
  if (there.type !== "bare" && there.type !== "sealed") throw refuseKey(there, kiosk.folder);
  const wish = input.text("backup-passphrase-file");
  const seal = async (seed: Uint8Array, own: string | undefined): Promise<SealedKey> => {
    const isAsked = wish !== undefined || own === undefined;
    const wanted = { what: "the backup", file: wish, option: "--backup-passphrase-file", isNew: true };
    const passphrase = isAsked ? await wantedPassphrase(wanted, io) : own;
    const file = sealKeystore(seed, passphrase, new Uint8Array(randomBytes(KEYSTORE_CHANCE_SIZE)));
    seed.fill(0);
    return { file, passphrase, key: there.type === "sealed" ? there.owner : there.pair.publicKey.bytes };
  };
  if (there.type === "bare") {
    const digits = Buffer.from(readPrivate(keyPath(kiosk.folder)) ?? []).toString("latin1");
    return seal(new Uint8Array(Buffer.from(digits.trim(), "hex")), undefined);
  }
  const what = keyPath(kiosk.folder);
  const named = input.text("passphrase-file") ?? kiosk.passphraseFile;
  const passphrase = await wantedPassphrase({ what, file: named, option: "--passphrase-file" }, io);
  const opened = openKeystore(there.file, passphrase);
  if (!opened.ok)
    throw new InputError("unsound", `${what}: ${KEYSTORE_WORDS[opened.why]}.`, "Another --passphrase-file.");
  return seal(opened.seed, passphrase);
}
