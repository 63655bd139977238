/** What nobody else may have or read: the table's secret, the key, and the identity that the key has paid for. */
import { existsSync, statSync } from "node:fs";
import { bytesEqual } from "../../../protocol/bytes/equal.ts";
import { KEYSTORE_WORDS, openKeystore } from "../../crypto/keystore.ts";
import { readPassphrase } from "../../node/passphrase-file.ts";
import { secretIn } from "../../node/secret-file.ts";
import { beware, type Check, failing, well } from "./doctor-check.ts";
import { identityScope, RECORD_AGE_WORDS, readRecord } from "./identity-record.ts";
import { fingerprint } from "./identity-words.ts";
import {
  fileWords,
  journalPath,
  type KeyThere,
  keyPath,
  keyThere,
  type OwnKiosk,
  publicKeyOf,
  secretPath,
  tableSecret,
} from "./own-kiosk.ts";

export function secretCheck(kiosk: OwnKiosk): Check {
  if (kiosk.config.table.secret === undefined) {
    const about = "none is set: without the table's secret no other kiosk gives this one a link";
    return failing("secret", "missing", about, `hardway init${fileWords(kiosk)}`);
  }
  const secret = tableSecret(kiosk);
  if (secret === undefined) {
    const about = "chance has not drawn it: whoever hears a radio could guess it";
    return failing(
      "secret",
      "unsound",
      about,
      `hardway init --new-secret${fileWords(kiosk)}, at every kiosk of the table`,
    );
  }
  const carried = carriedSecret(secretPath(kiosk.folder));
  if (carried !== undefined && !bytesEqual(carried, secret)) {
    const about = `${secretPath(kiosk.folder)} holds another one than the configuration`;
    return beware("secret", about, "Remove the one that is of another table.");
  }
  return well("secret", "set");
}

/** One that this user may not read is checked where it may be. */
function carriedSecret(path: string): Uint8Array | undefined {
  try {
    return secretIn(path);
  } catch {
    return undefined;
  }
}

export function keyCheck(kiosk: OwnKiosk): Check {
  const path = keyPath(kiosk.folder);
  const there = keyThere(kiosk.folder);
  switch (there.type) {
    case "none":
      if (existsSync(journalPath(kiosk.folder))) {
        const next = `hardway identity restore FILE --replace${fileWords(kiosk)}`;
        return failing("key", "missing", "it is gone, and the journal of what it signed is there", next);
      }
      return beware("key", "none yet; the first start makes one", `hardway init${fileWords(kiosk)}`);
    case "unfit":
      return failing("key", "unsound", there.why, `hardway identity restore FILE${fileWords(kiosk)}`);
    case "closed":
      return failing(
        "key",
        there.exit,
        there.why,
        "Call it as the user whose kiosk this is, or give that user the file.",
      );
    case "sealed":
      return sealedCheck(there, kiosk);
    case "bare":
      if (isOpenToOthers(path)) return openToOthers(path);
      return well("key", `${fingerprint(there.pair.publicKey.bytes)}, without a passphrase`);
  }
}

function sealedCheck({ file, owner }: KeyThere & { type: "sealed" }, kiosk: OwnKiosk): Check {
  const words = fingerprint(owner);
  if (kiosk.passphraseFile === undefined) {
    const about = `${words}, under a passphrase that a person types at each start`;
    return beware("key", about, `For a start without a person: hardway config set kiosk.passphrase_file FILE`);
  }
  const read = readPassphrase(kiosk.passphraseFile);
  if (!read.ok) return failing("key", "missing", read.why, "hardway config set kiosk.passphrase_file FILE");
  const opened = openKeystore(file, read.passphrase);
  if (!opened.ok) {
    const about = `${keyPath(kiosk.folder)}: ${KEYSTORE_WORDS[opened.why]}`;
    const next =
      opened.why === "wrong passphrase"
        ? `Correct the first line of ${kiosk.passphraseFile}.`
        : `hardway identity restore FILE --replace${fileWords(kiosk)}`;
    return failing("key", "unsound", about, next);
  }
  opened.seed.fill(0);
  if (isOpenToOthers(kiosk.passphraseFile)) return openToOthers(kiosk.passphraseFile);
  return well("key", `${words}, opened by ${kiosk.passphraseFile}`);
}

const isOpenToOthers = (path: string): boolean => existsSync(path) && (statSync(path).mode & 0o077) !== 0;

const openToOthers = (path: string): Check =>
  failing("key", "unsound", `others of this machine may read ${path}`, `chmod 600 ${path}`);

/** Undefined where there is nothing that it could be of. */
export async function identityCheck(kiosk: OwnKiosk, wallMs: number): Promise<Check | undefined> {
  const { folder } = kiosk;
  const key = publicKeyOf(keyThere(folder));
  const secret = tableSecret(kiosk);
  if (key === undefined || secret === undefined) return undefined;
  const next = `hardway identity mine${fileWords(kiosk)}`;
  const record = await readRecord({ folder, key, scope: identityScope(secret), wallMs });
  if (record.type === "none")
    return beware("identity", "none yet; a table to which this kiosk is new asks for one", next);
  if (record.type === "unfit") return beware("identity", `no good one: ${record.why}`, next);
  const about = `2^${record.difficultyBits} attempts, ${record.profile}, ${RECORD_AGE_WORDS[record.age]}`;
  return record.age === "fresh" ? well("identity", about) : beware("identity", about, next);
}
