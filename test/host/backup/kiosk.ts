/** A kiosk's folder as one leaves it, with secrets that a test looks for. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keyPairFromSeed } from "../../../host/crypto/ed25519-keys.ts";
import { sealKeystore } from "../../../host/crypto/keystore.ts";
import { secretText } from "../../../host/secure/secret-text.ts";
import { fileDisk } from "../../../host/storage/file-disk.ts";
import { openJournal } from "../../../host/storage/journal/open-journal.ts";
import { assert } from "../../../protocol/core/assert.ts";

/** Of scrypt: cheap, for a passphrase that is no secret. */
export const COST = 10;
export const PASSPHRASE = "six dice in a row";
export const SEED = new Uint8Array(32).map((_, at) => (at * 37 + 11) & 0xff);
export const SECRET = new Uint8Array(32).map((_, at) => (at * 53 + 5) & 0xff);
export const OWNER = hex(keyPairFromSeed(SEED).publicKey.bytes);

export interface MadeKiosk {
  readonly folder: string;
  readonly records: readonly Uint8Array[];
}

export async function makeKiosk(options: { isSealed?: boolean; at?: string } = {}): Promise<MadeKiosk> {
  const folder = options.at ?? mkdtempSync(join(tmpdir(), "hardway-kiosk-"));
  mkdirSync(folder, { recursive: true });
  const key = options.isSealed
    ? sealKeystore(SEED, PASSPHRASE, new Uint8Array(28).fill(3), COST)
    : Buffer.from(`${hex(SEED)}\n`);
  writeFileSync(join(folder, "key"), key, { mode: 0o600 });
  writeFileSync(join(folder, "secret"), `${secretText(SECRET)}\n`, { mode: 0o600 });
  writeFileSync(join(folder, "table.json"), '{"table":"07","members":[]}\n');
  writeFileSync(join(folder, "identity"), "a proof of work");
  writeFileSync(join(folder, "history.sqlite"), "made anew from the journal");
  const opened = await openJournal(fileDisk(join(folder, "journal")));
  assert(opened.ok, "a new journal opens");
  const records = [1, 2, 3, 4, 5].map((number) => new Uint8Array(20 * number).fill(number));
  for (const record of records) opened.journal.append(record);
  await opened.journal.close();
  return { folder, records };
}

/** In every form in which a secret could lie about. */
export function formsOf(bytes: Uint8Array): string[] {
  const digits = hex(bytes);
  const base64 = Buffer.from(bytes).toString("base64");
  return [
    ...[digits, digits.toUpperCase(), secretText(bytes), base64.replace(/=+$/, "")],
    Buffer.from(bytes).toString("base64url"),
    Buffer.from(bytes).toString("latin1"),
  ];
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
