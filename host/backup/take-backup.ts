/**
 * A backup of a kiosk, taken while it plays: its journal up to some moment, its key and its table's secret under a passphrase or
 * not at all, its table and its configuration, and the history that people look at. Of that what can be read goes along: nothing
 * depends on it.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import { KEYSTORE_COST } from "../crypto/keystore.ts";
import { sha256 } from "../crypto/sha256.ts";
import { DiskError } from "../storage/disk.ts";
import { fileDisk } from "../storage/file-disk.ts";
import { copyHistory } from "../storage/history/copy-history.ts";
import { ENDINGS } from "../storage/history/store.ts";
import { writeArchive } from "./archive.ts";
import { type CopiedJournal, copyJournal } from "./copy-journal.ts";
import {
  HISTORY_FILE,
  hasJournal,
  IDENTITY_FILE,
  JOURNAL_FOLDER,
  KEY_FILE,
  otherNames,
  SECRET_FILE,
  smallFile,
  TABLE_FILE,
} from "./kiosk-folder.ts";
import { LEFT_OUT_COUNT_MAX } from "./limits.ts";
import { type BackupName, MANIFEST_NAME, type Manifest, manifestBytes, type Reason } from "./manifest.ts";
import { keepKey, keepSecret } from "./secrets.ts";
import type { Entry } from "./tar.ts";

export interface BackupOrder {
  /** The kiosk's. */
  readonly folder: string;
  /** Without the secret that may stand in it; undefined where there is none. */
  readonly config: string | undefined;
  /** That secret, as its digits. */
  readonly secret: string | undefined;
  readonly passphrase: string | undefined;
  readonly why: Reason;
  readonly program: string;
  readonly atMs: number;
  /** 32 bits by chance. */
  readonly salt: number;
  /** Of what is put under the passphrase. */
  readonly cost?: number;
}

export type GatheredBackup =
  | { readonly ok: true; readonly manifest: Manifest; readonly entries: readonly Entry[] }
  | { readonly ok: false; readonly why: string; readonly next: string };

export type TakenBackup =
  | { readonly ok: true; readonly path: string; readonly size: number; readonly manifest: Manifest }
  | { readonly ok: false; readonly why: string; readonly next: string };

/** `pathOf`: where it goes, once it is known whose it is. Throws what the disk throws that it is written to. */
export async function takeBackup(order: BackupOrder, pathOf: (manifest: Manifest) => string): Promise<TakenBackup> {
  // Before the journal: what it lacks of it, the journal tells again.
  const history = await copyHistory(join(order.folder, HISTORY_FILE));
  const gathered = gatherBackup(order, history.ok ? history.value : undefined);
  if (!gathered.ok) return gathered;
  const { manifest, entries } = gathered;
  const path = pathOf(manifest);
  const size = await writeArchive(path, entries, order.atMs);
  return { ok: true, path, size, manifest };
}

export function gatherBackup(order: BackupOrder, history?: Uint8Array): GatheredBackup {
  const { folder, passphrase, cost = KEYSTORE_COST } = order;
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    return { ok: false, why: `there is no folder ${folder}`, next: "name the kiosk's folder with --at" };
  }
  const journal = hasJournal(folder) ? copyOf(join(folder, JOURNAL_FOLDER), order.salt) : undefined;
  if (journal?.ok === false && journal.why !== "none") return { ok: false, ...refusal(folder, journal) };
  const keyFile = smallFile(folder, KEY_FILE);
  if (journal?.ok !== true && keyFile === undefined) {
    return {
      ok: false,
      why: `${folder} is no kiosk's: it has no journal and no key`,
      next: "name another one with --at",
    };
  }
  const key = keepKey(keyFile, passphrase, cost);
  const secretFile = smallFile(folder, SECRET_FILE);
  const secretText = order.secret ?? (secretFile === undefined ? undefined : Buffer.from(secretFile).toString("utf8"));
  const secret = keepSecret(secretText, passphrase, cost);

  const contents: [BackupName, Uint8Array | undefined][] = [
    ["journal", journal?.ok ? journal.bytes : undefined],
    ["table.json", smallFile(folder, TABLE_FILE)],
    ["identity", smallFile(folder, IDENTITY_FILE)],
    ["config.yaml", order.config === undefined ? undefined : Buffer.from(order.config)],
    ["history.db", history],
    ["key", key.bytes],
    ["secret", secret.bytes],
  ];
  const entries = contents.flatMap(([name, bytes]) => (bytes === undefined ? [] : [{ name, bytes }]));
  const inIt = [JOURNAL_FOLDER, KEY_FILE, SECRET_FILE, TABLE_FILE, IDENTITY_FILE];
  // Its log is in it, its lock is nothing to keep; where it could not be copied, it is told of with the rest.
  if (history !== undefined) inIt.push(...[...ENDINGS, ".lock"].map((ending) => `${HISTORY_FILE}${ending}`));
  const manifest: Manifest = {
    ...{ kind: "hardway backup", version: 1, program: order.program, why: order.why },
    at: new Date(order.atMs).toISOString(),
    kiosk: key.owner === undefined ? null : hex(key.owner),
    ...{ key: key.standing, secret: secret.standing },
    journal: journal?.ok ? { records: journal.recordCount, damage: journal.damage ?? null } : null,
    files: entries.map(({ name, bytes }) => ({ name, size: bytes.length, sha256: hex(sha256(bytes)) })),
    leftOut: otherNames(folder, inIt).slice(0, LEFT_OUT_COUNT_MAX),
  };
  return { ok: true, manifest, entries: [{ name: MANIFEST_NAME, bytes: manifestBytes(manifest) }, ...entries] };
}

function copyOf(folder: string, salt: number): CopiedJournal {
  try {
    return copyJournal(fileDisk(folder), salt);
  } catch (error) {
    if (error instanceof DiskError) return { ok: false, why: "unreadable", damage: error.message };
    throw error;
  }
}

function refusal(folder: string, { why, damage }: CopiedJournal & { ok: false }): { why: string; next: string } {
  return why === "other version"
    ? { why: `another version of this program wrote the journal in ${folder}`, next: "use that one, or a newer one" }
    : { why: `nothing of the journal in ${folder} can be read: ${damage}`, next: "look after its disk" };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
