/** A kiosk's two secrets in its backups: under a passphrase, or not in them. A backup is carried about on sticks, and lies where
 * nobody looks. */
import { randomBytes } from "node:crypto";
import { keyPairFromSeed } from "../crypto/ed25519-keys.ts";
import { KEYSTORE_CHANCE_SIZE, KEYSTORE_COST, ownerOf, sealKeystore } from "../crypto/keystore.ts";
import { readSecret } from "../secure/secret-text.ts";
import type { Standing } from "./manifest.ts";

export interface Kept {
  readonly standing: Standing;
  /** What lies in the backup. */
  readonly bytes: Uint8Array | undefined;
}

export interface KeptKey extends Kept {
  /** Whose key it is; undefined where there is none, or none that says so. */
  readonly owner: Uint8Array | undefined;
}

const NONE = Object.freeze({ standing: "none", bytes: undefined } as const);
const LEFT_OUT = Object.freeze({ standing: "left out", bytes: undefined } as const);

/** `file`: as it lies in the kiosk's folder. A keystore goes as it is, under the passphrase that it has. */
export function keepKey(file: Uint8Array | undefined, passphrase: string | undefined, cost = KEYSTORE_COST): KeptKey {
  if (file === undefined) return { ...NONE, owner: undefined };
  const seed = bareSeed(file);
  if (seed === undefined) {
    const owner = ownerOf(file);
    // A file that is no key at all may be anything.
    return owner === undefined
      ? { ...LEFT_OUT, owner }
      : { standing: "under a passphrase", bytes: file.slice(), owner };
  }
  const owner = keyPairFromSeed(seed).publicKey.bytes;
  return { ...sealed(seed, passphrase, cost), owner };
}

/** The table's: 32 bytes by chance as the key is, and so kept in the same way. */
export function keepSecret(text: string | undefined, passphrase: string | undefined, cost = KEYSTORE_COST): Kept {
  if (text === undefined) return NONE;
  const read = readSecret(text);
  return read.ok ? sealed(read.secret, passphrase, cost) : LEFT_OUT;
}

function sealed(bytes: Uint8Array, passphrase: string | undefined, cost: number): Kept {
  if (passphrase === undefined) return LEFT_OUT;
  const chance = new Uint8Array(randomBytes(KEYSTORE_CHANCE_SIZE));
  return { standing: "under a passphrase", bytes: sealKeystore(bytes, passphrase, chance, cost) };
}

/** Of a key without a passphrase, whose file holds its digits alone. */
export function bareSeed(file: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(file).toString("latin1").trim();
  return /^[0-9a-f]{64}$/.test(text) ? new Uint8Array(Buffer.from(text, "hex")) : undefined;
}
