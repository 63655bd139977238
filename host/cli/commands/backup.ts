/** `hardway backup`: a copy of all that a kiosk could not make anew, taken while it plays. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { KEPT_COUNT, KEPT_COUNT_MAX } from "../../backup/limits.ts";
import type { Manifest, Reason } from "../../backup/manifest.ts";
import { backupName, tooMany } from "../../backup/rotation.ts";
import { takeBackup } from "../../backup/take-backup.ts";
import { type Command, InputError, numberOption, UsageError } from "../command.ts";
import type { Io } from "../io.ts";
import { exitOfFault } from "../read-text.ts";
import { packageFacts } from "../version.ts";
import { type BackupSource, SOURCE_OPTIONS, sourceOf } from "./backup-source.ts";

export const backup: Command = {
  words: ["backup"],
  about: "Copies what a kiosk could not make anew into one file, also while it plays.",
  more: `Its journal, its table, its configuration; its key and the table's secret only under a passphrase.`,
  options: {
    ...SOURCE_OPTIONS,
    out: { value: "FILE", about: "where it goes; a file that is there is not written over" },
    to: { value: "FOLDER", about: "or a folder, where it gets a name of its own and the oldest of this kiosk go" },
    keep: { value: "N", default: String(KEPT_COUNT), about: "how many of this kiosk stay in that folder" },
    "passphrase-file": { value: "FILE", about: "its first line seals what is secret; else the configuration's" },
    scheduled: { about: "says in it that nobody asked for it" },
  },
  async run(input, io) {
    const keep = numberOption(input, "keep", 1, KEPT_COUNT_MAX);
    const [out, to] = [input.text("out"), input.text("to")];
    if ((out === undefined) === (to === undefined)) throw new UsageError("backup takes --out FILE or --to FOLDER");
    if (out !== undefined && existsSync(out)) {
      throw new InputError("failed", `${out} is there.`, "Choose another name: it is not written over.");
    }
    const made = await backUp(await sourceOf(input), {
      out,
      to,
      keep,
      why: input.flag("scheduled") ? "scheduled" : "asked for",
    });
    tell(made, io);
    return "done";
  },
};

export interface BackupPlace {
  readonly out: string | undefined;
  readonly to: string | undefined;
  readonly keep: number;
  readonly why: Reason;
}

export interface MadeBackup {
  readonly path: string;
  readonly size: number;
  readonly manifest: Manifest;
  /** Names of older ones that went. */
  readonly gone: readonly string[];
}

/** Whatever goes wrong is told as an input error. */
export async function backUp(source: BackupSource, { out, to, keep, why }: BackupPlace): Promise<MadeBackup> {
  const atMs = Date.now();
  const target = out ?? to ?? ".";
  try {
    mkdirSync(resolve(out === undefined ? target : dirname(target)), { recursive: true, mode: 0o700 });
    const order = { ...source, why, atMs, program: packageFacts().version, salt: randomBytes(4).readUInt32BE() };
    const taken = await takeBackup(order, ({ kiosk }) => out ?? join(target, backupName(kiosk, atMs)));
    if (!taken.ok) throw new InputError("failed", `${taken.why}.`, `${taken.next}.`);
    const gone = to === undefined ? [] : tooMany(readdirSync(to), backupName(taken.manifest.kiosk, atMs), keep);
    for (const name of gone) rmSync(join(target, name), { force: true });
    return { path: taken.path, size: taken.size, manifest: taken.manifest, gone };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (error instanceof InputError || code === undefined) throw error;
    throw new InputError(exitOfFault(message), `writing a backup to ${target}: ${message}.`, "Choose another place.");
  }
}

function tell({ path, size, manifest, gone }: MadeBackup, io: Io): void {
  if (io.json) io.record({ type: "backup", path, size, gone, ...manifest });
  io.out(`${path}: ${size} bytes, ${wordsOf(manifest)}.`);
  for (const line of bewareOf(manifest)) io.err(line);
  if (gone.length > 0) io.err(`Gone, being older: ${gone.join(", ")}.`);
}

export function wordsOf({ journal, kiosk, at }: Manifest): string {
  const whose = kiosk === null ? "a kiosk without a key" : `kiosk ${kiosk.slice(0, 8)}`;
  const records = journal === null ? "no journal" : `${journal.records} records of its journal`;
  return `${whose}, ${records}, of ${at}`;
}

export function bewareOf({ key, secret, journal, leftOut }: Manifest): string[] {
  const lines: string[] = [];
  const without = [
    ...(key === "left out" ? ["its key"] : []),
    ...(secret === "left out" ? ["the table's secret"] : []),
  ];
  if (without.length > 0) {
    const [verb, them] = without.length === 1 ? ["is", "it"] : ["are", "them"];
    lines.push(`Without a passphrase ${without.join(" and ")} ${verb} not in it; --passphrase-file seals ${them}.`);
  }
  if (journal !== null && journal.damage !== null) lines.push(`The journal is damaged: ${journal.damage}.`);
  if (leftOut.length > 0) lines.push(`Not in it: ${leftOut.join(", ")}.`);
  return lines;
}
