/**
 * `hardway identity restore`: a key from its backup. A backup knows nothing of what the key has signed since, and whoever signs two
 * different things for one place in the order is thrown out with proof. So a key that may have sat at a table comes back with a
 * journal that says that it is lost: its kiosk listens and signs nothing until its table is well past what it may have signed.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { KEYSTORE_CHANCE_SIZE, KEYSTORE_WORDS, openKeystore, ownerOf, sealKeystore } from "../../crypto/keystore.ts";
import { readPrivate, writePrivate } from "../../node/private-file.ts";
import { fileDisk } from "../../storage/file-disk.ts";
import { asideName, fileName, namesOn } from "../../storage/journal/names.ts";
import { type Command, InputError, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { FILE_OPTION } from "./config-source.ts";
import { BACKUP_PASSPHRASE_OPTION } from "./identity-backup.ts";
import { recordPath, searchPath } from "./identity-record.ts";
import { fingerprint } from "./identity-words.ts";
import { fileWords, hex, journalPath, keyPath, keyThere, kioskAt, type OwnKiosk, publicKeyOf } from "./own-kiosk.ts";
import { passphraseIn, wantedPassphrase } from "./passphrase.ts";

export const identityRestore: Command = {
  words: ["identity", "restore"],
  takes: "FILE",
  about: "Puts a key back from its backup, and keeps it from signing twice what it has signed before.",
  more: `A backup does not know what was signed since. Be sure that no other kiosk runs with this key: two that do sign against each
other, and lose seat and stake. Where its old journal is still readable, carry the whole folder instead. Another key that lies
here is never written over: with --replace it is set aside, with its journal.`,
  options: {
    ...FILE_OPTION,
    ...BACKUP_PASSPHRASE_OPTION,
    replace: { about: "sets aside another key that lies here, with its journal and identity" },
    "never-signed": { about: "the key has never sat at a table, so that there is nothing that it could sign twice" },
  },
  async run(input, io) {
    if (input.operands.length !== 1) throw new UsageError("identity restore takes one FILE");
    const [path] = input.operands;
    const kiosk = await kioskAt(input, io);
    if (typeof kiosk === "string") return kiosk;
    const { folder } = kiosk;
    const backup = backupIn(path);
    const { file, seed, key } = await opened(backup, path, input.text("backup-passphrase-file"), kiosk, io);
    const words = fingerprint(key);
    const there = keyThere(folder);
    const present = publicKeyOf(there);
    if (present !== undefined && bytesEqual(present, key)) {
      if (io.json) io.record({ type: "there", folder, key: hex(key), words });
      io.out(`The key of ${words} is in ${folder} already; nothing was changed.`);
      return "done";
    }
    const isOccupied = there.type !== "none" || hasJournal(folder);
    if (isOccupied && !input.flag("replace")) {
      const whose = present === undefined ? "something that is no key" : `the key of ${fingerprint(present)}`;
      const what = there.type === "none" ? "a journal without a key" : whose;
      throw new InputError("mismatch", `${folder} holds ${what}; nothing was changed.`, "--replace sets it aside.");
    }
    notInUse(folder);
    const aside = isOccupied ? setAside(folder) : undefined;
    const neverSigned = input.flag("never-signed");
    if (!neverSigned) await markLost(folder);
    writePrivate(keyPath(folder), file(seed));
    seed.fill(0);
    if (io.json) io.record({ type: "restored", folder, key: hex(key), words, aside: aside ?? null, neverSigned });
    io.out(`${folder}: the key of ${words}.`);
    if (aside !== undefined) io.out(`What lay there before is in ${aside}.`);
    if (!neverSigned) {
      io.out("At its table it listens first, and signs when the others are well past all that it may have signed.");
    }
    io.err(
      "Beware: no other kiosk may run with this key. Two that do sign against each other, and lose seat and stake.",
    );
    io.out(`Next: hardway doctor${fileWords(kiosk)}`);
    return "done";
  },
};

function backupIn(path: string): Uint8Array {
  let file: Uint8Array | undefined;
  try {
    file = readPrivate(path);
  } catch (error) {
    throw new InputError("failed", `reading ${path}: ${(error as Error).message}.`, "Name a backup of a key.");
  }
  if (file === undefined) throw new InputError("missing", `there is no ${path}.`, "Name a backup of a key.");
  if (ownerOf(file) !== undefined) return file;
  const fault = openKeystore(file, "");
  const why = KEYSTORE_WORDS[fault.ok ? "damaged" : fault.why];
  throw new InputError("unsound", `${path}: ${why}.`, "Name another backup.");
}

interface OpenedBackup {
  readonly seed: Uint8Array;
  readonly key: Uint8Array;
  /** As it is to lie in the folder. */
  readonly file: (seed: Uint8Array) => Uint8Array;
}

/** Under the passphrase by which its kiosk starts, where that is another one. */
async function opened(
  backup: Uint8Array,
  path: string,
  passphraseFile: string | undefined,
  { passphraseFile: own }: OwnKiosk,
  io: Io,
): Promise<OpenedBackup> {
  const at = passphraseFile ?? (own !== undefined && existsSync(own) ? own : undefined);
  const passphrase = await wantedPassphrase({ what: path, file: at, option: "--backup-passphrase-file" }, io);
  const read = openKeystore(backup, passphrase);
  if (!read.ok) {
    throw new InputError("unsound", `${path}: ${KEYSTORE_WORDS[read.why]}.`, "Another --backup-passphrase-file.");
  }
  const kiosks = own === undefined ? passphrase : passphraseIn(own);
  const chance = new Uint8Array(randomBytes(KEYSTORE_CHANCE_SIZE));
  const file = (seed: Uint8Array) => (kiosks === passphrase ? backup : sealKeystore(seed, kiosks, chance));
  return { seed: read.seed, key: read.pair.publicKey.bytes, file };
}

const hasJournal = (folder: string): boolean => existsSync(journalPath(folder));

function notInUse(folder: string): void {
  if (!hasJournal(folder)) return;
  const disk = fileDisk(journalPath(folder));
  const holder = disk.lock();
  if (holder !== undefined) throw new InputError("busy", `${folder} is in use by ${holder}.`, "End that kiosk first.");
  disk.unlock();
}

/** Answers where it is now. */
function setAside(folder: string): string {
  const day = new Date().toISOString().slice(0, 10);
  let aside = join(folder, `replaced-${day}`);
  for (let count = 2; existsSync(aside); count++) aside = join(folder, `replaced-${day}-${count}`);
  mkdirSync(aside, { mode: 0o700 });
  for (const path of [keyPath(folder), journalPath(folder), recordPath(folder), searchPath(folder)]) {
    if (existsSync(path)) renameSync(path, join(aside, path.slice(folder.length + 1)));
  }
  return aside;
}

/** A journal's file that is set aside and followed by none: whoever opens it knows that there was more. */
async function markLost(folder: string): Promise<void> {
  const disk = fileDisk(journalPath(folder));
  if (namesOn(disk).aside.length > 0) return;
  disk.create(asideName(fileName(1))).close();
  await disk.syncDirectory();
}
