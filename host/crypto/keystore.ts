/**
 * A key at rest: 32 bytes under a passphrase. scrypt (RFC 7914) makes the passphrase dear to guess, and an authenticated cipher
 * keeps the seed; whose key it is stands outside, so that a kiosk knows its own name before anybody types.
 *
 * A checksum over all of it tells damage from a wrong passphrase, which the cipher alone cannot.
 */
import { createCipheriv, createDecipheriv, scryptSync } from "node:crypto";
import { bytes } from "../../protocol/bytes/blobs.ts";
import { decode, encode, type ValueOf } from "../../protocol/bytes/codec.ts";
import { struct } from "../../protocol/bytes/compound.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { byteUpTo, u8 } from "../../protocol/bytes/numbers.ts";
import { assert } from "../../protocol/core/assert.ts";
import { constant } from "../../protocol/message/constant.ts";
import { PublicKey } from "../../protocol/message/fields.ts";
import { domainDigest } from "./domain-digest.ts";
import { type KeyPair, keyPairFromSeed } from "./ed25519-keys.ts";
import { SEED_SIZE } from "./ed25519-sizes.ts";

/** Told by its first bytes, whatever comes after them in another version. */
const KeystoreBegin = struct("KeystoreBegin", { word: constant("hardway key"), version: u8 });

/** scrypt with N = 2^cost, r = 8, p = 1. */
const KeystoreHead = struct("KeystoreHead", {
  begin: KeystoreBegin,
  cost: byteUpTo(0xff),
  salt: bytes(16),
  nonce: bytes(12),
  owner: PublicKey,
});
type KeystoreHead = ValueOf<typeof KeystoreHead>;

const Keystore = struct("Keystore", { head: KeystoreHead, sealed: bytes(SEED_SIZE + 16), checksum: bytes(8) });

export const KEYSTORE_VERSION = 1;
export const KEYSTORE_SIZE = Keystore.sizeMax;
/** 64 MiB and 0.2 s: a Pi takes a second, once at each start. */
export const KEYSTORE_COST = 16;
/** A file that asks for more than 1 GiB is no key of ours; one that asks for next to nothing neither. */
const COST_MIN = 10;
const COST_MAX = 20;
/** Of the nonce and the salt, drawn by the caller. */
export const KEYSTORE_CHANCE_SIZE = 28;

export type OpenedKeystore =
  | { readonly ok: true; readonly seed: Uint8Array; readonly pair: KeyPair }
  | { readonly ok: false; readonly why: KeystoreFault };

export type KeystoreFault = "not a keystore" | "another version" | "damaged" | "wrong passphrase";

/** What a person reads, and what to do then. */
export const KEYSTORE_WORDS: { readonly [why in KeystoreFault]: string } = Object.freeze({
  "not a keystore": "this file is no key of this program",
  "another version": "this key was written by another version of this program: use that one, or a newer one",
  damaged: "this key is damaged: put its backup back",
  "wrong passphrase": "the passphrase is wrong: the key is whole, try again",
});

/** `random` is drawn for this one sealing and never used again. */
export function sealKeystore(
  seed: Uint8Array,
  passphrase: string,
  random: Uint8Array,
  cost: number = KEYSTORE_COST,
): Uint8Array {
  assert(seed.length === SEED_SIZE && random.length === KEYSTORE_CHANCE_SIZE, "a seed and its chance have their sizes");
  assert(cost >= COST_MIN && cost <= COST_MAX, "a passphrase is dear to guess, and not too dear to know");
  const head: KeystoreHead = {
    begin: { word: "hardway key", version: KEYSTORE_VERSION },
    ...{ cost, salt: random.slice(0, 16), nonce: random.slice(16) },
    owner: keyPairFromSeed(seed).publicKey.bytes,
  };
  const key = keyOf(passphrase, head);
  const cipher = createCipheriv("aes-256-gcm", key, head.nonce).setAAD(encode(KeystoreHead, head));
  const sealed = Buffer.concat([cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  const empty = { head, sealed: new Uint8Array(sealed), checksum: new Uint8Array(8) };
  return encode(Keystore, { ...empty, checksum: checksumOf(encode(Keystore, empty)) }).slice();
}

export function openKeystore(file: Uint8Array, passphrase: string): OpenedKeystore {
  const whole = readWhole(file);
  if (!whole.ok) return whole;
  const { head, sealed } = whole.keystore;
  const key = keyOf(passphrase, head);
  const opener = createDecipheriv("aes-256-gcm", key, head.nonce).setAAD(encode(KeystoreHead, head));
  key.fill(0);
  opener.setAuthTag(sealed.subarray(SEED_SIZE));
  const seed = new Uint8Array(opener.update(sealed.subarray(0, SEED_SIZE)));
  try {
    opener.final();
  } catch {
    seed.fill(0);
    return { ok: false, why: "wrong passphrase" };
  }
  const pair = keyPairFromSeed(seed);
  if (!bytesEqual(pair.publicKey.bytes, head.owner)) return { ok: false, why: "damaged" };
  return { ok: true, seed, pair };
}

/** Whose key it is, as the file says; it is proved when it is opened. */
export function ownerOf(file: Uint8Array): Uint8Array | undefined {
  const whole = readWhole(file);
  return whole.ok ? whole.keystore.head.owner.slice() : undefined;
}

type Whole =
  | { readonly ok: true; readonly keystore: ValueOf<typeof Keystore> }
  | { readonly ok: false; readonly why: KeystoreFault };

function readWhole(file: Uint8Array): Whole {
  const begin = decode(KeystoreBegin, file.subarray(0, KeystoreBegin.sizeMax));
  if (!begin.ok) return { ok: false, why: "not a keystore" };
  if (begin.value.version !== KEYSTORE_VERSION) return { ok: false, why: "another version" };
  const decoded = decode(Keystore, file);
  if (!decoded.ok) return { ok: false, why: "damaged" };
  const { head, checksum } = decoded.value;
  const blank = encode(Keystore, { ...decoded.value, checksum: new Uint8Array(8) });
  const isWhole = bytesEqual(checksumOf(blank), checksum) && head.cost >= COST_MIN && head.cost <= COST_MAX;
  return isWhole ? { ok: true, keystore: decoded.value } : { ok: false, why: "damaged" };
}

const checksumOf = (file: Uint8Array): Uint8Array => domainDigest("hardway keystore", file).slice(0, 8);

/** One passphrase has one spelling, however a keyboard composes its letters. */
function keyOf(passphrase: string, { salt, cost }: KeystoreHead): Buffer {
  const N = 2 ** cost;
  return scryptSync(passphrase.normalize("NFKC"), salt, 32, { N, r: 8, p: 1, maxmem: 256 * 8 * N });
}
