/** A kiosk's own key on its disk, which its secret of the dice follows from: made at the first start, and read by nobody but this
 * user. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type KeyPair, keyPairFromSeed } from "../crypto/ed25519-keys.ts";
import { SEED_SIZE } from "../crypto/ed25519-sizes.ts";
import { diceSecretOf } from "../crypto/ristretto-keys.ts";

export interface OwnKey {
  readonly pair: KeyPair;
  readonly diceSecret: Uint8Array;
}

const NAME = "key";

/** Undefined where the file is none that this program has written. */
export function ownKey(folder: string): OwnKey | undefined {
  const path = join(folder, NAME);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return make(folder, path);
  }
  const seed = new Uint8Array(Buffer.from(text.trim(), "hex"));
  return seed.length === SEED_SIZE ? keysOf(seed) : undefined;
}

/** It has its name when it is durable: a key that has signed something must not be another one after a power cut. */
function make(folder: string, path: string): OwnKey {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const seed = new Uint8Array(randomBytes(SEED_SIZE));
  const file = openSync(`${path}.new`, "w", 0o600);
  writeSync(file, `${Buffer.from(seed).toString("hex")}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  const directory = openSync(folder, "r");
  fsyncSync(directory);
  closeSync(directory);
  return keysOf(seed);
}

const keysOf = (seed: Uint8Array): OwnKey => ({ pair: keyPairFromSeed(seed), diceSecret: diceSecretOf(seed) });
