/**
 * A kiosk's own key on its disk, which its secret of the dice follows from: made at the first start, and read by nobody but this
 * user. Under a passphrase it is a keystore; without one it is what it is. A key that lay there without one is put under it.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type KeyPair, keyPairFromSeed } from "../crypto/ed25519-keys.ts";
import { SEED_SIZE } from "../crypto/ed25519-sizes.ts";
import { KEYSTORE_CHANCE_SIZE, KEYSTORE_COST, KEYSTORE_WORDS, openKeystore, sealKeystore } from "../crypto/keystore.ts";
import { diceSecretOf } from "../crypto/ristretto-keys.ts";
import { readPrivate, writePrivate } from "./private-file.ts";

export interface OwnKey {
  readonly pair: KeyPair;
  readonly diceSecret: Uint8Array;
}

export type ReadKey =
  | ({ readonly ok: true } & OwnKey)
  /** For people: what is wrong, and the next thing to try. */
  | { readonly ok: false; readonly why: string; readonly next: string };

const NAME = "key";

/** `cost`: of a keystore that is made. */
export function ownKey(folder: string, passphrase?: string, cost = KEYSTORE_COST): ReadKey {
  const path = join(folder, NAME);
  const file = readPrivate(path);
  if (file === undefined) {
    const seed = new Uint8Array(randomBytes(SEED_SIZE));
    keep(path, seed, passphrase, cost);
    return keysOf(seed);
  }
  const plain = plainSeed(file);
  if (plain !== undefined) {
    // Whoever had the file before has the key all the same: a card does not forget what was written over.
    if (passphrase !== undefined) keep(path, plain, passphrase, cost);
    return keysOf(plain);
  }
  const opened = openKeystore(file, passphrase ?? "");
  if (opened.ok) return keysOf(opened.seed);
  const { why } = opened;
  if (why === "wrong passphrase" && passphrase === undefined) {
    return { ok: false, why: `${path} is under a passphrase`, next: "name the file that holds it: --passphrase-file" };
  }
  const next = why === "wrong passphrase" ? "another --passphrase-file" : "its backup, or --reset for a new table";
  return { ok: false, why: `${path}: ${KEYSTORE_WORDS[why]}`, next };
}

function keep(path: string, seed: Uint8Array, passphrase: string | undefined, cost: number): void {
  const file =
    passphrase === undefined
      ? Buffer.from(`${Buffer.from(seed).toString("hex")}\n`)
      : sealKeystore(seed, passphrase, new Uint8Array(randomBytes(KEYSTORE_CHANCE_SIZE)), cost);
  writePrivate(path, file);
}

/** Of a file without a passphrase: its digits alone. */
function plainSeed(file: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(file).toString("latin1").trim();
  return /^[0-9a-f]{64}$/.test(text) ? new Uint8Array(Buffer.from(text, "hex")) : undefined;
}

const keysOf = (seed: Uint8Array): ReadKey => ({
  ...{ ok: true, pair: keyPairFromSeed(seed), diceSecret: diceSecretOf(seed) },
});
