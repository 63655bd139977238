/**
 * Cryptography behind the engine's own ports. A signature is a keyed mix of the signed bytes: whoever has no secret cannot make
 * one, because the only function that knows the secret is handed to its owner alone. One table in two hundred runs on Ed25519
 * and SHA-256 instead.
 */

import { domainDigest } from "../../host/crypto/domain-digest.ts";
import { sign, verify } from "../../host/crypto/ed25519.ts";
import { importPublicKey, keyPairFromSeed, type PublicKey } from "../../host/crypto/ed25519-keys.ts";
import type { Ports } from "../../host/engine/ports.ts";
import { Writer } from "../../protocol/bytes/cursor.ts";
import { bytesEqual } from "../../protocol/bytes/equal.ts";
import { assert } from "../../protocol/core/assert.ts";
import { type Chance, draw32, drawBytes } from "../../protocol/core/chance.ts";
import { DIGEST_SIZE, PUBLIC_KEY_SIZE, SIGNATURE_SIZE } from "../../protocol/core/limits.ts";
import { HISTORY_DOMAIN, type Histories, note } from "./histories.ts";
import { absorb, type Lanes, squeeze, squeezes } from "./mixing.ts";

/** Several hundred statements before a new chunk is needed. */
const ROOM_SIZE = 65_536;

export interface Identity {
  readonly key: Uint8Array;
  /** With the one function that signs by this key. */
  readonly ports: Ports;
}

/** As many as there will ever be; in the order of their keys. */
export function identities(count: number, from: Chance, real: boolean, known: Histories): Identity[] {
  return real ? realIdentities(count, from, known) : keyedIdentities(count, from, known);
}

function keyedIdentities(count: number, from: Chance, known: Histories): Identity[] {
  const firsts = distinctBytes(count, from);
  const keys = firsts.map((first) => {
    const key = drawBytes(from, PUBLIC_KEY_SIZE);
    key[0] = first;
    return key;
  });
  const owners: (number | undefined)[] = [];
  keys.forEach((key, owner) => {
    owners[key[0]] = owner;
  });
  const secrets = keys.map((): Lanes => [draw32(from), draw32(from), draw32(from), draw32(from)]);
  const room = new Writer(ROOM_SIZE);
  const digest = digestWith(known, mixed());
  const check = (key: Uint8Array, signed: Uint8Array, signature: Uint8Array): boolean => {
    const owner = owners[key[0]];
    if (owner === undefined || signature.length !== SIGNATURE_SIZE) return false;
    if (keys[owner] !== key && !bytesEqual(keys[owner], key)) return false;
    absorb(secrets[owner], signed);
    return squeezes(signature);
  };
  return keys.map((key, owner) => {
    const secret = secrets[owner];
    const signs = (signed: Uint8Array): Uint8Array => {
      absorb(secret, signed);
      return squeeze(SIGNATURE_SIZE);
    };
    return { key, ports: { room, digest, sign: signs, verify: check } };
  });
}

function realIdentities(count: number, from: Chance, known: Histories): Identity[] {
  const firsts = distinctBytes(count, from);
  const digest = digestWith(known, domainDigest);
  const imported = new Map<string, PublicKey>();
  const keyOf = (bytes: Uint8Array): PublicKey => {
    const name = Buffer.from(bytes).toString("latin1");
    let key = imported.get(name);
    if (key === undefined) {
      const made = importPublicKey(bytes);
      assert(made.ok, "a member's key has its size");
      imported.set(name, (key = made.key));
    }
    return key;
  };
  const check: Ports["verify"] = (key, signed, signature) =>
    signature.length === SIGNATURE_SIZE && verify(keyOf(key), signed, signature);
  const made = firsts.map(() => {
    const pair = keyPairFromSeed(drawBytes(from, PUBLIC_KEY_SIZE));
    const signs: Ports["sign"] = (signed) => sign(pair.privateKey, signed);
    return { key: pair.publicKey.bytes, ports: { digest, sign: signs, verify: check } };
  });
  return made.sort((left, right) => Buffer.compare(left.key, right.key));
}

/** Histories are remembered on their way. */
function digestWith(known: Histories, hash: Ports["digest"]): Ports["digest"] {
  return (domain, bytes) => {
    const digest = hash(domain, bytes);
    if (domain === HISTORY_DOMAIN) note(known, digest, bytes);
    return digest;
  };
}

/** Any number of bytes that say what they are for. */
export function mixed(size = DIGEST_SIZE): Ports["digest"] {
  const starts = new Map<string, Lanes>();
  return (domain, bytes) => {
    let start = starts.get(domain);
    if (start === undefined) {
      absorb([1, 2, 3, 4], Buffer.from(domain));
      const lanes = squeeze(16);
      const view = new DataView(lanes.buffer);
      start = [view.getInt32(0), view.getInt32(4), view.getInt32(8), view.getInt32(12)];
      starts.set(domain, start);
    }
    absorb(start, bytes);
    return squeeze(size);
  };
}

/** Ascending, so that the keys that begin with them are. */
function distinctBytes(count: number, from: Chance): number[] {
  const taken: number[] = [];
  while (taken.length < count) {
    const value = draw32(from) & 0xff;
    if (!taken.includes(value)) taken.push(value);
  }
  return taken.sort((left, right) => left - right);
}
