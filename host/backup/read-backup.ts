/** A backup, looked at before anything is made of it: whole, of this program, and what it says that it is. */
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { KEYSTORE_WORDS, type OpenedKeystore, openKeystore, ownerOf } from "../crypto/keystore.ts";
import { sha256 } from "../crypto/sha256.ts";
import { readArchive } from "./archive.ts";
import { judgeCopy } from "./copy-journal.ts";
import { type BackupName, MANIFEST_NAME, type Manifest, readManifest } from "./manifest.ts";
import type { Entry } from "./tar.ts";

export interface Backup {
  readonly manifest: Manifest;
  readonly files: { readonly [name in BackupName]?: Uint8Array };
  /** Opened, where there is one and a passphrase was given. */
  readonly secret: Uint8Array | undefined;
}

export type ReadBackup =
  | ({ readonly ok: true } & Backup)
  | { readonly ok: false; readonly why: string; readonly next: string };

/** `passphrase`: undefined where nothing in it is to be opened. Fails as the system does where there is no such file. */
export async function readBackup(path: string, passphrase: string | undefined): Promise<ReadBackup> {
  const archive = await readArchive(path);
  return archive.ok ? judgeBackup(archive.entries, passphrase) : bad(archive.why);
}

export function judgeBackup(entries: readonly Entry[], passphrase: string | undefined): ReadBackup {
  const [first, ...rest] = entries;
  const manifest = first?.name === MANIFEST_NAME ? readManifest(first.bytes) : undefined;
  if (manifest === undefined) return bad("it is no backup of a kiosk, or of another version of this program");
  const files: { [name in BackupName]?: Uint8Array } = {};
  for (const { name, size, sha256: digest } of manifest.files) {
    const entry = rest.find((each) => each.name === name);
    if (entry === undefined) return bad(`${name} is missing in it`);
    if (entry.bytes.length !== size || !bytesEqual(sha256(entry.bytes), unhex(digest))) {
      return bad(`${name} in it is not what was put there`);
    }
    files[name] = entry.bytes;
  }
  if (rest.length !== manifest.files.length) return bad("there is more in it than it says");
  const wrong = wrongIn(manifest, files);
  if (wrong !== undefined) return bad(wrong);
  return opened(manifest, files, passphrase);
}

/** What only a program that means ill, or one of another mind, would have written. */
function wrongIn(manifest: Manifest, files: Backup["files"]): string | undefined {
  if (files.journal !== undefined) {
    const copy = judgeCopy(files.journal);
    if (!copy.ok) return `the journal in it cannot be used: ${copy.why}`;
    if (copy.content.records.length !== manifest.journal?.records) return "the journal in it has another length";
  }
  if (files.key === undefined) return undefined;
  const owner = ownerOf(files.key);
  const isWhose = owner !== undefined && manifest.kiosk !== null && bytesEqual(owner, unhex(manifest.kiosk));
  return isWhose ? undefined : "the key in it is another kiosk's";
}

function opened(manifest: Manifest, files: Backup["files"], passphrase: string | undefined): ReadBackup {
  if (passphrase === undefined) return { ok: true, manifest, files, secret: undefined };
  const key = files.key === undefined ? undefined : openKeystore(files.key, passphrase);
  if (key?.ok === false) return closed("key", key);
  const secret = files.secret === undefined ? undefined : openKeystore(files.secret, passphrase);
  if (secret?.ok === false) return closed("secret", secret);
  return { ok: true, manifest, files, secret: secret?.seed };
}

const bad = (why: string): ReadBackup => ({ ok: false, why, next: "take another backup of that kiosk" });

function closed(name: string, { why }: OpenedKeystore & { ok: false }): ReadBackup {
  const next = why === "wrong passphrase" ? "another --passphrase-file" : "take another backup of that kiosk";
  return { ok: false, why: `its ${name}: ${KEYSTORE_WORDS[why]}`, next };
}

const unhex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));
